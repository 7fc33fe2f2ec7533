"""One service with everything that belongs to it, as a plain value: what import makes, the database keeps and export writes.

Pure. Equality decides whether an import changes anything, so every field is in its final, cleaned form.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sos.directory.states import Cost, Located, OnHolidays, Papers, ServiceStatus, Whom

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """A number as published. `verified_on`: the day on which a person called it."""

    number: str
    extension: str = ""
    kind: str = "voice"
    note: str = ""
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """Who runs the service."""

    id: str
    name: str
    description: str = ""
    website: str = ""
    email: str = ""
    phones: tuple[PhoneEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A public place of the service. `id`: this service at this place; `location_id`: the place itself."""

    id: str
    location_id: str
    name: str = ""
    address: str = ""
    city: str = ""
    postal_code: str = ""
    municipality: str | None = None
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    located: Located = Located.NOWHERE
    step_free: bool | None = None


@dataclass(frozen=True, slots=True)
class HoursEntry:
    """A line of the weekly timetable; minutes since midnight, wall clock. `opens` None: closed in this period."""

    days: tuple[str, ...] = WEEKDAYS
    opens: int | None = None
    closes: int | None = None
    place_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """An area (municipality id, or XK / RS) and the days, inclusive, for which the service works there."""

    area: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CapacityEntry:
    """Last confirmed free units of a kind, without holds. `fresh_hours`: this shelter's own half-life; None: its category's.

    The half-life takes no part in equality: no import tells it.
    """

    kind: str
    available: int
    maximum: int | None
    at: datetime
    fresh_hours: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """Through whom one comes in (Serbia: Centre for Social Work; Kosovo: police, advocate or Centre)."""

    name: str = ""
    contact: str = ""
    night: str = ""


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service. `modified_at` takes no part in equality."""

    id: str
    organisation: OrganisationEntry
    name: str
    category: str | None
    description: str = ""
    status: ServiceStatus = ServiceStatus.ACTIVE
    website: str = ""
    email: str = ""
    cost: Cost = Cost.UNSTATED
    cost_note: str = ""
    papers: Papers = Papers.UNSTATED
    papers_asked: tuple[str, ...] = ()
    step_free: bool | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    boys_maximum_age: int | None = None
    on_holidays: OnHolidays = OnHolidays.UNSTATED
    gatekeeper: Gatekeeper = Gatekeeper()
    verified_on: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    places: tuple[PlaceEntry, ...] = ()
    phones: tuple[PhoneEntry, ...] = ()
    hours: tuple[HoursEntry, ...] = ()
    languages: frozenset[str] = frozenset()
    accepts: frozenset[Whom] = frozenset()
    coverage: tuple[CoverageEntry, ...] = ()
    capacities: tuple[CapacityEntry, ...] = ()
    source: str = field(default="import", compare=False)
    modified_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class HiddenEntry:
    """A confidential service on its way into the vault. Shown by no repr."""

    service: ServiceEntry = field(repr=False)
    front_gate: str = field(repr=False)
    """the contact that may be known: without it the record is refused"""
    published_area: tuple[str, ...] = field(repr=False, default=())
    """what operators may see of where it is: XK, RS or municipality ids; empty means the whole country"""


def as_plain(value: Any) -> Any:
    """A dataclass of this module as JSON-ready dicts and lists."""
    return _plain(asdict(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def service_from_plain(plain: Mapping[str, Any]) -> ServiceEntry:
    """The service that `as_plain` made this of."""
    org = plain["organisation"]
    simple = {
        key: plain[key]
        for key in (
            "id", "name", "category", "description", "website", "email", "cost_note", "step_free", "minimum_age",
            "maximum_age", "boys_maximum_age", "extra", "source",
        )
    }  # fmt: skip
    return ServiceEntry(
        **simple,
        organisation=OrganisationEntry(**{**org, "phones": tuple(_phone(phone) for phone in org["phones"])}),
        status=ServiceStatus(plain["status"]),
        cost=Cost(plain["cost"]),
        papers=Papers(plain["papers"]),
        papers_asked=tuple(plain["papers_asked"]),
        on_holidays=OnHolidays(plain["on_holidays"]),
        gatekeeper=Gatekeeper(**plain["gatekeeper"]),
        verified_on=_day(plain["verified_on"]),
        places=tuple(PlaceEntry(**{**place, "located": Located(place["located"])}) for place in plain["places"]),
        phones=tuple(_phone(phone) for phone in plain["phones"]),
        hours=tuple(
            HoursEntry(**{**line, "days": tuple(line["days"]), "valid_from": _day(line["valid_from"]), "valid_to": _day(line["valid_to"])})
            for line in plain["hours"]
        ),
        languages=frozenset(plain["languages"]),
        accepts=frozenset(Whom(whom) for whom in plain["accepts"]),
        coverage=tuple(CoverageEntry(row["area"], _day(row["valid_from"]), _day(row["valid_to"])) for row in plain["coverage"]),
        capacities=tuple(
            CapacityEntry(row["kind"], row["available"], row["maximum"], datetime.fromisoformat(row["at"]), row.get("fresh_hours"))
            for row in plain["capacities"]
        ),
        modified_at=datetime.fromisoformat(plain["modified_at"]) if plain["modified_at"] else None,
    )


def phone_from_plain(plain: Mapping[str, Any]) -> PhoneEntry:
    """The phone that `as_plain` made this of."""
    return _phone(plain)


def _phone(plain: Mapping[str, Any]) -> PhoneEntry:
    return PhoneEntry(**{**plain, "verified_on": _day(plain["verified_on"])})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
