"""The in-process index: arrays over all public services, one row for each service at each of its places.

Built from plain entries, never changed afterwards. Holds nothing confidential when built from the public tables.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sos.directory.entries import WEEKDAYS, PlaceEntry, ServiceEntry
from sos.directory.matching.geometry import Bools, Floats, Ints, ecef
from sos.directory.matching.hours import Week, minutes, week_of
from sos.directory.states import Cost, Papers, ServiceStatus, Whom

ALWAYS_FROM, ALWAYS_TO = date.min.toordinal(), date.max.toordinal()
WHOM_BIT = {whom: 1 << n for n, whom in enumerate(Whom)}
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Areas:
    """Coverage rows sorted by area: `rows[area]` is the slice of one area."""

    slices: Mapping[str, slice]
    service: Ints
    starts: Ints
    ends: Ints
    everywhere: Bools
    """services without any coverage row"""


@dataclass(frozen=True, slots=True)
class Timetable:
    """All lines of all offers. `opens` -1: closed on those days."""

    offer: Ints
    days: Ints  #: bit n = weekday n
    opens: Ints
    closes: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything matching needs. Arrays are by offer unless said otherwise."""

    version: int
    services: tuple[ServiceEntry, ...]
    places: tuple[PlaceEntry | None, ...]
    service_of: Ints
    by_category: Mapping[str, slice]
    """category -> its offers, of active services only: offers stand sorted by category, so that each filter is a view"""
    lat: Floats
    lon: Floats
    xyz: Floats
    squares: Floats  #: squared lengths of xyz; infinite where there is no point
    municipality: NDArray[np.int32]
    municipality_code: Mapping[str, int]
    step_free: Bools
    papers_none: Bools
    free_of_cost: Bools
    accepts: Ints
    boys_maximum_age: Ints
    beds: Ints
    rooms: Ints
    has_capacity: Bools
    with_capacity: frozenset[str]  #: categories in which anybody tells capacity
    confirmed: Floats  #: seconds since 1970
    fresh_hours: Floats  #: the shelter's own half-life; nan where it is the category's
    languages: Mapping[str, Bools]
    weeks: tuple[Week, ...]
    shut_on_holidays: Bools
    country: Mapping[str, Bools]
    names: tuple[str, ...]
    """by service: its own and its organisation's name, folded, for names to stay away from"""
    areas: Areas
    timetable: Timetable
    memo: dict[tuple[str, str, int], Bools] = field(default_factory=dict)
    """coverage by (municipality, country, day): asked again by everybody who is there"""


BED_KINDS = ("bed", "place", "person")


def build(services: Sequence[ServiceEntry], *, version: int, fold: Callable[[str], str]) -> Snapshot:
    """Make the arrays. `fold` makes names comparable across scripts and diacritics."""
    offers = sorted(
        ((n, place) for n, service in enumerate(services) for place in (service.places or (None,))),
        key=lambda offer: (_shelf(services[offer[0]]) or "", offer[0]),
    )
    service_of = np.array([n for n, _ in offers], dtype=np.int64)
    places = tuple(place for _, place in offers)
    weeks = tuple(week_of(services[n], place.id if place else None) for n, place in offers)
    codes: dict[str, int] = {}
    lat = np.array([_coordinate(place.latitude if place else None) for place in places], dtype=np.float64)
    lon = np.array([_coordinate(place.longitude if place else None) for place in places], dtype=np.float64)
    xyz = np.nan_to_num(ecef(lat, lon)) if len(lat) else np.empty((0, 3))

    def truths(values: Iterable[bool]) -> Bools:
        return np.fromiter(values, dtype=np.bool_, count=len(services))[service_of]

    def numbers(values: Iterable[int]) -> Ints:
        return np.fromiter(values, dtype=np.int64, count=len(services))[service_of]

    def moments(values: Iterable[float]) -> Floats:
        return np.fromiter(values, dtype=np.float64, count=len(services))[service_of]

    return Snapshot(
        version=version,
        services=tuple(services),
        places=places,
        service_of=service_of,
        by_category=_by_category([_shelf(services[n]) for n in service_of]),
        lat=lat,
        lon=lon,
        xyz=xyz,
        squares=np.where(np.isnan(lat), np.inf, np.einsum("ij,ij->i", xyz, xyz)),
        municipality=np.array(
            [codes.setdefault(place.municipality, len(codes)) if place and place.municipality else UNKNOWN for place in places],
            dtype=np.int32,
        ),
        municipality_code=codes,
        step_free=np.array(
            [bool(place.step_free) if place and place.step_free is not None else bool(services[n].step_free) for n, place in offers],
            dtype=bool,
        ),
        papers_none=truths(service.papers in (Papers.NONE, Papers.NONE_LISTED) for service in services),
        free_of_cost=truths(service.cost is Cost.FREE for service in services),
        accepts=numbers(sum(WHOM_BIT[whom] for whom in service.accepts) for service in services),
        boys_maximum_age=numbers(UNKNOWN if s.boys_maximum_age is None else s.boys_maximum_age for s in services),
        beds=numbers(sum(c.available for c in s.capacities if _is_bed(c.kind)) for s in services),
        rooms=numbers(sum(c.available for c in s.capacities if not _is_bed(c.kind)) for s in services),
        has_capacity=truths(bool(s.capacities) for s in services),
        with_capacity=frozenset(s.category for s in services if s.capacities and s.category),
        confirmed=moments(min((c.at.timestamp() for c in s.capacities), default=np.nan) for s in services),
        fresh_hours=moments(own_fresh_hours(s) or np.nan for s in services),
        languages={
            code: truths(code in service.languages for service in services)
            for code in sorted({code for service in services for code in service.languages})
        },
        weeks=weeks,
        shut_on_holidays=np.array([week.shut_on_holidays for week in weeks], dtype=bool),
        country={
            code: np.array([country_of(services[n], place) == code for n, place in offers], dtype=bool)
            for code in sorted({country_of(services[n], place) for n, place in offers})
        },
        names=tuple(fold(f"{service.name} {service.organisation.name} {service.gatekeeper.name}") for service in services),
        areas=_areas(services),
        timetable=_timetable(weeks),
    )


def own_fresh_hours(service: ServiceEntry) -> float | None:
    """The shortest half-life that this shelter chose for itself; None where it chose none."""
    return min((one.fresh_hours for one in service.capacities if one.fresh_hours is not None), default=None)


def country_of(service: ServiceEntry, place: PlaceEntry | None) -> str:
    """XK or RS, from the place, else from what it covers; empty where nobody knows."""
    if place and place.country:
        return place.country
    covered = {row.area[:2].upper() for row in service.coverage}
    return covered.pop() if len(covered) == 1 else ""


def _is_bed(kind: str) -> bool:
    return any(word in kind.casefold() for word in BED_KINDS)


def _coordinate(value: float | None) -> float:
    return np.nan if value is None else value


def _shelf(service: ServiceEntry) -> str | None:
    """The category under which it is offered; None for what is not offered."""
    return service.category if service.status is ServiceStatus.ACTIVE else None


def _by_category(shelves: Sequence[str | None]) -> dict[str, slice]:
    found: dict[str, slice] = {}
    for offer, category in enumerate(shelves):
        if category:
            found[category] = slice(found[category].start if category in found else offer, offer + 1)
    return found


def _areas(services: Sequence[ServiceEntry]) -> Areas:
    rows = sorted(
        (row.area, n, _ordinal(row.valid_from, ALWAYS_FROM), _ordinal(row.valid_to, ALWAYS_TO))
        for n, service in enumerate(services)
        for row in service.coverage
    )
    slices: dict[str, slice] = {}
    for at, (area, *_) in enumerate(rows):
        start = slices[area].start if area in slices else at
        slices[area] = slice(start, at + 1)
    table = np.array([row[1:] for row in rows], dtype=np.int64).reshape(-1, 3)
    everywhere = np.array([not service.coverage for service in services], dtype=bool)
    return Areas(slices, table[:, 0], table[:, 1], table[:, 2], everywhere)


def _timetable(weeks: Sequence[Week]) -> Timetable:
    rows = []
    for offer, week in enumerate(weeks):
        for line in week.lines:
            opens, closes = minutes(line) or (UNKNOWN, UNKNOWN)
            days = sum(1 << WEEKDAYS.index(day) for day in line.days if day in WEEKDAYS)
            rows.append((offer, days, opens, closes, _ordinal(line.valid_from, ALWAYS_FROM), _ordinal(line.valid_to, ALWAYS_TO)))
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    return Timetable(*(table[:, n] for n in range(6)))


def _ordinal(day: date | None, default: int) -> int:
    return default if day is None else day.toordinal()
