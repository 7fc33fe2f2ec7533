"""HSDS locations, addresses and service areas -> public places. A virtual or postal location is no place to go to."""

import re
from collections.abc import Mapping
from typing import Any

from sos.directory.entries import PlaceEntry
from sos.directory.exchange.cleaning import Unclear, degrees, plain
from sos.directory.exchange.locating import Locator, country
from sos.directory.exchange.rows import stable_id

Json = Mapping[str, Any]
_STEP_FREE = re.compile(
    r"wheelchair|step[- ]free|ramp|\blift\b|elevator|kolica|kolicima|rampa|karroc|pa shkall|bez stepenica|tekerlekli", re.IGNORECASE
)
_NOT = re.compile(r"\bnot?\b|\bnuk\b|\bnije\b|\bwithout (?:a )?(?:ramp|lift|elevator)|inaccessible|no access", re.IGNORECASE)


def rows_under(given: Json, key: str) -> list[Json]:
    """The objects of the list under `key`; anything else in there is passed over."""
    value = given.get(key)
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def services_areas(given: Json) -> list[Json]:
    """Service areas of the service and of its locations, each once."""
    found = [*rows_under(given, "service_areas")]
    found += [area for one in rows_under(given, "service_at_locations") for area in rows_under(one, "service_areas")]
    return list(
        {
            plain(area.get("x_area") or area.get("name") or area.get("extent") or area.get("description")) or n: area
            for n, area in enumerate(found)
        }.values()
    )


def place(pair: tuple[Json, Json], service_id: str, locator: Locator, notes: list[str]) -> PlaceEntry | None:
    """A physical place; None for a virtual or postal one, or one that says nothing of where it is."""
    location, _ = pair
    if plain(location.get("location_type"), longest=20).casefold() in ("virtual", "postal", "redacted"):
        return None
    address = _address(location)
    city = plain(address.get("city") or address.get("region") or location.get("city"), longest=255)
    street = ", ".join(part for part in (plain(address.get(key), longest=240) for key in ("address_1", "address_2")) if part)
    name = plain(location.get("name"), longest=255)
    lat, lon = _point(location, notes)
    if lat is None and not city and not street and not name:
        return None
    given = plain(location.get("id"), longest=100)
    own = stable_id("location", given) if given else stable_id("location", service_id, name, street, city)
    return locator.placed(
        PlaceEntry(
            id=stable_id("place", service_id, own),
            location_id=own,
            name=name,
            address=street,
            city=city,
            postal_code=plain(address.get("postal_code"), longest=20),
            municipality=locator.known(plain(location.get("x_municipality"), longest=60)),
            country=country(plain(address.get("country"), longest=60)),
            latitude=lat,
            longitude=lon,
            step_free=_step_free(location),
        ),
        notes,
    )


def _address(location: Json) -> Json:
    addresses = rows_under(location, "addresses") or rows_under(location, "physical_addresses") or rows_under(location, "address")
    physical = [one for one in addresses if one.get("address_type") in ("physical", None, "")]
    return next(iter(physical or addresses), {})


def _point(location: Json, notes: list[str]) -> tuple[float | None, float | None]:
    try:
        lat = degrees(location.get("latitude"), field="latitude", most=180)
        lon = degrees(location.get("longitude"), field="longitude", most=180)
    except Unclear as error:
        notes.append(f"{error}: coordinates left out")
        return None, None
    if lat is None or lon is None or (lat, lon) == (0.0, 0.0):
        return None, None
    if abs(lat) > 90 and abs(lon) > 90:
        notes.append("latitude: is beyond the pole: coordinates left out")
        return None, None
    if abs(lat) > 90:
        notes.append("latitude: is beyond the pole: coordinates left out")
        return None, None
    return lat, lon


def _step_free(location: Json) -> bool | None:
    said = location.get("x_step_free")
    if isinstance(said, bool):
        return said
    texts = [plain(one.get(key), longest=500) for one in rows_under(location, "accessibility") for key in ("description", "details")]
    text = " ".join(part for part in texts if part)
    if not _STEP_FREE.search(text):
        return None
    return not _NOT.search(text)
