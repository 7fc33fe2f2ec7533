"""Begin an assessment, keep and take back answers. Every question is optional; what asks about safety waits until she is alone.

Changes no alert and no urgency: it lists needs. Counted only where she agreed. A household and a person whom the hotline meets are never
kept on one record.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sos.assessments.errors import NoSuchAnswer, NoSuchAssessment, NotAlone, OtherProgramme
from sos.assessments.models import AssessmentRow
from sos.assessments.questionnaires import Programme, Questionnaire, Questionnaires
from sos.assessments.results import Result, result
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.survivors.actions import Survivors
from sos.survivors.keys import PersonKey

_ROWS = table_of(AssessmentRow)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment, opened."""

    id: str
    survivor_id: str
    questionnaire: Questionnaire = field(repr=False)
    answers: Mapping[str, str] = field(repr=False)
    alone: bool
    counted: bool
    by: str
    begun_at: datetime

    @property
    def result(self) -> Result:
        return result(self.questionnaire, self.answers)


class Assessments:
    """The writes and reads of this room; each read is audited."""

    def __init__(
        self,
        survivors: Survivors,
        questionnaires: Callable[[], Questionnaires],
        audit: Audit,
        *,
        protected: Callable[[Connection, str], bool] = lambda _, __: False,
    ) -> None:
        """`protected`: whether the hotline has met this person: then no household is assessed on her record."""
        self._protected = protected
        self._survivors = survivors
        self._questionnaires = questionnaires
        self._audit = audit

    def begin(self, unit: Unit, *, survivor_id: str, slug: str, by: str, counted: bool = False) -> str:
        """Begin with the newest version. `counted`: she said yes to being counted. Raises NoSuchAssessment, OtherProgramme, KeyGone."""
        questionnaire = self._questionnaires().newest.get(slug)
        if questionnaire is None:
            raise NoSuchAssessment("there is no such questionnaire")
        if slug not in {one.slug for one in self.possible(unit.conn, survivor_id)}:
            raise OtherProgramme("a household and a person have records of their own")
        key, row = self._survivors.key_of(unit, survivor_id), new_id()
        values = {"id": row, "survivor_id": survivor_id, "slug": slug, "version": questionnaire.version, "by": by, "counted": counted}
        unit.conn.execute(
            insert(_ROWS), values | {"begun_at": unit.now, "changed_at": unit.now, "body": _sealed(key, row, {}, alone=False)}
        )
        self._audit.record(unit, "assessment.begun", subject=row, actor=by)
        return row

    def possible(self, conn: Connection, survivor_id: str) -> list[Questionnaire]:
        """The newest questionnaires of the programme that this record belongs to; of both where it belongs to none yet."""
        slugs = set(conn.execute(select(_ROWS.c.slug).where(_ROWS.c.survivor_id == survivor_id)).scalars())
        newest = self._questionnaires().newest
        programmes = {newest[slug].programme for slug in slugs if slug in newest}
        if not programmes and self._protected(conn, survivor_id):
            programmes = {Programme.PROTECTION}
        return [one for one in newest.values() if not programmes or one.programme in programmes]

    def alone(self, unit: Unit, assessment_id: str, *, alone: bool, by: str) -> None:
        """She said whether she is alone now. Raises NoSuchAssessment, KeyGone."""
        row, key, answers, _ = self._opened(unit, assessment_id)
        self._keep(unit, row, key, answers, alone=alone, by=by)

    def answer(self, unit: Unit, assessment_id: str, question: str, code: str | None, *, by: str) -> None:
        """Keep an answer; None takes it back. Raises NoSuchAnswer, NotAlone, NoSuchAssessment, KeyGone."""
        row, key, answers, alone = self._opened(unit, assessment_id)
        asked = self._questionnaires().of(row.slug, row.version).question(question)
        if asked is None or (code is not None and asked.answer(code) is None):
            raise NoSuchAnswer(question)
        if asked.safety and code is not None and not alone:
            raise NotAlone("ask first whether she is alone now")
        kept = {name: said for name, said in answers.items() if name != question} | ({question: code} if code else {})
        self._keep(unit, row, key, kept, alone=alone, by=by)

    def open(self, unit: Unit, assessment_id: str, *, by: str) -> Assessed:
        """What was answered. Raises NoSuchAssessment, KeyGone."""
        row, _, answers, alone = self._opened(unit, assessment_id)
        self._audit.record(unit, "assessment.read", subject=row.id, actor=by)
        questionnaire = self._questionnaires().of(row.slug, row.version)
        return Assessed(row.id, row.survivor_id, questionnaire, answers, alone, row.counted, row.by, row.begun_at)

    def of(self, unit: Unit, survivor_id: str) -> list[tuple[str, str, datetime]]:
        """(id, slug, begun) of her assessments, newest first."""
        wanted = select(_ROWS.c.id, _ROWS.c.slug, _ROWS.c.begun_at).where(_ROWS.c.survivor_id == survivor_id)
        return [(row.id, row.slug, row.begun_at) for row in unit.conn.execute(wanted.order_by(_ROWS.c.begun_at.desc(), _ROWS.c.id))]

    def count_her(self, unit: Unit, assessment_id: str, *, counted: bool, by: str) -> None:
        """She agreed to be counted, or takes it back. Raises NoSuchAssessment."""
        changed = update(_ROWS).where(_ROWS.c.id == assessment_id).values(counted=counted)
        if unit.conn.execute(changed).rowcount != 1:
            raise NoSuchAssessment("there is none")
        self._audit.record(unit, "assessment.counted" if counted else "assessment.uncounted", subject=assessment_id, actor=by)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Nothing of hers stays."""
        unit.conn.execute(delete(_ROWS).where(_ROWS.c.survivor_id == survivor_id))

    def _opened(self, unit: Unit, assessment_id: str) -> tuple[Row[Any], PersonKey, dict[str, str], bool]:
        row = unit.conn.execute(select(_ROWS).where(_ROWS.c.id == assessment_id).with_for_update()).one_or_none()
        if row is None or row.body is None:
            raise NoSuchAssessment("there is none")
        key = self._survivors.key_of(unit, row.survivor_id)
        plain = json.loads(key.open(row.body, table="assessments", column="body", row=row.id))
        return row, key, plain["answers"], plain["alone"]

    def _keep(self, unit: Unit, row: Row[Any], key: PersonKey, answers: Mapping[str, str], *, alone: bool, by: str) -> None:
        values = {"body": _sealed(key, row.id, answers, alone=alone), "changed_at": unit.now}
        unit.conn.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(values))
        self._audit.record(unit, "assessment.changed", subject=row.id, actor=by)


def _sealed(key: PersonKey, row: str, answers: Mapping[str, str], *, alone: bool) -> bytes:
    return key.seal(json.dumps({"answers": dict(answers), "alone": alone}).encode(), table="assessments", column="body", row=row)
