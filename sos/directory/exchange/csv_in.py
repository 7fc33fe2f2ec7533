"""Our CSV -> entries. A cell that cannot be read makes its row bad, with a sentence; it is never half-read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

from sos.directory.categories import Categories
from sos.directory.entries import (
    CapacityEntry,
    CoverageEntry,
    Gatekeeper,
    HiddenEntry,
    OrganisationEntry,
    PlaceEntry,
    ServiceEntry,
)
from sos.directory.errors import NotReadable
from sos.directory.exchange import cleaning, recognising
from sos.directory.exchange.cleaning import Unclear, day, degrees, line, listed, phones, plain, timetable, truth, whole
from sos.directory.exchange.csv_columns import NAMES, NEEDED, OF_PLACE, OTHER_NAMES
from sos.directory.exchange.locating import Locator, country
from sos.directory.exchange.rows import BadRow, Row, stable_id
from sos.directory.states import Cost, OnHolidays, Papers, ServiceStatus, Whom

Cells = Mapping[str, str]
Choice = TypeVar("Choice", bound=StrEnum)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHERE = OF_PLACE - {"country", "hours", "step_free"}


class CsvReader:
    """Reads rows into entries. A capacity without a time counts as confirmed `undated`: by default as old as can be."""

    def __init__(self, categories: Categories, locator: Locator, *, undated: datetime = EPOCH) -> None:
        self._categories = categories
        self._locator = locator
        self._undated = undated

    def columns(self, header: Mapping[str, str], name: str) -> dict[str, str]:
        """Given column -> ours. Raises NotReadable when a needed one is absent."""
        ours = {given: OTHER_NAMES.get(given, given) for given in header if given}
        missing = [needed for needed in NEEDED if needed not in ours.values()]
        if missing:
            raise NotReadable(f"{name}: the column {missing[0]!r} is missing; `flask directory template csv` prints the columns")
        return {given: our for given, our in ours.items() if our in NAMES}

    def row(self, number: int, cells: Cells, columns: Mapping[str, str]) -> Row:
        """One row; never raises: what is wrong stands in `error`."""
        mine = dict.fromkeys(NAMES, "") | {our: cells.get(given) or "" for given, our in columns.items()}
        row = Row(number, given_id=plain(mine["service_id"], longest=100))
        unknown = sorted(name for name in cells if name and name not in columns)
        if unknown:
            row.notes.append(f"columns not used: {', '.join(unknown)[:200]}")
        try:
            if "" in cells:
                raise BadRow("more cells than columns: is a quotation mark missing?")
            self._read(mine, row)
        except (BadRow, Unclear) as error:
            row.error = str(error)
        return row

    def _read(self, cells: Cells, row: Row) -> None:
        category = self._category(cells)
        entry = self._entry(cells, category, row)
        said = truth(cells["confidential"], field="confidential")
        kind = self._categories.by_slug[category]
        if said or (said is None and kind.confidential):
            gate = line(cells["front_gate"], field="front_gate")
            if not gate and said is None and entry.phones:
                gate = entry.phones[0].number
                row.notes.append("kept as confidential, as its category is; its listed number is taken for the front gate")
            if not gate:
                raise BadRow("front_gate: a confidential service needs a front-gate contact (or say confidential: no)")
            areas = [area for text in listed(cells["published_area"], between=";|,") for area in self._areas(text, "published_area")]
            row.hidden = HiddenEntry(entry, gate, tuple(dict.fromkeys(areas)))
        else:
            row.entry = entry

    def _category(self, cells: Cells) -> str:
        text = plain(cells["category"], longest=100)
        found = recognising.category(self._categories, [text]) if text else None
        if found is None:
            raise BadRow(f"category: {text[:40]!r} is none of {', '.join(self._categories.by_slug)}")
        return found.slug

    def _entry(self, cells: Cells, category: str, row: Row) -> ServiceEntry:
        organisation_name, name = line(cells["organisation"], field="organisation"), line(cells["name"], field="name")
        for field, value in (("organisation", organisation_name), ("name", name)):
            if not value:
                raise BadRow(f"{field}: is empty")
        organisation = OrganisationEntry(
            stable_id("organisation", plain(cells["organisation_id"], longest=100) or organisation_name),
            organisation_name,
            website=plain(cells["organisation_website"], longest=500),
        )
        where = cells["city"] or cells["municipality"]
        service_id = (
            stable_id("service", row.given_id) if row.given_id else stable_id("service", organisation_name, name, where, cells["address"])
        )
        places = self._places(cells, service_id, row)
        verified = day(cells["verified_on"], field="verified_on")
        papers, asked = _papers(cells["papers"])
        return ServiceEntry(
            id=service_id,
            organisation=organisation,
            name=name,
            category=category,
            description=plain(cells["description"]),
            status=_choice(ServiceStatus, cells["status"] or "active", "status"),
            website=plain(cells["website"], longest=500),
            email=line(cells["email"], field="email"),
            cost=_cost(cells["cost"]),
            cost_note="" if _cost(cells["cost"]) is not Cost.PAID else plain(cells["cost"], longest=500),
            papers=papers,
            papers_asked=asked,
            step_free=None if places else truth(cells["step_free"], field="step_free"),
            minimum_age=whole(cells["minimum_age"], field="minimum_age", most=120),
            maximum_age=whole(cells["maximum_age"], field="maximum_age", most=120),
            boys_maximum_age=whole(cells["boys_maximum_age"], field="boys_maximum_age", most=30),
            on_holidays=_choice(OnHolidays, cells["holidays"] or "unstated", "holidays"),
            gatekeeper=Gatekeeper(*(line(cells[key], field=key) for key in ("gatekeeper", "gatekeeper_contact", "gatekeeper_night"))),
            verified_on=verified,
            extra=_extra(cells["extra"]),
            places=places,
            phones=tuple(phones(cells["phones"], verified_on=verified)),
            hours=timetable(cells["hours"]),
            languages=frozenset(_language(text) for text in listed(cells["languages"], between=";|,/")),
            accepts=frozenset(_whom(text) for text in listed(cells["accepts"], between=";|,")),
            coverage=self._coverage(cells),
            capacities=self._capacities(cells),
        )

    def _places(self, cells: Cells, service_id: str, row: Row) -> tuple[PlaceEntry, ...]:
        if not any(cells[name].strip() for name in _WHERE):
            return ()
        town = self._locator.municipalities(cells["municipality"]) if cells["municipality"].strip() else ()
        if cells["municipality"].strip() and not town:
            raise BadRow(f"municipality: {plain(cells['municipality'], longest=40)!r} is not known or not clear")
        land = country(cells["country"])
        if cells["country"].strip() and not land:
            raise BadRow("country: say XK or RS")
        given = plain(cells["location_id"], longest=100)
        location = (
            stable_id("location", given)
            if given
            else stable_id("location", service_id, cells["place_name"], cells["address"], cells["city"])
        )
        place = PlaceEntry(
            id=stable_id("place", service_id, location),
            location_id=location,
            name=line(cells["place_name"], field="place_name"),
            address=line(cells["address"], field="address", longest=500),
            city=line(cells["city"], field="city"),
            postal_code=line(cells["postal_code"], field="postal_code", longest=20),
            municipality=town[0] if len(town) == 1 else None,
            country=land,
            latitude=degrees(cells["latitude"], field="latitude", most=90),
            longitude=degrees(cells["longitude"], field="longitude", most=180),
            step_free=truth(cells["step_free"], field="step_free"),
        )
        if (place.latitude is None) != (place.longitude is None):
            raise BadRow("latitude, longitude: give both or none")
        return (self._locator.placed(place, row.notes),)

    def _coverage(self, cells: Cells) -> tuple[CoverageEntry, ...]:
        first, last = day(cells["coverage_from"], field="coverage_from"), day(cells["coverage_to"], field="coverage_to")
        if first and last and last < first:
            raise BadRow("coverage_to: is before coverage_from")
        rows = []
        for text in listed(cells["coverage"], between=";|,"):
            name, _, period = text.partition("@")
            starts, ends = _period(period) if period else (first, last)
            rows += [CoverageEntry(area, starts, ends) for area in self._areas(name, "coverage")]
        return tuple(dict.fromkeys(rows))

    def _areas(self, text: str, field: str) -> tuple[str, ...]:
        found = self._locator.areas(text)
        if not found:
            raise BadRow(f"{field}: {text[:40]!r} is not known or not clear")
        return found

    def _capacities(self, cells: Cells) -> tuple[CapacityEntry, ...]:
        try:
            at = datetime.fromisoformat(cells["capacity_at"].strip()) if cells["capacity_at"].strip() else self._undated
        except ValueError:
            raise BadRow("capacity_at: is not a time like 2026-11-22T08:00:00+01:00") from None
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        found: dict[str, CapacityEntry] = {}
        for text in listed(cells["capacity"], between=";|,"):
            kind, _, count = text.rpartition(" ")
            free, _, most = count.partition("/")
            available = whole(free, field="capacity")
            if available is None:
                raise BadRow("capacity: write it like bed 3/8")
            kind = kind.strip().casefold() or "bed"
            found[kind] = CapacityEntry(kind[:40], available, whole(most, field="capacity"), at)
        return tuple(found[kind] for kind in sorted(found))


def merged(first: ServiceEntry, second: ServiceEntry) -> ServiceEntry | None:
    """Two rows of one service at two places as one entry; None when they differ in more than place and hours."""
    if replace(first, places=(), hours=()) != replace(second, places=(), hours=()):
        return None
    held = {place.id for place in first.places}
    fresh = tuple(place for place in second.places if place.id not in held)
    general = {replace(one, place_id=None) for one in first.hours} == set(second.hours)
    hours = first.hours
    if fresh and not general:
        own = tuple(replace(one, place_id=place.id) for place in first.places[:1] for one in first.hours if one.place_id is None)
        kept = tuple(one for one in first.hours if one.place_id is not None)
        hours = own + kept + tuple(replace(one, place_id=fresh[0].id) for one in second.hours)
    return replace(first, places=first.places + fresh, hours=hours)


def _choice(kind: type[Choice], text: str, field: str) -> Choice:
    try:
        return kind(" ".join(plain(text, longest=40).casefold().replace("_", " ").split()))
    except ValueError:
        raise BadRow(f"{field}: say one of {', '.join(kind)}, not {text[:30]!r}") from None


def _cost(text: str) -> Cost:
    words = cleaning.telling([text]).strip()
    if not words:
        return Cost.UNSTATED
    return Cost.FREE if words in ("free", "0", "falas", "besplatno", "ucretsiz", "free of charge", "no cost") else Cost.PAID


def _papers(text: str) -> tuple[Papers, tuple[str, ...]]:
    asked = listed(text)
    if not asked:
        return Papers.UNSTATED, ()
    words = cleaning.telling(asked).strip()
    if words in ("none", "no", "asnje", "nikakva", "bez", "yok"):
        return Papers.NONE, ()
    return (Papers.NONE_LISTED, ()) if words == "none listed" else (Papers.SOME, tuple(asked))


def _language(text: str) -> str:
    code = recognising.language(text)
    if code is None:
        raise BadRow(f"languages: {text[:30]!r} is not known")
    return code


def _whom(text: str) -> Whom:
    found = recognising.whom(text)
    if found is None:
        raise BadRow(f"accepts: {text[:30]!r} is none of {', '.join(Whom)}")
    return found


def _period(text: str) -> tuple[date | None, date | None]:
    first, _, last = text.partition("..")
    return day(first, field="coverage"), day(last, field="coverage")


def _extra(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRow("extra: is not JSON") from None
    if not isinstance(found, dict):
        raise BadRow("extra: is not a JSON object")
    return {plain(key, longest=60): plain(value) for key, value in found.items() if plain(value)}
