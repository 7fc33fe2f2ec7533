"""HSDS 3.1 and 3.0 service objects -> entries. Lenient with what is missing, strict with what would mislead.

Hours, phones and coordinates that cannot be read are left out and noted; a service without a name or with an impossible status is bad. What
reads like a shelter is kept as confidential unless the record itself says otherwise (`x_confidential: false`): fail closed.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sos.directory.categories import Categories, Category
from sos.directory.entries import (
    CapacityEntry,
    CoverageEntry,
    Gatekeeper,
    HiddenEntry,
    OrganisationEntry,
    PhoneEntry,
    ServiceEntry,
)
from sos.directory.exchange import recognising
from sos.directory.exchange.cleaning import Unclear, day, line, phones, plain, truth, whole
from sos.directory.exchange.hsds_hours import hours
from sos.directory.exchange.hsds_places import place, rows_under, services_areas
from sos.directory.exchange.locating import Locator
from sos.directory.exchange.rows import BadRow, Row, stable_id
from sos.directory.states import Cost, OnHolidays, Papers, ServiceStatus, Whom

Json = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)
KEPT = (
    "alternate_name", "interpretation_services", "application_process", "fees_description", "wait_time", "accreditations",
    "eligibility_description", "assured_date", "assurer_email", "alert", "licenses", "fees",
)  # fmt: skip
"""text fields that we keep as they are and give back on export"""
_STATUS = {"": "active", "open": "active", "enabled": "active", "closed": "inactive", "temporarily_closed": "temporarily closed"}


class HsdsReader:
    """Reads service objects. A capacity without a time is as old as can be."""

    def __init__(self, categories: Categories, locator: Locator) -> None:
        self._categories = categories
        self._locator = locator

    def row(self, number: int, given: Any) -> Row:
        """One service object; never raises: what is wrong stands in `error`."""
        row = Row(number)
        if not isinstance(given, Mapping):
            row.error = "not an object"
            return row
        row.given_id = plain(given.get("id"), longest=100)
        try:
            self._read(given, row)
        except (BadRow, Unclear) as error:
            row.error = str(error)
        except RecursionError:
            row.error = "nested too deeply"
        return row

    def _read(self, given: Json, row: Row) -> None:
        category = self._category(given, row)
        entry = self._entry(given, category, row)
        said = truth(given.get("x_confidential"), field="x_confidential")
        redacted = any(rows.get("location_type") == "redacted" for rows in _locations(given))
        marked = any(re.search(r"\bconfidential\b|\bsecret address\b", text.casefold()) for text in _terms(given))
        if said is False and not redacted:
            row.entry = entry
        elif said or redacted or marked or (category is not None and category.confidential):
            row.hidden = self._hidden(given, entry, row, assumed=not said and not redacted and not marked)
        else:
            row.entry = entry

    def _hidden(self, given: Json, entry: ServiceEntry, row: Row, *, assumed: bool) -> HiddenEntry:
        gate = line(given.get("x_front_gate"), field="x_front_gate")
        if not gate and assumed:
            listed = [phone.number for phone in (*entry.organisation.phones, *entry.phones)] + [entry.organisation.email, entry.email]
            gate = next((contact for contact in listed if contact), "")
            row.notes.append("kept as confidential, as its category is; its listed contact is taken for the front gate")
        if not gate:
            raise BadRow("x_front_gate: a confidential service needs a front-gate contact (or x_confidential: false)")
        areas = [area for text in _strings(given.get("x_published_area")) for area in self._locator.areas(text)]
        return HiddenEntry(entry, gate, tuple(dict.fromkeys(areas)))

    def _category(self, given: Json, row: Row) -> Category | None:
        asked = plain(given.get("x_category"), longest=60)
        if asked:
            if asked not in self._categories.by_slug:
                raise BadRow(f"x_category: {asked[:40]!r} is none of {', '.join(self._categories.by_slug)}")
            return self._categories.by_slug[asked]
        found = recognising.category(self._categories, _terms(given))
        if found is None:
            found = recognising.category(self._categories, [plain(given.get("name"), longest=300)])
            row.notes.append(
                f"no term of ours: taken for {found.slug} by its name" if found else "no category recognised: kept, but not matched"
            )
        return found

    def _entry(self, given: Json, category: Category | None, row: Row) -> ServiceEntry:
        name = line(given.get("name"), field="name")
        if not name:
            raise BadRow("name: is missing")
        organisation = _organisation(given, name, row)
        first = next(iter(_locations(given)), {})
        where = plain(next(iter(rows_under(first, "addresses")), {}).get("city"), longest=100)
        own = stable_id("service", row.given_id) if row.given_id else stable_id("service", organisation.name, name, where)
        if not row.given_id:
            row.notes.append("no id: one is made of organisation, name and town")
        places = tuple(found for one in _places(given) if (found := place(one, own, self._locator, row.notes)) is not None)
        unique = tuple({one.id: one for one in places}.values())
        eligibility = plain(given.get("eligibility_description"), longest=2000)
        ages = [_age(given, field, row) for field in ("minimum_age", "maximum_age")]
        papers, asked = _papers(given)
        return ServiceEntry(
            id=own,
            organisation=organisation,
            name=name,
            category=category.slug if category else None,
            description=plain(given.get("description")),
            status=_status(given),
            website=plain(given.get("url"), longest=500),
            email=plain(given.get("email"), longest=255),
            cost=_cost(given),
            cost_note=plain(next((text for text in _cost_texts(given) if text), ""), longest=500),
            papers=papers,
            papers_asked=asked,
            step_free=truth(given.get("x_step_free"), field="x_step_free"),
            minimum_age=ages[0],
            maximum_age=ages[1],
            boys_maximum_age=_boys(given, eligibility),
            on_holidays=_choice(OnHolidays, given.get("x_on_holidays") or "unstated", "x_on_holidays"),
            gatekeeper=_gatekeeper(given.get("x_gatekeeper")),
            verified_on=_soft_day(given.get("x_verified_on") or given.get("assured_date"), row),
            extra=_extra(given),
            places=unique,
            phones=_phones(given, row),
            hours=hours(given, unique, row.notes),
            languages=frozenset(code for one in rows_under(given, "languages") if (code := _language(one, row))),
            accepts=_accepts(given, eligibility, ages),
            coverage=self._coverage(given, row),
            capacities=self._capacities(given, row),
        )

    def _coverage(self, given: Json, row: Row) -> tuple[CoverageEntry, ...]:
        found: list[CoverageEntry] = []
        for one in services_areas(given):
            text = plain(one.get("x_area") or one.get("name") or one.get("extent") or one.get("description"), longest=300)
            areas = self._locator.areas(text) if text else ()
            if not areas:
                row.notes.append(f"service area not recognised: {text[:60]!r}")
            first, last = _soft_day(one.get("x_valid_from"), row), _soft_day(one.get("x_valid_to"), row)
            found += [CoverageEntry(area, first, last) for area in areas]
        return tuple(dict.fromkeys(found))

    def _capacities(self, given: Json, row: Row) -> tuple[CapacityEntry, ...]:
        found: dict[str, CapacityEntry] = {}
        for one in (*rows_under(given, "capacities"), *rows_under(given, "service_capacities")):
            unit = one.get("unit")
            kind = plain(unit.get("name") if isinstance(unit, Mapping) else unit, longest=40).casefold() or "bed"
            try:
                free = whole(one.get("available"), field="capacity")
                most = whole(one.get("maximum"), field="capacity")
            except Unclear as error:
                row.notes.append(f"{error}: left out")
                continue
            if free is not None:
                found[kind] = CapacityEntry(kind, free, most, _moment(one.get("updated")))
        return tuple(found[kind] for kind in sorted(found))


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(plain(value, longest=60))
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _organisation(given: Json, service_name: str, row: Row) -> OrganisationEntry:
    org = given.get("organization") or given.get("organisation")
    org = org if isinstance(org, Mapping) else {}
    name = line(org.get("name") or given.get("organization_name"), field="organization.name")
    own = plain(org.get("id") or given.get("organization_id"), longest=100)
    if not name:
        row.notes.append("no organisation: the service's own name stands for it")
        name = service_name
    return OrganisationEntry(
        id=stable_id("organisation", own or name),
        name=name,
        description=plain(org.get("description")),
        website=plain(org.get("website") or org.get("url"), longest=500),
        email=plain(org.get("email"), longest=255),
        phones=tuple(phone for one in rows_under(org, "phones") for phone in _phone(one, row)),
    )


def _phones(given: Json, row: Row) -> tuple[PhoneEntry, ...]:
    sources = [given, *rows_under(given, "contacts"), *rows_under(given, "service_at_locations"), *_locations(given)]
    found = [phone for source in sources for one in rows_under(source, "phones") for phone in _phone(one, row)]
    found += phones(given.get("phone")) if isinstance(given.get("phone"), str | int) else []
    return tuple({(phone.number, phone.extension): phone for phone in reversed(found)}.values())[::-1]


def _phone(one: Json, row: Row) -> list[PhoneEntry]:
    kind = plain(one.get("type"), longest=20) or "voice"
    verified = _soft_day(one.get("x_verified_on"), row)
    read = phones(
        one.get("number"), note=plain(one.get("description"), longest=500), kind=kind, extension=one.get("extension"), verified_on=verified
    )
    if not read:
        row.notes.append("a phone without a number was left out")
    return read


def _language(one: Json, row: Row) -> str | None:
    code = recognising.language(plain(one.get("code"), longest=40)) or recognising.language(plain(one.get("name"), longest=60))
    if code is None:
        row.notes.append(f"language not known: {plain(one.get('name') or one.get('code'), longest=30)!r}")
    return code


def _accepts(given: Json, eligibility: str, ages: list[int | None]) -> frozenset[Whom]:
    if given.get("x_accepts") is not None:
        return frozenset(one for text in _strings(given.get("x_accepts")) if (one := recognising.whom(text)))
    texts = [eligibility, *_terms(given)]
    found = recognising.whom_in(" . ".join(texts))
    return found | {Whom.CHILDREN} if ages[0] is not None and ages[0] < 14 and ages[1] is not None and ages[1] < 30 else found


def _papers(given: Json) -> tuple[Papers, tuple[str, ...]]:
    asked = tuple(text for one in rows_under(given, "required_documents") if (text := plain(one.get("document"), longest=500)))
    said = plain(given.get("x_papers"), longest=20)
    if said in set(Papers):
        return Papers(said), asked if Papers(said) is Papers.SOME else ()
    if len(asked) == 1 and asked[0].casefold().strip(" .") in ("none", "none required", "no documents", "no documents required", "n/a"):
        return Papers.NONE, ()
    return (Papers.SOME, asked) if asked else (Papers.NONE_LISTED, ())


def _cost(given: Json) -> Cost:
    said = plain(given.get("x_cost"), longest=20)
    if said in set(Cost):
        return Cost(said)
    amounts = [one.get("amount") for one in rows_under(given, "cost_options")]
    if amounts:
        return Cost.FREE if all(amount in (0, 0.0, "0", "0.00") for amount in amounts) else Cost.PAID
    text = " ".join(_cost_texts(given)).casefold().strip()
    if not text:
        return Cost.UNSTATED
    return (
        Cost.FREE
        if re.search(r"\b(free|no (?:fee|cost|charge)s?|falas|besplatn\w*|ücretsiz)\b", text) and not re.search(r"\d", text)
        else Cost.UNSTATED
    )


def _cost_texts(given: Json) -> list[str]:
    options = [plain(one.get("amount_description") or one.get("option"), longest=500) for one in rows_under(given, "cost_options")]
    return [plain(given.get("fees_description"), longest=500), plain(given.get("fees"), longest=500), *options]


def _status(given: Json) -> ServiceStatus:
    text = plain(given.get("status"), longest=40).casefold()
    return _choice(ServiceStatus, _STATUS.get(text, text), "status")


def _choice(kind: type[Choice], value: object, field: str) -> Choice:
    text = plain(value, longest=40).casefold()
    try:
        return kind(text)
    except ValueError:
        raise BadRow(f"{field}: say one of {', '.join(kind)}, not {text[:30]!r}") from None


def _age(given: Json, field: str, row: Row) -> int | None:
    try:
        return whole(given.get(field), field=field, most=150)
    except Unclear as error:
        row.notes.append(f"{error}: left out")
        return None


def _boys(given: Json, eligibility: str) -> int | None:
    said = whole(given.get("x_boys_maximum_age"), field="x_boys_maximum_age", most=30)
    return said if said is not None else recognising.boys_up_to(eligibility)


def _gatekeeper(value: object) -> Gatekeeper:
    if isinstance(value, Mapping):
        return Gatekeeper(*(plain(value.get(key), longest=255) for key in ("name", "contact", "night")))
    return Gatekeeper(plain(value, longest=255))


def _soft_day(value: object, row: Row) -> date | None:
    try:
        return day(value, field="date")
    except Unclear as error:
        row.notes.append(f"{error}: left out")
        return None


def _extra(given: Json) -> dict[str, str]:
    return {name: text for name in KEPT if (text := plain(given.get(name)))}


def _terms(given: Json) -> list[str]:
    """Names and codes of the taxonomy terms that hang on the service, and simple tags."""
    found = []
    for one in rows_under(given, "attributes"):
        term = one.get("taxonomy_term")
        term = term if isinstance(term, Mapping) else {}
        found += [plain(value, longest=100) for value in (term.get("code"), term.get("name"), one.get("value"), one.get("label"))]
    for key in ("taxonomy_terms", "service_taxonomys", "categories"):
        for one in given.get(key) or () if isinstance(given.get(key), list) else ():
            inner = one.get("taxonomy_term", one) if isinstance(one, Mapping) else {"name": one}
            inner = inner if isinstance(inner, Mapping) else {"name": inner}
            found += [plain(inner.get(value), longest=100) for value in ("code", "name")]
    found += [plain(given.get(key), longest=100) for key in ("category", "type") if isinstance(given.get(key), str)]
    return [text for text in dict.fromkeys(found) if text]


def _locations(given: Json) -> list[Json]:
    return [location for location, _ in _places(given)]


def _places(given: Json) -> list[tuple[Json, Json]]:
    """(location, service_at_location) pairs."""
    pairs: list[tuple[Json, Json]] = []
    for one in rows_under(given, "service_at_locations"):
        location = one.get("location")
        if isinstance(location, Mapping):
            pairs.append((location, one))
    pairs += [(location, {}) for location in rows_under(given, "locations")]
    single = given.get("location")
    if isinstance(single, Mapping):
        pairs.append((single, {}))
    return pairs


def _strings(value: object) -> list[str]:
    return [plain(one, longest=60) for one in value] if isinstance(value, list) else [part for part in plain(value).split(";") if part]
