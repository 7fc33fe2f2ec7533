"""What the pages of beds show: one shelter's counters, holds and asks for its own staff, and how fresh every shelter's word is. Opens no place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from sos.console import times
from sos.directory import queries as directory
from sos.directory.matching.freshness import Freshness, freshness
from sos.rooms import Rooms
from sos.shelters import wording
from sos.shelters.asks import queries as asks
from sos.shelters.asks.queries import Incoming
from sos.shelters.confirming import queries as confirming
from sos.shelters.confirming.settings import ShelterSettings
from sos.shelters.holds import queries as holds
from sos.shelters.holds.states import Hold
from sos.shelters.staff import ways_to
from sos.shelters.units import queries as units
from sos.shelters.units.queries import Kept
from sos.shelters.units.states import UnitKind, UnitState

FRESH: Final = {
    Freshness.FRESH: "fresh",
    Freshness.AGEING: "ageing: call to confirm",
    Freshness.STALE: "too old: not offered by itself",
}
STATES: Final = {
    UnitState.FREE: "free",
    UnitState.HELD: "held",
    UnitState.OCCUPIED: "occupied",
    UnitState.OUT_OF_ORDER: "out of order",
}
KINDS: Final = {
    UnitKind.FAMILY_ROOM: "Family rooms",
    UnitKind.SINGLE: "Single rooms",
    UnitKind.ACCESSIBLE: "Accessible rooms",
    UnitKind.CRISIS: "Crisis beds",
}
WIDE, HIGH, DAYS = 640, 120, 56


@dataclass(frozen=True, slots=True)
class Counter:
    """One kind as a large counter. `less`, `more`: the count of empty units that a tap confirms; None where it cannot be."""

    kind: UnitKind
    label: str
    free: int
    held: int
    occupied: int
    closed: int
    less: int | None
    more: int | None


@dataclass(frozen=True, slots=True)
class HeldUnit:
    """One hold as the house sees it: which unit, until when, whether the gatekeeper has still to agree."""

    id: str
    label: str
    kind: str
    until: datetime
    subject: bool


@dataclass(frozen=True, slots=True)
class Corridor:
    """The page of one shelter's staff."""

    counters: tuple[Counter, ...]
    held: tuple[HeldUnit, ...]
    asks: tuple[Incoming, ...]
    confirmed_at: datetime | None
    state: str
    settings: ShelterSettings
    units: tuple[Kept, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FreshRow:
    """One shelter in the list of freshness. `ways`: on how many ways its staff can be written to."""

    name: str
    confirmed_at: datetime | None
    state: str
    is_fresh: bool
    fresh_hours: float
    asked_at: datetime | None
    free: str
    ways: int
    gatekeeper: str


def corridor(rooms: Rooms, conn: Connection, service_id: str, now: datetime) -> Corridor:
    """Today in one house."""
    key, today = rooms.keystore.place_key, _today(now)
    kept = units.kept(conn, key, service_id)
    by_id = {one.id: one for one in kept}
    held = [
        HeldUnit(one.id, by_id[one.unit_id].card.label, wording.KINDS[by_id[one.unit_id].card.kind], one.until, one.state is Hold.SUBJECT)
        for one in holds.open_on(conn, by_id)
    ]
    settings = confirming.settings_of(conn, key, service_id)
    at = units.confirmed_at(conn, key, service_id)
    age = (now - at).total_seconds() / 3600 if at else float("inf")
    state = FRESH[freshness(age, settings.fresh_hours)]
    incoming = tuple(asks.incoming(conn, key, service_id))
    return Corridor(tuple(counters(kept, today)), tuple(held), incoming, at, state, settings, tuple(_by_label(kept)))


def counters(kept: Sequence[Kept], today: date) -> list[Counter]:
    """A counter for each kind that the house has open units of."""
    in_use = [one for one in kept if one.card.open_at(today)]
    found = []
    for kind in UnitKind:
        states = [one.state for one in in_use if one.card.kind is kind]
        free, held, occupied = (states.count(state) for state in (UnitState.FREE, UnitState.HELD, UnitState.OCCUPIED))
        less = free + held - 1 if free else None
        more = free + held + 1 if occupied else None
        if states:
            found.append(Counter(kind, KINDS[kind], free, held, occupied, states.count(UnitState.OUT_OF_ORDER), less, more))
    return found


def freshest_last(rooms: Rooms, conn: Connection, now: datetime) -> list[FreshRow]:
    """Every shelter that keeps units, the oldest word first."""
    key, found = rooms.keystore.place_key, []
    shelters = confirming.everywhere(conn, key, now)
    names = names_of(rooms, conn, [one.service_id for one in shelters])
    for one in shelters:
        last = units.last_confirmed(conn, key, one.service_id)
        found.append(
            FreshRow(
                name=names.get(one.service_id, "a shelter that is not listed any more"),
                confirmed_at=one.confirmed_at,
                state=FRESH[one.state],
                is_fresh=one.state is Freshness.FRESH,
                fresh_hours=one.settings.fresh_hours,
                asked_at=one.asked_at,
                free=wording.counts(last.empty) if last else "never said",
                ways=len(ways_to(conn, rooms.reach, one.service_id)),
                gatekeeper=one.settings.gatekeeper.name,
            )
        )
    return found


def names_of(rooms: Rooms, conn: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Service id -> the name that operators may see: a confidential one's card, else the public record."""
    wanted = list(dict.fromkeys(ids))
    names = {card.id: card.name for card in rooms.cards.all(conn)}
    public = [one for one in wanted if one not in names]
    names |= {one.id: one.name for one in directory.services(conn, public)} if public else {}
    return {one: names[one] for one in wanted if one in names}


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart of occupancy, in its units."""

    day: date
    x: float
    y: float
    width: float
    height: float
    taken: int
    of: int


def occupancy(rooms: Rooms, conn: Connection, service_id: str, now: datetime) -> list[Bar]:
    """Eight weeks of the house's own occupancy."""
    last = _today(now)
    days = units.occupied_days(conn, rooms.keystore.place_key, service_id, first=last - timedelta(days=DAYS - 1), last=last)
    step, most = WIDE / DAYS, max((of for _, of in days.values()), default=0) or 1
    return [
        Bar(day, round(n * step + 1, 1), round(HIGH * (1 - taken / most), 1), round(step - 2, 1), round(HIGH * taken / most, 1), taken, of)
        for n, (day, (taken, of)) in enumerate(days.items())
    ]


def _by_label(kept: Sequence[Kept]) -> list[Kept]:
    return sorted(kept, key=lambda one: (one.card.kind, one.card.label.casefold(), one.id))


def _today(now: datetime) -> date:
    return now.astimezone(times.ZONE).date()
