"""Writes to the public directory. Every change moves the version, so that each process sees it at its next question.

Never writes a confidential service: those have no row here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from sos.db.base import Base
from sos.db.database import Unit
from sos.db.statements import upsert
from sos.db.types import new_id
from sos.directory.entries import CapacityEntry, OrganisationEntry, ServiceEntry, as_plain
from sos.directory.errors import NoSuchService
from sos.directory.models import (
    Capacity,
    Coverage,
    DirectoryVersion,
    Hours,
    Organisation,
    Phone,
    Place,
    Service,
    ServiceAccepts,
    ServiceLanguage,
)

PUBLIC, HIDDEN = "public", "hidden"
_OWNED = (Place, Phone, Hours, ServiceLanguage, ServiceAccepts, Coverage, Capacity)
_MANY = 500


def save_services(unit: Unit, entries: Sequence[ServiceEntry], *, known: Iterable[str], known_organisations: Iterable[str]) -> None:
    """Write these services whole, replacing the `known` ones. The version moves once."""
    if not entries:
        return
    _save_organisations(unit.conn, entries, frozenset(known_organisations))
    revision = announce(unit, PUBLIC)
    old = frozenset(known)
    for owned in _OWNED:
        _delete(unit.conn, _table(owned), "service_id", [entry.id for entry in entries if entry.id in old])
    rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in (Service, *_OWNED)}
    for entry in entries:
        row = _service_row(entry, unit.now) | {"revision": revision}
        if entry.id in old:
            unit.conn.execute(update(Service).where(Service.id == entry.id).values(row))
        else:
            rows[Service].append(row)
        _add_owned(rows, entry)
    for table, lines in rows.items():
        for start in range(0, len(lines), _MANY):
            unit.conn.execute(insert(table), lines[start : start + _MANY])


def remove_services(unit: Unit, ids: Sequence[str]) -> None:
    """Take these services out of the public tables, with everything that belongs to them."""
    for table in _OWNED:
        _delete(unit.conn, _table(table), "service_id", ids)
    _delete(unit.conn, _table(Service), "id", ids)
    announce(unit, PUBLIC)


def set_capacity(unit: Unit, service_id: str, capacities: Sequence[CapacityEntry]) -> None:
    """Replace a public service's confirmed capacity. Seen by every process at its next question. Raises NoSuchService."""
    changed = update(Service).where(Service.id == service_id).values(modified_at=unit.now, revision=announce(unit, PUBLIC))
    found = unit.conn.execute(changed).rowcount
    if found != 1:
        raise NoSuchService("no public service has this id")
    unit.conn.execute(delete(Capacity).where(Capacity.service_id == service_id))
    if capacities:
        unit.conn.execute(insert(Capacity), [_capacity_row(service_id, capacity) for capacity in capacities])


def announce(unit: Unit, part: str) -> int:
    """Move the version of `part` (public or hidden) and return it."""
    moved = update(DirectoryVersion).where(DirectoryVersion.part == part).values(version=DirectoryVersion.version + 1)
    if unit.conn.execute(moved).rowcount:
        return unit.conn.execute(select(DirectoryVersion.version).where(DirectoryVersion.part == part)).scalar_one()
    unit.conn.execute(insert(DirectoryVersion).values(part=part, version=1))
    return 1


def _save_organisations(conn: Connection, entries: Sequence[ServiceEntry], known: frozenset[str]) -> None:
    organisations = {entry.organisation.id: entry.organisation for entry in entries}
    fresh = [_organisation_row(organisation) for organisation in organisations.values() if organisation.id not in known]
    for start in range(0, len(fresh), _MANY):
        conn.execute(insert(Organisation), fresh[start : start + _MANY])
    for organisation in organisations.values():
        if organisation.id in known:
            upsert(conn, _table(Organisation), _organisation_row(organisation), key="id")


def _add_owned(rows: Mapping[type[Base], list[dict[str, Any]]], entry: ServiceEntry) -> None:
    owner = {"service_id": entry.id}
    for n, place in enumerate(entry.places):
        rows[Place].append(owner | {"position": n} | {name: getattr(place, name) for name in place.__slots__} | {"located": place.located})
    for n, phone in enumerate(entry.phones):
        rows[Phone].append(owner | {"id": new_id(), "position": n} | {name: getattr(phone, name) for name in phone.__slots__})
    for n, line in enumerate(entry.hours):
        fields = {name: getattr(line, name) for name in line.__slots__} | {"days": ",".join(line.days)}
        rows[Hours].append(owner | {"id": new_id(), "position": n} | fields)
    for n, area in enumerate(entry.coverage):
        rows[Coverage].append(owner | {"id": new_id(), "position": n} | {name: getattr(area, name) for name in area.__slots__})
    rows[ServiceLanguage].extend(owner | {"code": code} for code in sorted(entry.languages))
    rows[ServiceAccepts].extend(owner | {"whom": whom.value} for whom in sorted(entry.accepts))
    rows[Capacity].extend(_capacity_row(entry.id, capacity) for capacity in entry.capacities)


def _capacity_row(service_id: str, capacity: CapacityEntry) -> dict[str, Any]:
    return {"service_id": service_id} | {name: getattr(capacity, name) for name in capacity.__slots__}


def _service_row(entry: ServiceEntry, now: datetime) -> dict[str, Any]:
    return {
        "id": entry.id,
        "organisation_id": entry.organisation.id,
        "name": entry.name,
        "category": entry.category,
        "description": entry.description,
        "status": entry.status.value,
        "website": entry.website,
        "email": entry.email,
        "cost": entry.cost.value,
        "cost_note": entry.cost_note,
        "papers": entry.papers.value,
        "papers_note": json.dumps(entry.papers_asked, ensure_ascii=False),
        "step_free": entry.step_free,
        "minimum_age": entry.minimum_age,
        "maximum_age": entry.maximum_age,
        "boys_maximum_age": entry.boys_maximum_age,
        "on_holidays": entry.on_holidays.value,
        "gatekeeper": entry.gatekeeper.name,
        "gatekeeper_contact": entry.gatekeeper.contact,
        "gatekeeper_night": entry.gatekeeper.night,
        "verified_on": entry.verified_on,
        "source": entry.source,
        "extra": json.dumps(dict(entry.extra), ensure_ascii=False, sort_keys=True),
        "modified_at": now,
    }


def _organisation_row(organisation: OrganisationEntry) -> dict[str, Any]:
    plain = as_plain(organisation)
    return {**plain, "phones": json.dumps(plain["phones"], ensure_ascii=False)}


def _delete(conn: Connection, table: Table, column: str, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _MANY):
        conn.execute(delete(table).where(table.c[column].in_(ids[start : start + _MANY])))


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - tells the type checker what SQLAlchemy guarantees
    return table
