"""Ask a shelter's staff what is empty when their last word ages, take their answer, keep what the shelter chose for itself.

Never asks in its quiet hours, never more than `MOST` times without an answer, never changes a count that it does not understand.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, levels_used, set_deadline
from sos.shelters.codes import free_code
from sos.shelters.confirming import queries
from sos.shelters.confirming.answers import Counted, counts_of
from sos.shelters.confirming.errors import NoSuchQuestion
from sos.shelters.confirming.models import QuestionRow, SettingsRow
from sos.shelters.confirming.settings import ShelterSettings, opened, sealed
from sos.shelters.confirming.states import MOVES, Question
from sos.shelters.units.actions import Confirmed, Units
from sos.shelters.units.card import shelter_index
from sos.shelters.units.errors import Unclear
from sos.shelters.units.queries import confirmed_at
from sos.shelters.units.states import UnitKind

KIND: Final = "beds.nag"
MOST: Final = 4
"""Questions in a row without an answer: then a count is stale, and people call."""
ANSWERED_WITHIN: Final = timedelta(hours=24)
"""How long a question can be answered."""
_SETTINGS, _QUESTIONS = table_of(SettingsRow), table_of(QuestionRow)


class Asker(Protocol):
    """Writes to the staff of a shelter; returns on how many ways."""

    def question(self, unit: Unit, service_id: str, code: str, empty: Mapping[UnitKind, int]) -> int: ...


class Came(StrEnum):
    """What an answer came to."""

    CONFIRMED = "confirmed"
    UNCLEAR = "unclear"  #: nothing changed; an example is due, once
    UNCLEAR_AGAIN = "unclear_again"  #: nothing changed; the example was sent already
    ASKED_ANEW = "asked_anew"  #: the question was over: there is a new one


@dataclass(frozen=True, slots=True)
class Outcome:
    """`empty`: what stands now, by kind."""

    came: Came
    empty: Mapping[UnitKind, int]


class Confirming:
    """The writes about what is confirmed. `zone`: the wall clock of the quiet hours."""

    def __init__(
        self,
        place_key: Callable[[], bytes],
        units: Units,
        asker: Asker,
        audit: Audit,
        *,
        zone: Callable[[], ZoneInfo],
        chance: random.Random | None = None,
    ) -> None:
        self._place_key = place_key
        self._units = units
        self._asker = asker
        self._audit = audit
        self._zone = zone
        self._chance = chance or random.SystemRandom()

    def settings(self, conn: Connection, service_id: str) -> ShelterSettings:
        """What this shelter chose."""
        return queries.settings_of(conn, self._place_key(), service_id)

    def choose(self, unit: Unit, service_id: str, settings: ShelterSettings, *, by: str) -> None:
        """What holds for this shelter from now on; matching hears of a new half-life at once."""
        row = self._row(unit, service_id)
        unit.conn.execute(update(_SETTINGS).where(_SETTINGS.c.id == row).values(body=sealed(self._place_key(), row, service_id, settings)))
        self._units.tell_again(unit, service_id)
        self._plan(unit, row, service_id, settings)
        self._audit.record(unit, "shelter.settings", subject=row, actor=by)

    def watch(self, unit: Unit, service_id: str) -> None:
        """This shelter keeps units: from now on its staff are asked when their word ages."""
        self._plan(unit, self._row(unit, service_id), service_id, self.settings(unit.conn, service_id))

    def confirm(self, unit: Unit, service_id: str, counts: Mapping[UnitKind, int], *, by: str, via: str) -> Confirmed:
        """The staff said what stands empty; {}: still right. Open questions are answered by it. Raises Unclear, and then nothing has changed."""
        row = self._row(unit, service_id)
        confirmed = self._units.confirm(unit, service_id, counts, by=by, via=via)
        self._end_questions(unit, service_id, "answer")
        self._plan(unit, row, service_id, self.settings(unit.conn, service_id))
        return confirmed

    def answer(self, unit: Unit, service_id: str, code: str, said: Counted | None, *, by: str, via: str) -> Outcome:
        """An answer by its question's code. Raises NoSuchQuestion for a code that this shelter has not had within a day."""
        row = self._asked(unit, service_id, code)
        standing = self._units.empty(unit, service_id)
        if row.state != Question.OPEN.value:
            if not self._is_asked(unit, service_id):
                self.ask(unit, service_id)
            return Outcome(Came.ASKED_ANEW, standing)
        counts = counts_of(said, standing) if said is not None else None
        if counts is not None:
            try:
                with unit.savepoint():
                    return Outcome(Came.CONFIRMED, self.confirm(unit, service_id, counts, by=by, via=via).empty)
            except Unclear:
                pass  # a count that cannot be: asked again like an unclear one
        unit.conn.execute(update(_QUESTIONS).where(_QUESTIONS.c.id == row.id).values(asked_again=True))
        return Outcome(Came.UNCLEAR_AGAIN if row.asked_again else Came.UNCLEAR, standing)

    def ask(self, unit: Unit, service_id: str) -> int:
        """Ask now; an earlier question is over. Returns on how many ways it left."""
        key, row = self._place_key(), new_id()
        self._end_questions(unit, service_id, "end")
        shelter = shelter_index(key, service_id)
        code = free_code(unit.conn, shelter, self._chance)
        values = {"id": row, "shelter": shelter, "code": code, "state": Question.OPEN.value}
        unit.conn.execute(insert(_QUESTIONS), values | {"asked_at": unit.now, "asked_again": False})
        self._audit.record(unit, "beds.asked", subject=row)
        return self._asker.question(unit, service_id, code, self._units.empty(unit, service_id))

    def fire(self, unit: Unit, due: Due) -> None:
        """Its word is old: ask, unless it was renewed meanwhile, or the quiet hours have come."""
        found = unit.conn.execute(select(_SETTINGS).where(_SETTINGS.c.id == due.subject)).one_or_none()
        if found is None:
            return
        service_id, settings = opened(self._place_key(), found.id, found.body)
        at = confirmed_at(unit.conn, self._place_key(), service_id)
        is_old = at is None or unit.now >= at + timedelta(hours=settings.fresh_hours)
        if is_old and settings.loud(unit.now, self._zone()) == unit.now:
            self.ask(unit, service_id)
        self._plan(unit, found.id, service_id, settings)

    def _plan(self, unit: Unit, row: str, service_id: str, settings: ShelterSettings) -> None:
        """The next question: a half-life after the last word or the last question, whichever is later; none after `MOST` in vain."""
        cancel(unit, kind=KIND, subject=row)
        if self._unanswered(unit, service_id) >= MOST:
            return
        moments = [one for one in (confirmed_at(unit.conn, self._place_key(), service_id), self._last_asked(unit, service_id)) if one]
        due = max(moments, default=unit.now) + timedelta(hours=settings.fresh_hours)
        due = settings.loud(max(due, unit.now), self._zone())
        set_deadline(unit, kind=KIND, subject=row, due=due, level=levels_used(unit, kind=KIND, subject=row))

    def _row(self, unit: Unit, service_id: str) -> str:
        """The id of its settings, made where there are none."""
        key = self._place_key()
        shelter = shelter_index(key, service_id)
        found: str | None = unit.conn.execute(select(_SETTINGS.c.id).where(_SETTINGS.c.shelter == shelter)).scalar()
        if found is None:
            found = new_id()
            body = sealed(key, found, service_id, ShelterSettings())
            unit.conn.execute(insert(_SETTINGS), {"id": found, "shelter": shelter, "body": body})
        return found

    def _asked(self, unit: Unit, service_id: str, code: str) -> Row[Any]:
        mine = _QUESTIONS.c.shelter == shelter_index(self._place_key(), service_id)
        wanted = select(_QUESTIONS).where(mine, _QUESTIONS.c.code == code, _QUESTIONS.c.asked_at > unit.now - ANSWERED_WITHIN)
        row = unit.conn.execute(wanted.order_by(_QUESTIONS.c.asked_at.desc()).limit(1).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchQuestion("there is none")
        return row

    def _is_asked(self, unit: Unit, service_id: str) -> bool:
        mine = _QUESTIONS.c.shelter == shelter_index(self._place_key(), service_id)
        return unit.conn.execute(select(_QUESTIONS.c.id).where(mine, _QUESTIONS.c.state == Question.OPEN.value)).first() is not None

    def _last_asked(self, unit: Unit, service_id: str) -> datetime | None:
        mine = _QUESTIONS.c.shelter == shelter_index(self._place_key(), service_id)
        found: datetime | None = unit.conn.execute(select(func.max(_QUESTIONS.c.asked_at)).where(mine)).scalar()
        return found

    def _unanswered(self, unit: Unit, service_id: str) -> int:
        """Questions since the last word."""
        key = self._place_key()
        mine = select(func.count()).select_from(_QUESTIONS).where(_QUESTIONS.c.shelter == shelter_index(key, service_id))
        at = confirmed_at(unit.conn, key, service_id)
        return int(unit.conn.execute(mine.where(_QUESTIONS.c.asked_at > at) if at else mine).scalar_one())

    def _end_questions(self, unit: Unit, service_id: str, how: str) -> None:
        mine = _QUESTIONS.c.shelter == shelter_index(self._place_key(), service_id)
        ended = update(_QUESTIONS).where(mine, _QUESTIONS.c.state == Question.OPEN.value)
        unit.conn.execute(ended.values(state=MOVES.after(Question.OPEN, how).value))
