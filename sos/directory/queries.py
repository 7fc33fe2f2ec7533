"""Reads of the public directory. Nothing confidential can come out of these: it is not in these tables."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from sos.directory.entries import (
    CapacityEntry,
    CoverageEntry,
    Gatekeeper,
    HoursEntry,
    OrganisationEntry,
    PhoneEntry,
    PlaceEntry,
    ServiceEntry,
    phone_from_plain,
)
from sos.directory.models import (
    Capacity,
    Coverage,
    Hours,
    Organisation,
    Phone,
    Place,
    Service,
    ServiceAccepts,
    ServiceLanguage,
)
from sos.directory.states import Cost, Located, OnHolidays, Papers, ServiceStatus, Whom

_MANY = 500
_VERSION = {part: f"SELECT version FROM directory_versions WHERE part = '{part}'" for part in ("public", "hidden")}  # noqa: S608 - fixed words
"""asked before every match: a ready string costs a third of a compiled statement"""


def version(conn: Connection, part: str) -> int:
    """How often the directory's `part` (public or hidden) has changed."""
    return conn.exec_driver_sql(_VERSION[part]).scalar() or 0


def revisions(conn: Connection) -> dict[str, int]:
    """Every public service's id and the version at its last change."""
    return {row.id: row.revision for row in conn.execute(select(Service.id, Service.revision))}


def organisations(conn: Connection) -> list[OrganisationEntry]:
    """All organisations, by id."""
    return [_organisation(row) for row in conn.execute(select(*Organisation.__table__.c).order_by(Organisation.id)).mappings()]


def service(conn: Connection, service_id: str) -> ServiceEntry | None:
    """One public service, or None."""
    found = services(conn, [service_id])
    return found[0] if found else None


def services(conn: Connection, ids: Sequence[str] | None = None) -> list[ServiceEntry]:
    """Public services by id; all of them where `ids` is None."""
    if ids is not None and len(ids) > _MANY:
        return [entry for start in range(0, len(ids), _MANY) for entry in services(conn, ids[start : start + _MANY])]
    organisation_of = {entry.id: entry for entry in organisations(conn)}
    parts = _Parts(conn, ids)
    chosen = select(*Service.__table__.c).order_by(Service.id)
    if ids is not None:
        chosen = chosen.where(Service.id.in_(ids))
    return [_service(row, organisation_of[row["organisation_id"]], parts) for row in conn.execute(chosen).mappings()]


class _Parts:
    """What belongs to services, read table by table and grouped by service."""

    def __init__(self, conn: Connection, ids: Sequence[str] | None) -> None:
        def grouped(model: Any, *order: Any) -> dict[str, list[RowMapping]]:
            statement = select(*model.__table__.c).order_by(model.service_id, *order)
            if ids is not None:
                statement = statement.where(model.service_id.in_(ids))
            found: dict[str, list[RowMapping]] = defaultdict(list)
            for row in conn.execute(statement).mappings():
                found[row["service_id"]].append(row)
            return found

        self.places = grouped(Place, Place.position)
        self.phones = grouped(Phone, Phone.position)
        self.hours = grouped(Hours, Hours.position)
        self.languages = grouped(ServiceLanguage)
        self.accepts = grouped(ServiceAccepts)
        self.coverage = grouped(Coverage, Coverage.position)
        self.capacities = grouped(Capacity, Capacity.kind)


def _service(row: RowMapping, organisation: OrganisationEntry, parts: _Parts) -> ServiceEntry:
    own = row["id"]
    same = ("id", "name", "category", "description", "website", "email", "cost_note", "step_free", "minimum_age", "maximum_age",
            "boys_maximum_age", "verified_on", "source", "modified_at")  # fmt: skip
    return ServiceEntry(
        **{name: row[name] for name in same},
        organisation=organisation,
        status=ServiceStatus(row["status"]),
        cost=Cost(row["cost"]),
        papers=Papers(row["papers"]),
        papers_asked=tuple(json.loads(row["papers_note"])),
        on_holidays=OnHolidays(row["on_holidays"]),
        gatekeeper=Gatekeeper(row["gatekeeper"], row["gatekeeper_contact"], row["gatekeeper_night"]),
        extra=json.loads(row["extra"]),
        places=tuple(_place(place) for place in parts.places.get(own, ())),
        phones=tuple(PhoneEntry(**_only(phone, PhoneEntry.__slots__)) for phone in parts.phones.get(own, ())),
        hours=tuple(_hours(line) for line in parts.hours.get(own, ())),
        languages=frozenset(line["code"] for line in parts.languages.get(own, ())),
        accepts=frozenset(Whom(line["whom"]) for line in parts.accepts.get(own, ())),
        coverage=tuple(CoverageEntry(**_only(line, CoverageEntry.__slots__)) for line in parts.coverage.get(own, ())),
        capacities=tuple(CapacityEntry(**_only(line, CapacityEntry.__slots__)) for line in parts.capacities.get(own, ())),
    )


def _organisation(row: RowMapping) -> OrganisationEntry:
    phones = tuple(phone_from_plain(phone) for phone in json.loads(row["phones"]))
    return OrganisationEntry(row["id"], row["name"], row["description"], row["website"], row["email"], phones)


def _place(row: RowMapping) -> PlaceEntry:
    return PlaceEntry(**(_only(row, PlaceEntry.__slots__) | {"located": Located(row["located"])}))


def _hours(row: RowMapping) -> HoursEntry:
    return HoursEntry(**(_only(row, HoursEntry.__slots__) | {"days": tuple(row["days"].split(","))}))


def _only(row: RowMapping, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}
