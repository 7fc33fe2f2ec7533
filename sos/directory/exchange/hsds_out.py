"""Public entries -> HSDS 3.1 objects, and an export file that reads back as it was.

Our own fields bear the prefix `x_`. A confidential service never comes here: it has no public entry.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sos.directory.categories import Categories
from sos.directory.entries import CapacityEntry, CoverageEntry, HoursEntry, OrganisationEntry, PhoneEntry, PlaceEntry, ServiceEntry
from sos.directory.exchange.rows import NAMESPACE
from sos.directory.states import Cost, Located, OnHolidays

Json = dict[str, Any]
TAXONOMY = {"id": str(uuid.uuid5(NAMESPACE, "taxonomy")), "name": "Categories", "description": "Categories of services of this directory"}


def page(contents: list[Json], *, total: int, number: int, size: int) -> Json:
    """HSDS Page. `size`: items on this page."""
    pages = max(1, -(-total // size)) if size else 1
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def term(slug: str, label: str) -> Json:
    """A category as a taxonomy term."""
    return {
        "id": term_id(slug),
        "code": slug,
        "name": label,
        "description": label,
        "taxonomy": TAXONOMY["name"],
        "taxonomy_detail": TAXONOMY,
    }


def term_id(slug: str) -> str:
    """The id of a category's term."""
    return _own("term", slug)


def service(entry: ServiceEntry, categories: Categories, *, full: bool = True) -> Json:
    """The service object: minimal fields always, everything when `full`."""
    shown: Json = {"id": entry.id, "name": entry.name, "status": entry.status.value, "description": entry.description}
    shown |= {key: value for key, value in (("url", entry.website), ("email", entry.email)) if value}
    shown |= {key: value for key, value in entry.extra.items() if key != "assured_date" or value}
    shown |= _present(minimum_age=entry.minimum_age, maximum_age=entry.maximum_age)
    if entry.modified_at:
        shown["last_modified"] = _stamp(entry.modified_at)
    shown["organization"] = organisation(entry.organisation)
    if not full:
        return shown
    known = categories.by_slug.get(entry.category or "")
    label = known.label if known else entry.category
    shown |= {
        "phones": [phone(one, entry.id, n) for n, one in enumerate(entry.phones)],
        "schedules": [schedule(one, entry.id, n) for n, one in enumerate(entry.hours) if one.place_id is None],
        "service_areas": [area(one, entry.id, n) for n, one in enumerate(entry.coverage)],
        "service_at_locations": [service_at_location(entry, one) for one in entry.places],
        "languages": [{"id": _own("language", entry.id, code), "code": code} for code in sorted(entry.languages)],
        "required_documents": [{"id": _own("document", entry.id, text), "document": text} for text in entry.papers_asked],
        "capacities": [capacity(one, entry.id) for one in entry.capacities],
        "attributes": [
            {"id": _own("attribute", entry.id, entry.category), "link_entity": "service", "taxonomy_term": term(entry.category, str(label))}
        ]
        if entry.category
        else [],
    }
    return shown | _ours(entry)


def organisation(entry: OrganisationEntry) -> Json:
    """The organisation object. HSDS requires a description; ours may be empty."""
    shown: Json = {"id": entry.id, "name": entry.name, "description": entry.description}
    shown |= {key: value for key, value in (("email", entry.email), ("website", entry.website)) if value}
    if entry.phones:
        shown["phones"] = [phone(one, entry.id, n) for n, one in enumerate(entry.phones)]
    return shown


def service_at_location(entry: ServiceEntry, place: PlaceEntry) -> Json:
    """One place of a service."""
    lines = [schedule(one, place.id, n) for n, one in enumerate(entry.hours) if one.place_id == place.id]
    return {"id": place.id, "location": location(place), **({"schedules": lines} if lines else {})}


def location(place: PlaceEntry) -> Json:
    """A physical location. A point that is only the middle of a town is not exported as the place's own."""
    shown: Json = {"id": place.location_id, "location_type": "physical"} | ({"name": place.name} if place.name else {})
    if place.located is Located.GIVEN:
        shown |= {"latitude": place.latitude, "longitude": place.longitude}
    if place.municipality:
        shown["x_municipality"] = place.municipality
    if place.address or place.city or place.postal_code:
        shown["addresses"] = [
            {
                "id": _own("address", place.location_id),
                "address_1": place.address,
                "city": place.city,
                "state_province": place.municipality or "",
                "postal_code": place.postal_code,
                "country": place.country,
                "address_type": "physical",
            }
        ]
    if place.step_free is not None:
        shown["x_step_free"] = place.step_free
        text = "Step-free, wheelchair access" if place.step_free else "Not step-free"
        shown["accessibility"] = [{"id": _own("accessibility", place.location_id), "description": text}]
    return shown


def phone(entry: PhoneEntry, owner: str, n: int) -> Json:
    """A phone."""
    shown: Json = {"id": _own("phone", owner, n), "number": entry.number, "type": entry.kind}
    shown |= {"extension": int(entry.extension)} if entry.extension.isdigit() else {}
    shown |= {"description": entry.note} if entry.note else {}
    return shown | ({"x_verified_on": entry.verified_on.isoformat()} if entry.verified_on else {})


def schedule(line: HoursEntry, owner: str, n: int) -> Json:
    """A weekly schedule."""
    shown: Json = {"id": _own("schedule", owner, n), "freq": "WEEKLY", "byday": ",".join(line.days)}
    if line.opens is None or line.closes is None:
        shown["x_closed"] = True
    else:
        shown |= {"opens_at": _clock(line.opens), "closes_at": _clock(line.closes)}
    shown |= {"description": line.note} if line.note else {}
    shown |= {"valid_from": line.valid_from.isoformat()} if line.valid_from else {}
    return shown | ({"valid_to": line.valid_to.isoformat()} if line.valid_to else {})


def area(row: CoverageEntry, owner: str, n: int) -> Json:
    """A service area by municipality id or country."""
    shown: Json = {"id": _own("area", owner, n), "name": row.area, "x_area": row.area}
    shown |= {"x_valid_from": row.valid_from.isoformat()} if row.valid_from else {}
    return shown | ({"x_valid_to": row.valid_to.isoformat()} if row.valid_to else {})


def capacity(entry: CapacityEntry, owner: str) -> Json:
    """Confirmed free units with their time."""
    unit = {"id": _own("unit", entry.kind), "name": entry.kind}
    shown: Json = {"id": _own("capacity", owner, entry.kind), "unit": unit, "available": entry.available, "updated": _stamp(entry.at)}
    return shown | ({"maximum": entry.maximum} if entry.maximum is not None else {})


def _ours(entry: ServiceEntry) -> Json:
    shown: Json = {"x_confidential": False, "x_papers": entry.papers.value, "x_accepts": sorted(entry.accepts)}
    shown |= {"x_category": entry.category} if entry.category else {}
    shown |= {"x_cost": entry.cost.value} if entry.cost is not Cost.UNSTATED else {}
    if entry.cost_note and entry.cost_note not in entry.extra.values():
        shown["cost_options"] = [{"id": _own("cost", entry.id), "option": entry.cost_note}]
    shown |= _present(x_step_free=entry.step_free, x_boys_maximum_age=entry.boys_maximum_age)
    shown |= {"x_on_holidays": entry.on_holidays.value} if entry.on_holidays is not OnHolidays.UNSTATED else {}
    shown |= {"x_verified_on": entry.verified_on.isoformat()} if entry.verified_on else {}
    if entry.gatekeeper.name or entry.gatekeeper.contact or entry.gatekeeper.night:
        shown["x_gatekeeper"] = {"name": entry.gatekeeper.name, "contact": entry.gatekeeper.contact, "night": entry.gatekeeper.night}
    return shown


def exported(entries: Iterable[ServiceEntry], categories: Categories) -> Json:
    """One page with every public service in full."""
    contents = [service(entry, categories) for entry in entries]
    return page(contents, total=len(contents), number=1, size=len(contents))


def _present(**fields: Any) -> Json:
    return {key: value for key, value in fields.items() if value is not None}


def _own(*parts: object) -> str:
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts)))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
