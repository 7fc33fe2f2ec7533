"""Better points for PUBLIC addresses, from a geocoding server of the installation's own. Asked only when an operator names one.

A confidential record, or one that the vault already holds, is never asked about: its address would be known to whoever runs the server.
Asks outside any transaction. What the server does not know keeps the middle of its town.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from sos.directory.entries import PlaceEntry, ServiceEntry
from sos.directory.exchange.rows import Row
from sos.directory.states import Located
from sos.geo.geocoder import Geocoder, PublicAddress, ServerFailed

MunicipalityAt = Callable[[float, float], str | None]


def sharpen(rows: Sequence[Row], geocoder: Geocoder, *, confidential: Container[str], municipality_at: MunicipalityAt) -> None:
    """Give every public address that stands in the middle of its town its own point, where the server knows it within that municipality.

    `confidential`: ids that the vault holds. Notes of a row say what was found and what failed, never the address.
    """
    for row in rows:
        if row.entry is not None and not row.hidden and row.entry.id not in confidential:
            row.entry = _sharpened(row.entry, geocoder, municipality_at, row.notes)


def _sharpened(entry: ServiceEntry, geocoder: Geocoder, municipality_at: MunicipalityAt, notes: list[str]) -> ServiceEntry:
    places = tuple(_placed(place, geocoder, municipality_at, notes) for place in entry.places)
    return replace(entry, places=places)


def _placed(place: PlaceEntry, geocoder: Geocoder, municipality_at: MunicipalityAt, notes: list[str]) -> PlaceEntry:
    if place.located is not Located.GAZETTEER or not place.address:
        return place
    try:
        point = geocoder.coordinates(PublicAddress(place.address, place.city, place.country))
    except ServerFailed as failed:
        notes.append(f"the geocoding server failed ({failed}): the middle of the town stands")
        return place
    if point is None or municipality_at(*point) != place.municipality:
        notes.append("the geocoding server does not know this address in its municipality: the middle of the town stands")
        return place
    return replace(place, latitude=point[0], longitude=point[1], located=Located.GEOCODED)
