"""Open, change and confirm units. Never moves a unit that is held without its hold; never guesses which unit a count means."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.directory import actions as directory
from sos.directory.entries import CapacityEntry
from sos.encryption import seal
from sos.shelters.actions import Vault
from sos.shelters.units.card import UnitCard, sealed_card, shelter_index
from sos.shelters.units.errors import NoSuchUnit, Unclear
from sos.shelters.units.models import ConfirmationRow, UnitMoveRow, UnitRow
from sos.shelters.units.queries import Kept, kept, last_confirmed
from sos.shelters.units.states import MOVES, UnitKind, UnitState

_UNITS, _MOVES_OF = table_of(UnitRow), table_of(UnitMoveRow)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the counts are now, by kind: empty units, held ones among them."""

    empty: Mapping[UnitKind, int]


class Units:
    """The writes about units. `today`: the day on the wall clock where shelters stand; `fresh_hours`: a shelter's own half-life."""

    def __init__(
        self,
        place_key: Callable[[], bytes],
        vault: Callable[[], Vault],
        audit: Audit,
        *,
        today: Callable[[Unit], date],
        fresh_hours: Callable[[Connection, str], float | None] = lambda _conn, _service_id: None,
    ) -> None:
        self._place_key = place_key
        self._vault = vault
        self._audit = audit
        self.today = today
        self._fresh_hours = fresh_hours

    def add(self, unit: Unit, service_id: str, card: UnitCard, *, by: str) -> str:
        """A new unit, free; returns its id."""
        key, row = self._place_key(), new_id()
        values = {"id": row, "shelter": shelter_index(key, service_id), "card": sealed_card(key, row, card)}
        unit.conn.execute(insert(_UNITS), values | {"state": UnitState.FREE.value, "changed_at": unit.now})
        self._moved(unit, row, UnitState.FREE)
        self._audit.record(unit, "unit.added", subject=row, actor=by)
        return row

    def change(self, unit: Unit, service_id: str, unit_id: str, card: UnitCard, *, by: str) -> None:
        """What the unit is like from now on. Raises NoSuchUnit."""
        self.of(unit, service_id, unit_id)
        sealed = sealed_card(self._place_key(), unit_id, card)
        unit.conn.execute(update(_UNITS).where(_UNITS.c.id == unit_id).values(card=sealed))
        self._audit.record(unit, "unit.changed", subject=unit_id, actor=by)

    def retire(self, unit: Unit, service_id: str, unit_id: str, *, by: str) -> None:
        """The unit is no more. Raises NoSuchUnit, and AlreadyMoved where it is held or occupied."""
        self.of(unit, service_id, unit_id)
        ended = update(_UNITS).where(_UNITS.c.id == unit_id, _UNITS.c.retired_at.is_(None))
        move(unit.conn, ended.where(_UNITS.c.state.in_([UnitState.FREE.value, UnitState.OUT_OF_ORDER.value])).values(retired_at=unit.now))
        self._audit.record(unit, "unit.retired", subject=unit_id, actor=by)

    def of(self, unit: Unit, service_id: str, unit_id: str) -> Kept:
        """This unit of this shelter. Raises NoSuchUnit."""
        found = next((one for one in kept(unit.conn, self._place_key(), service_id) if one.id == unit_id), None)
        if found is None:
            raise NoSuchUnit("this shelter has no such unit")
        return found

    def move(self, unit: Unit, unit_id: str, old: UnitState, how: str) -> UnitState:
        """One move of the table, by compare-and-set. Raises IllegalMove and AlreadyMoved."""
        new = MOVES.after(old, how)
        changed = update(_UNITS).where(_UNITS.c.id == unit_id, _UNITS.c.state == old.value, _UNITS.c.retired_at.is_(None))
        move(unit.conn, changed.values(state=new.value, changed_at=unit.now))
        self._moved(unit, unit_id, new)
        return new

    def set_state(self, unit: Unit, service_id: str, unit_id: str, how: str, *, by: str) -> UnitState:
        """A move by the shelter's own staff: occupy, leave, break, mend. Never into or out of a hold: those move with it.

        Raises NoSuchUnit, IllegalMove, AlreadyMoved.
        """
        found = self.of(unit, service_id, unit_id)
        if how in ("hold", "let_go") or found.state is UnitState.HELD:
            raise Unclear("a held unit moves with its hold")
        new = self.move(unit, unit_id, found.state, how)
        self._audit.record(unit, f"unit.{new.value}", subject=unit_id, actor=by)
        return new

    def confirm(self, unit: Unit, service_id: str, counts: Mapping[UnitKind, int], *, by: str, via: str) -> Confirmed:
        """The staff say how many of each kind stand empty, held ones among them; kinds not named stay as they are.

        Units follow the count: the longest empty are taken first, the longest occupied leave first. Raises Unclear where a count cannot be
        true (more than there are, fewer than are held), and then nothing has changed. What is confirmed is told to matching with its time.
        """
        units = [one for one in kept(unit.conn, self._place_key(), service_id) if one.card.open_at(self.today(unit))]
        for kind, count in counts.items():
            self._follow(unit, [one for one in units if one.card.kind is kind], count)
        confirmed = Confirmed(self.empty(unit, service_id))
        row = new_id()
        body = json.dumps({"empty": {kind.value: n for kind, n in confirmed.empty.items()}, "by": by, "via": via}).encode()
        values = {"id": row, "shelter": shelter_index(self._place_key(), service_id), "at": unit.now}
        sealed = seal(self._place_key(), body, table="confirmations", column="body", row=row)
        unit.conn.execute(insert(ConfirmationRow).values(values | {"body": sealed}))
        self._tell_matching(unit, service_id, confirmed.empty, unit.now)
        self._audit.record(unit, "beds.confirmed", subject=row, actor=by)
        return confirmed

    def tell_again(self, unit: Unit, service_id: str) -> None:
        """Matching hears what was confirmed last, with the time of then and the half-life of now."""
        last = last_confirmed(unit.conn, self._place_key(), service_id)
        if last is not None:
            self._tell_matching(unit, service_id, last.empty, last.at)

    def _follow(self, unit: Unit, units: list[Kept], count: int) -> None:
        by_state = {state: [one for one in units if one.state is state] for state in UnitState}
        free, held, occupied = by_state[UnitState.FREE], by_state[UnitState.HELD], by_state[UnitState.OCCUPIED]
        more = count - len(free) - len(held)
        if count < len(held) or more > len(occupied):
            raise Unclear("this count cannot be")
        moved, how = (occupied[:more], "leave") if more > 0 else (free[: max(0, -more)], "occupy")
        for one in moved:
            self.move(unit, one.id, one.state, how)

    def empty(self, unit: Unit, service_id: str) -> dict[UnitKind, int]:
        """Units that stand empty by kind, held ones among them; a kind of which none is empty counts 0."""
        counts: dict[UnitKind, int] = {}
        for one in kept(unit.conn, self._place_key(), service_id):
            if one.card.open_at(self.today(unit)):
                counts[one.card.kind] = counts.get(one.card.kind, 0) + (one.state in (UnitState.FREE, UnitState.HELD))
        return counts

    def _tell_matching(self, unit: Unit, service_id: str, empty: Mapping[UnitKind, int], at: datetime) -> None:
        """The last confirmed counts, without holds (DESIGN 6): into the vault, or into the public directory."""
        fresh_hours = self._fresh_hours(unit.conn, service_id)
        entries = [CapacityEntry(kind.value, n, None, at, fresh_hours) for kind, n in sorted(empty.items())]
        vault = self._vault()
        if vault.holds(unit, service_id):
            vault.set_capacity(unit, service_id, entries)
        else:
            directory.set_capacity(unit, service_id, entries)

    def _moved(self, unit: Unit, unit_id: str, state: UnitState) -> None:
        unit.conn.execute(insert(_MOVES_OF), {"unit_id": unit_id, "state": state.value, "at": unit.now})
