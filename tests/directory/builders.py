"""Services for tests: everything open, free and near unless the test says otherwise."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sos.directory.categories import Categories
from sos.directory.entries import CapacityEntry, CoverageEntry, HoursEntry, OrganisationEntry, PlaceEntry, ServiceEntry
from sos.directory.jurisdictions import Jurisdictions
from sos.directory.matching.filters import Moment
from sos.directory.matching.hours import PublicHolidays
from sos.directory.matching.index import Snapshot, build
from sos.directory.matching.wish import Point, Wish
from sos.directory.states import Cost, Located, Papers, Whom
from sos.geo.naming import folded_name

CONFIG = Path(__file__).parents[2] / "config"
CATEGORIES = Categories.load(CONFIG / "categories.toml")
JURISDICTIONS = Jurisdictions.load(CONFIG / "jurisdictions")
ZONE = ZoneInfo("Europe/Belgrade")
MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12:00 on the wall
PEJE = Point(42.6589, 20.2883)
ALWAYS = (HoursEntry(opens=0, closes=1440),)
_HOLIDAYS = PublicHolidays()


def an_id(n: int) -> str:
    return str(uuid.UUID(int=n + 1))


def a_place(
    n: int = 0, *, lat: float | None = 42.66, lon: float | None = 20.29, municipality: str | None = "xk-peje", **more: Any
) -> PlaceEntry:
    located = Located.GIVEN if lat is not None else Located.NOWHERE
    return PlaceEntry(
        id=str(uuid.UUID(int=10_000_000 + n)),
        location_id=str(uuid.UUID(int=20_000_000 + n)),
        latitude=lat,
        longitude=lon,
        municipality=municipality,
        country=(municipality or "xk")[:2].upper(),
        located=located,
        **more,
    )


def a_service(n: int = 0, **more: Any) -> ServiceEntry:
    made = ServiceEntry(
        id=an_id(n),
        organisation=OrganisationEntry(an_id(1000 + n), f"Organisation {n}"),
        name=f"Service {n}",
        category="legal_aid",
        cost=Cost.FREE,
        papers=Papers.NONE,
        step_free=True,
        places=(a_place(n),),
        hours=ALWAYS,
        languages=frozenset({"sq", "sr"}),
        accepts=frozenset({Whom.WOMEN, Whom.CHILDREN}),
        coverage=(CoverageEntry("XK"),),
    )
    return replace(made, **more)


def a_snapshot(*services: ServiceEntry) -> Snapshot:
    return build(sorted(services, key=lambda one: one.id), version=1, fold=folded_name)


def a_wish(category: str = "legal_aid", **more: Any) -> Wish:
    base: dict[str, Any] = {"point": PEJE, "municipality": "xk-peje", "country": "XK"}
    return Wish(category=CATEGORIES.asked(category), **(base | more))


def a_moment(now: datetime = MONDAY_NOON) -> Moment:
    return Moment(now=now, local=now.astimezone(ZONE), is_holiday=_HOLIDAYS)


def beds(free: int, *, hours_ago: float = 1, kind: str = "bed", now: datetime = MONDAY_NOON) -> tuple[CapacityEntry, ...]:
    return (CapacityEntry(kind, free, 20, datetime.fromtimestamp(now.timestamp() - hours_ago * 3600, UTC)),)


def on(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment by the wall clock of Kosovo and Serbia."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


TODAY = date(2026, 11, 23)
