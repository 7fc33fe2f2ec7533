"""Hold, agree, take up, let go. Under any race a unit is held once: the unit's own state is moved by compare-and-set, never by a count.

A hold that ends frees its unit in the same transaction. A mark from her device never ends a hold: only a person, the shelter, or its time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved, move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, levels_used, set_deadline
from sos.shelters.holds.errors import NoneFree, NoSuchHold
from sos.shelters.holds.models import HoldRow
from sos.shelters.holds.states import MOVES, OPEN, Hold
from sos.shelters.units.actions import Units
from sos.shelters.units.queries import kept
from sos.shelters.units.states import UnitKind, UnitState

KIND: Final = "hold.lapse"
_HOLDS = table_of(HoldRow)
_UNIT_MOVE: Final = {Hold.TAKEN_UP: "occupy", Hold.RELEASED: "let_go", Hold.LAPSED: "let_go", Hold.DECLINED: "let_go"}


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """What a hold is sought for. Needs of the room only: never who she is."""

    kind: UnitKind
    beds: int = 1
    step_free: bool = False
    boy_age: int | None = None
    pets: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A hold that was made."""

    id: str
    unit_id: str
    state: Hold
    until: datetime


class Holds:
    """The writes about holds."""

    def __init__(
        self, place_key: Callable[[], bytes], units: Units, audit: Audit, ended: Callable[[Unit], None] = lambda _unit: None
    ) -> None:
        """`ended`: runs in the transaction in which a hold ended, however it did; it is not told which."""
        self._place_key = place_key
        self._units = units
        self._audit = audit
        self._ended = ended

    def hold(
        self, unit: Unit, service_id: str, need: UnitNeed, *, case: str, until: datetime, by: str, subject_to_gatekeeper: bool = False
    ) -> Held:
        """Hold one free unit that suits. `until`: aware, in the future. Raises NoneFree.

        A unit that another hand takes at this moment is passed over for the next one.
        """
        if until <= unit.now:
            raise ValueError("a hold ends in the future")
        today = self._units.today(unit)
        for one in kept(unit.conn, self._place_key(), service_id):
            suits = one.card.kind is need.kind and one.card.suits(
                boy_age=need.boy_age, step_free=need.step_free, pets=need.pets, beds=need.beds
            )
            if one.state is not UnitState.FREE or not suits or not one.card.open_at(today):
                continue
            try:
                with unit.savepoint():
                    self._units.move(unit, one.id, UnitState.FREE, "hold")
            except AlreadyMoved:
                continue
            return self._made(unit, one.id, case=case, until=until, by=by, subject=subject_to_gatekeeper)
        raise NoneFree("no unit that suits is free")

    def _made(self, unit: Unit, unit_id: str, *, case: str, until: datetime, by: str, subject: bool) -> Held:
        hold, state = new_id(), Hold.SUBJECT if subject else Hold.HELD
        values = {"id": hold, "unit_id": unit_id, "case_ref": case, "state": state.value, "until": until}
        unit.conn.execute(insert(_HOLDS), values | {"made_at": unit.now, "made_by": by})
        set_deadline(unit, kind=KIND, subject=hold, due=until)
        self._audit.record(unit, "hold.made", subject=hold, actor=by)
        return Held(hold, unit_id, state, until)

    def prolong(self, unit: Unit, hold_id: str, *, until: datetime, by: str) -> bool:
        """Keep it longer; False where it has ended meanwhile, or lasts so long already."""
        still = _HOLDS.c.state.in_([state.value for state in OPEN])
        longer = update(_HOLDS).where(_HOLDS.c.id == hold_id, still, _HOLDS.c.until < until).values(until=until)
        if unit.conn.execute(longer).rowcount != 1:
            return False
        cancel(unit, kind=KIND, subject=hold_id)
        set_deadline(unit, kind=KIND, subject=hold_id, due=until, level=levels_used(unit, kind=KIND, subject=hold_id))
        self._audit.record(unit, "hold.prolonged", subject=hold_id, actor=by)
        return True

    def agree(self, unit: Unit, hold_id: str, *, by: str) -> None:
        """The gatekeeper agreed. Raises NoSuchHold, AlreadyMoved, IllegalMove."""
        self._move(unit, hold_id, "agree", by)

    def take_up(self, unit: Unit, hold_id: str, *, by: str) -> None:
        """She has arrived: the unit is occupied. Raises NoSuchHold, AlreadyMoved, IllegalMove."""
        self._move(unit, hold_id, "take_up", by)

    def release(self, unit: Unit, hold_id: str, *, by: str) -> None:
        """Not needed any more. Raises NoSuchHold, AlreadyMoved, IllegalMove."""
        self._move(unit, hold_id, "release", by)

    def release_if_open(self, unit: Unit, hold_id: str, *, by: str) -> None:
        """As `release`; a hold that ended already stays as it ended."""
        state = unit.conn.execute(select(_HOLDS.c.state).where(_HOLDS.c.id == hold_id)).scalar()
        if state is not None and "release" in MOVES.moves[Hold(state)]:
            self._move(unit, hold_id, "release", by)

    def decline(self, unit: Unit, hold_id: str, *, by: str) -> None:
        """The shelter or the gatekeeper said no. Raises NoSuchHold, AlreadyMoved, IllegalMove."""
        self._move(unit, hold_id, "decline", by)

    def fire(self, unit: Unit, due: Due) -> None:
        """Its time ended: the unit is free in the same transaction. A hold that ended otherwise stays as it is."""
        row = unit.conn.execute(select(_HOLDS.c.state, _HOLDS.c.until).where(_HOLDS.c.id == due.subject)).one_or_none()
        if row is not None and row.state in (Hold.HELD.value, Hold.SUBJECT.value) and row.until <= unit.now:
            self._move(unit, due.subject, "lapse", "system")

    def _move(self, unit: Unit, hold_id: str, how: str, by: str) -> None:
        row = unit.conn.execute(select(_HOLDS).where(_HOLDS.c.id == hold_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchHold("there is no such hold")
        new = MOVES.after(Hold(row.state), how)
        ended = None if how == "agree" else unit.now
        changed = update(_HOLDS).where(_HOLDS.c.id == hold_id, _HOLDS.c.state == row.state)
        move(unit.conn, changed.values(state=new.value, ended_at=ended))
        if new in _UNIT_MOVE:
            self._units.move(unit, row.unit_id, UnitState.HELD, _UNIT_MOVE[new])
            cancel(unit, kind=KIND, subject=hold_id)
            self._ended(unit)
        self._audit.record(unit, f"hold.{new.value}", subject=hold_id, actor=by)
