"""Give a questionnaire and read what was given. It may raise an alert's urgency; it never closes, lowers or moves an alert.

Only a member with a training that is good today sees questions or results; a survivor never sees a score.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Row, insert, select

from sos.alerts.book import Book
from sos.alerts.risk import training
from sos.alerts.risk.errors import NoSuchQuestionnaire, NotTrained
from sos.alerts.risk.models import RiskAnswerRow
from sos.alerts.risk.questionnaire import Questionnaire, Questionnaires
from sos.alerts.risk.scoring import Result, score
from sos.alerts.states import FINAL
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.encryption import CannotOpen
from sos.survivors.actions import Survivors
from sos.survivors.keys import KeyGone, PersonKey

REASON = "risk_answers"
_ANSWERS = table_of(RiskAnswerRow)


class About(StrEnum):
    """Whose key seals the answers."""

    ALERT = "alert"
    SURVIVOR = "survivor"


class Raises(Protocol):
    """Gives an alert one more reason of urgency."""

    def raise_urgency(self, unit: Unit, alert_id: str, why: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Given:
    """A questionnaire as it was given, with the words it had then. `answers`: (question, answer), skipped ones with an empty answer."""

    id: str
    at: datetime
    by: str
    questionnaire: str
    version: str
    title: str = field(repr=False)
    points: int = field(repr=False)
    band: str = field(repr=False)
    advice: str = field(repr=False)
    reasons: tuple[str, ...] = field(repr=False)
    answers: tuple[tuple[str, str], ...] = field(repr=False)


class Risk:
    """The writes of this part of the room."""

    def __init__(self, questionnaires: Questionnaires, book: Book, survivors: Survivors, alerts: Raises, audit: Audit) -> None:
        self.questionnaires = questionnaires
        self._book = book
        self._survivors = survivors
        self._alerts = alerts
        self._audit = audit

    def questions(self, unit: Unit, *, slug: str, by: str) -> Questionnaire:
        """The newest version, for a trained member. Raises NoSuchQuestionnaire, NotTrained."""
        today = unit.now.date()
        found = self.questionnaires.current(today).get(slug)
        if found is None:
            raise NoSuchQuestionnaire
        if not training.is_trained(unit.conn, by, slug, today):
            raise NotTrained
        return found

    def give_for_alert(self, unit: Unit, *, alert_id: str, slug: str, by: str, answers: Mapping[str, str]) -> Result:
        """Keep the answers under the alert's key; a band that raises gives an open alert one more reason.

        Raises NotTrained, NoSuchQuestionnaire, NoSuchAnswer, and sos.alerts.errors.NoSuchAlert where the case is not for this member.
        """
        asked = self.questions(unit, slug=slug, by=by)
        row = self._book.row_for(unit, alert_id, by)
        result = score(asked, answers)
        self._keep(unit, asked, answers, result, about=About.ALERT, subject=alert_id, key=self._book.key(row), by=by)
        if result.raises and row.state not in {state.value for state in FINAL}:
            self._alerts.raise_urgency(unit, alert_id, REASON)
        return result

    def give_for_survivor(self, unit: Unit, *, survivor_id: str, slug: str, by: str, answers: Mapping[str, str]) -> Result:
        """Keep the answers under her own key, where nothing is open. Raises as above, and KeyGone when she was forgotten."""
        asked = self.questions(unit, slug=slug, by=by)
        result = score(asked, answers)
        key = self._survivors.key_of(unit, survivor_id)
        self._keep(unit, asked, answers, result, about=About.SURVIVOR, subject=survivor_id, key=key, by=by)
        return result

    def given(self, unit: Unit, *, about: About, subject: str, by: str) -> list[Given]:
        """What was given before, newest first, of the questionnaires this member is trained for; the reading is audited."""
        may = training.trained_for(unit.conn, by, unit.now.date())
        key = self._key(unit, about, subject, by)
        if key is None or not may:
            return []
        mine = select(_ANSWERS).where(
            _ANSWERS.c.about == about.value, _ANSWERS.c.subject == subject, _ANSWERS.c.questionnaire.in_(sorted(may))
        )
        rows = unit.conn.execute(mine.order_by(_ANSWERS.c.at.desc(), _ANSWERS.c.id)).all()
        if rows:
            self._audit.record(unit, "risk.read", subject=subject, actor=by)
        return [found for row in rows if (found := _opened(row, key)) is not None]

    def _key(self, unit: Unit, about: About, subject: str, by: str) -> PersonKey | None:
        if about is About.ALERT:
            return self._book.key(self._book.row_for(unit, subject, by))
        try:
            return self._survivors.key_of(unit, subject)
        except KeyGone:
            return None

    def _keep(
        self,
        unit: Unit,
        asked: Questionnaire,
        answers: Mapping[str, str],
        result: Result,
        *,
        about: About,
        subject: str,
        key: PersonKey | None,
        by: str,
    ) -> None:
        row = new_id()
        body = json.dumps(_written(asked, answers, result), ensure_ascii=False).encode()
        values = {
            "id": row,
            "about": about.value,
            "subject": subject,
            "questionnaire": asked.slug,
            "version": asked.version,
            "given_by": by,
            "at": unit.now,
            "body": key.seal(body, table="risk_answers", column="body", row=row) if key else None,
        }
        unit.conn.execute(insert(_ANSWERS).values(values))
        self._audit.record(unit, "risk.given", subject=subject, actor=by)


def _written(asked: Questionnaire, answers: Mapping[str, str], result: Result) -> dict[str, Any]:
    """With its words, so that it can be read when the file says something else."""
    labels = {(question.id, answer.code): answer.label for question in asked.questions for answer in question.answers}
    return {
        "title": asked.title,
        "points": result.points,
        "band": result.band.name,
        "advice": result.band.advice,
        "reasons": list(result.reasons),
        "answers": [[question.text, labels.get((question.id, answers.get(question.id, "")), "")] for question in asked.questions],
    }


def _opened(row: Row[Any], key: PersonKey) -> Given | None:
    if row.body is None:
        return None
    try:
        body = json.loads(key.open(row.body, table="risk_answers", column="body", row=row.id))
    except CannotOpen:
        return None
    pairs = tuple((question, answer) for question, answer in body.pop("answers"))
    return Given(
        id=row.id,
        at=row.at,
        by=row.given_by,
        questionnaire=row.questionnaire,
        version=row.version,
        **{**body, "reasons": tuple(body["reasons"])},
        answers=pairs,
    )
