"""A confidential service in two sealed halves: the card that operators' matching reads, and the place that only a reveal opens.

Pure but for the key it is given. Neither half is ever shown by repr, logged, or put into a public table.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sos.directory.entries import CoverageEntry, Gatekeeper, HiddenEntry, OrganisationEntry, ServiceEntry, as_plain, service_from_plain
from sos.encryption import open_sealed, seal
from sos.shelters.errors import NoFrontGate

TABLE = "hidden_services"
COUNTRIES = ("XK", "RS")


@dataclass(frozen=True, slots=True)
class Card:
    """What operators may see: published area, capacity, criteria, front gate. No place, no direct number, no organisation."""

    id: str
    name: str = field(repr=False)
    front_gate: str = field(repr=False)
    published_area: tuple[str, ...] = field(repr=False)
    service: ServiceEntry = field(repr=False)
    """criteria, hours, languages and capacity; its places are empty, its coverage is the published area"""


def sealed(key: bytes, entry: HiddenEntry) -> tuple[bytes, bytes]:
    """(card, place) for the two columns. Raises NoFrontGate."""
    if not entry.front_gate.strip():
        raise NoFrontGate("a confidential service needs a front-gate contact")
    card, row = _card_plain(entry), entry.service.id
    place = {"service": as_plain(entry.service), "front_gate": entry.front_gate, "published_area": list(entry.published_area)}
    return (
        seal(key, _bytes(card), table=TABLE, column="card", row=row),
        seal(key, _bytes(place), table=TABLE, column="place", row=row),
    )


def open_card(key: bytes, row: str, card: bytes) -> Card:
    """What operators' matching reads. Raises CannotOpen."""
    plain = json.loads(open_sealed(key, card, table=TABLE, column="card", row=row))
    service = service_from_plain(plain["service"])
    return Card(row, service.name, plain["front_gate"], tuple(plain["published_area"]), service)


def open_place(key: bytes, row: str, place: bytes) -> HiddenEntry:
    """The whole record. Only `reveal`, and the import that compares, may call this. Raises CannotOpen."""
    plain = json.loads(open_sealed(key, place, table=TABLE, column="place", row=row))
    return HiddenEntry(service_from_plain(plain["service"]), plain["front_gate"], tuple(plain["published_area"]))


def published(entry: HiddenEntry) -> tuple[str, ...]:
    """The published area: as given, else the whole country where the place lies, else both."""
    if entry.published_area:
        return entry.published_area
    countries = {place.country for place in entry.service.places if place.country in COUNTRIES}
    countries |= {row.area[:2].upper() for row in entry.service.coverage} & set(COUNTRIES)
    return (countries.pop(),) if len(countries) == 1 else COUNTRIES


def _card_plain(entry: HiddenEntry) -> dict[str, object]:
    area = published(entry)
    open_side = replace(
        entry.service,
        name=_alias(entry.service),
        organisation=OrganisationEntry(id="", name=""),
        description="",
        website="",
        email="",
        extra={},
        places=(),
        phones=(),
        gatekeeper=Gatekeeper(name=entry.service.gatekeeper.name)
        if not _tells(entry.service.gatekeeper.name, entry.service)
        else Gatekeeper(),
        hours=tuple(replace(line, place_id=None, note="") for line in entry.service.hours),
        coverage=tuple(CoverageEntry(one) for one in area),
        step_free=_step_free(entry.service),
        cost_note="",
    )
    return {"service": as_plain(open_side), "front_gate": entry.front_gate, "published_area": list(area)}


def _step_free(service: ServiceEntry) -> bool | None:
    known = [place.step_free for place in service.places if place.step_free is not None]
    return service.step_free if service.step_free is not None or not known else all(known)


def _alias(service: ServiceEntry) -> str:
    """Its name, unless that tells the town: then a name made of its random id."""
    return f"Confidential service {service.id[:4]}" if _tells(service.name, service) else service.name


def _tells(text: str, service: ServiceEntry) -> bool:
    words = set(_words([text]))
    places = service.places
    telling = _words(
        part for place in places for part in (place.name, place.address, place.city, (place.municipality or "").partition("-")[2])
    )
    telling |= _words(row.area.partition("-")[2] for row in service.coverage)
    return any(word == told or (len(told) > 3 and word[:4] == told[:4]) for word in words for told in telling)


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in "".join(c if c.isalpha() else " " for c in text.casefold()).split() if len(word) > 2}


def _bytes(plain: object) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()
