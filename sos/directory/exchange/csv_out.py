"""Public entries -> our CSV. Cells are guarded against formulas; nothing confidential can come here, it has no public entry."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from sos.directory.entries import WEEKDAYS, CoverageEntry, HoursEntry, PhoneEntry, PlaceEntry, ServiceEntry
from sos.directory.exchange.csv_columns import COLUMNS, NAMES
from sos.directory.exchange.reading import guarded
from sos.directory.matching.hours import hours_at
from sos.directory.states import Cost, Located, OnHolidays, Papers


def template() -> str:
    """The header line and one example line."""
    return _written([[column.name for column in COLUMNS], [column.example for column in COLUMNS]])


def exported(entries: Iterable[ServiceEntry]) -> str:
    """All entries; a service at several places takes several lines."""
    rows: list[Sequence[str]] = [NAMES]
    for entry in entries:
        rows.extend(_row(entry, place) for place in (entry.places or (None,)))
    return _written(rows)


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _row(entry: ServiceEntry, place: PlaceEntry | None) -> list[str]:
    cells = dict.fromkeys(NAMES, "")
    cells |= {
        "service_id": entry.id,
        "organisation_id": entry.organisation.id,
        "organisation": entry.organisation.name,
        "organisation_website": entry.organisation.website,
        "name": entry.name,
        "category": entry.category or "",
        "description": entry.description,
        "status": entry.status.value,
        "phones": "; ".join(_phone(phone) for phone in entry.phones),
        "verified_on": entry.verified_on.isoformat() if entry.verified_on else "",
        "email": entry.email,
        "website": entry.website,
        "hours": "; ".join(_hours(line) for line in hours_at(entry, place.id if place else None)),
        "holidays": "" if entry.on_holidays is OnHolidays.UNSTATED else entry.on_holidays.value,
        "languages": ";".join(sorted(entry.languages)),
        "accepts": ";".join(sorted(entry.accepts)),
        "boys_maximum_age": _number(entry.boys_maximum_age),
        "minimum_age": _number(entry.minimum_age),
        "maximum_age": _number(entry.maximum_age),
        "step_free": _truth(place.step_free if place and place.step_free is not None else entry.step_free),
        "papers": "; ".join(entry.papers_asked)
        if entry.papers is Papers.SOME
        else ""
        if entry.papers is Papers.UNSTATED
        else entry.papers.value,
        "cost": {Cost.FREE: "free", Cost.UNSTATED: "", Cost.PAID: entry.cost_note or "paid"}[entry.cost],
        "coverage": ";".join(_coverage(row) for row in entry.coverage),
        "gatekeeper": entry.gatekeeper.name,
        "gatekeeper_contact": entry.gatekeeper.contact,
        "gatekeeper_night": entry.gatekeeper.night,
        "capacity": "; ".join(f"{c.kind} {c.available}" + (f"/{c.maximum}" if c.maximum is not None else "") for c in entry.capacities),
        "capacity_at": min(c.at for c in entry.capacities).isoformat() if entry.capacities else "",
        "confidential": "no",
        "extra": json.dumps(dict(entry.extra), ensure_ascii=False, sort_keys=True) if entry.extra else "",
    }
    if place:
        cells |= {
            "location_id": place.location_id,
            "place_name": place.name,
            "address": place.address,
            "city": place.city,
            "postal_code": place.postal_code,
            "municipality": place.municipality or "",
            "country": place.country,
            "latitude": repr(place.latitude) if place.located is Located.GIVEN else "",
            "longitude": repr(place.longitude) if place.located is Located.GIVEN else "",
        }
    return [cells[name] for name in NAMES]


def _phone(phone: PhoneEntry) -> str:
    note = f" ({re.sub('[;,|/]', ' ', phone.note)})" if phone.note else ""
    return phone.number + note + (f" ext {phone.extension}" if phone.extension else "")


def _hours(line: HoursEntry) -> str:
    days = "" if line.days == WEEKDAYS else ",".join(day.title() for day in line.days) + " "
    period = f"@{line.valid_from or ''}..{line.valid_to or ''}" if line.valid_from or line.valid_to else ""
    if line.opens is None or line.closes is None:
        return f"{days or 'Mo-Su '}off{period}"
    return f"{days}{_clock(line.opens)}-{_clock(line.closes)}{period}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _coverage(row: CoverageEntry) -> str:
    if row.valid_from is None and row.valid_to is None:
        return row.area
    return f"{row.area}@{row.valid_from or ''}..{row.valid_to or ''}"


def _truth(value: bool | None) -> str:  # noqa: FBT001 - a value, not a switch
    return "" if value is None else "yes" if value else "no"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
