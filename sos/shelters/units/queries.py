"""Reads units of one shelter. Opens cards with the place key it is given; keeps nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from sos.db.base import table_of
from sos.encryption import open_sealed
from sos.shelters.units.card import UnitCard, open_card, shelter_index
from sos.shelters.units.models import ConfirmationRow, UnitMoveRow, UnitRow
from sos.shelters.units.states import UnitKind, UnitState

_UNITS, _MOVES = table_of(UnitRow), table_of(UnitMoveRow)


@dataclass(frozen=True, slots=True)
class Kept:
    """One unit as it stands."""

    id: str
    card: UnitCard
    state: UnitState
    changed_at: datetime


def kept(conn: Connection, key: bytes, service_id: str) -> list[Kept]:
    """The units of a shelter that are in use, those first that have stood longest as they are."""
    wanted = select(_UNITS).where(_UNITS.c.shelter == shelter_index(key, service_id), _UNITS.c.retired_at.is_(None))
    rows = conn.execute(wanted.order_by(_UNITS.c.changed_at, _UNITS.c.id))
    return [Kept(row.id, open_card(key, row.id, row.card), UnitState(row.state), row.changed_at) for row in rows]


def shelter_of_unit(conn: Connection, key: bytes, unit_id: str, among: Iterable[str]) -> str | None:
    """Which of these services the unit belongs to."""
    shelter = conn.execute(select(_UNITS.c.shelter).where(_UNITS.c.id == unit_id)).scalar()
    return next((one for one in among if shelter_index(key, one) == shelter), None)


def free(conn: Connection, key: bytes, service_id: str, today: date) -> Mapping[UnitKind, int]:
    """Units that can be held now, by kind; a kind of which the shelter has units but none free counts 0."""
    counts: dict[UnitKind, int] = {}
    for one in kept(conn, key, service_id):
        if one.card.open_at(today):
            counts[one.card.kind] = counts.get(one.card.kind, 0) + (one.state is UnitState.FREE)
    return counts


@dataclass(frozen=True, slots=True)
class LastConfirmed:
    """What the staff said last, and when. `empty`: held units among them; `via`: page, sms or telegram."""

    at: datetime
    empty: Mapping[UnitKind, int]
    via: str


def last_confirmed(conn: Connection, key: bytes, service_id: str) -> LastConfirmed | None:
    """The newest word about this shelter's units."""
    wanted = select(ConfirmationRow.__table__).where(ConfirmationRow.shelter == shelter_index(key, service_id))
    row = conn.execute(wanted.order_by(ConfirmationRow.at.desc(), ConfirmationRow.id).limit(1)).one_or_none()
    if row is None:
        return None
    plain = json.loads(open_sealed(key, row.body, table="confirmations", column="body", row=row.id))
    return LastConfirmed(row.at, {UnitKind(kind): int(n) for kind, n in plain["empty"].items()}, plain["via"])


def confirmed_at(conn: Connection, key: bytes, service_id: str) -> datetime | None:
    """When the staff last said how many are free."""
    wanted = select(func.max(ConfirmationRow.at)).where(ConfirmationRow.shelter == shelter_index(key, service_id))
    found: datetime | None = conn.execute(wanted).scalar()
    return found


def occupied_days(conn: Connection, key: bytes, service_id: str, *, first: date, last: date) -> Mapping[date, tuple[int, int]]:
    """Day -> (occupied or held, in use) at noon UTC of each day, both ends included: for the shelter's own staff only."""
    ids = {one.id for one in kept(conn, key, service_id)}
    moves = conn.execute(select(_MOVES).where(_MOVES.c.unit_id.in_(ids)).order_by(_MOVES.c.at, _MOVES.c.seq)).all() if ids else []
    days: dict[date, tuple[int, int]] = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        then: dict[str, str] = {}
        for row in moves:
            if row.at.date() < day or (row.at.date() == day and row.at.hour < 12):
                then[row.unit_id] = row.state
        taken = sum(state in (UnitState.OCCUPIED.value, UnitState.HELD.value) for state in then.values())
        days[day] = taken, sum(state != UnitState.OUT_OF_ORDER.value for state in then.values())
    return days
