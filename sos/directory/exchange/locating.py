"""Where a public address is: given coordinates, else the town by the gazetteer. Never asks a server, never places a hidden address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sos.directory.entries import PlaceEntry
from sos.directory.exchange.cleaning import telling
from sos.directory.states import Located
from sos.geo.places import Located as Found
from sos.geo.places import Place

CITIES = {
    "rs-nis": ("rs-medijana", "rs-pantelej", "rs-palilula-nis", "rs-crveni-krst", "rs-niska-banja"),
    "rs-beograd": (
        "rs-stari-grad", "rs-savski-venac", "rs-vracar", "rs-zvezdara", "rs-palilula-beograd", "rs-vozdovac", "rs-cukarica", "rs-rakovica",
        "rs-novi-beograd", "rs-zemun", "rs-surcin", "rs-barajevo", "rs-grocka", "rs-lazarevac", "rs-mladenovac", "rs-obrenovac", "rs-sopot",
    ),
}  # fmt: skip
"""two cities of Serbia are made of several municipalities; who says the city means them all"""
_CITY_NAMES = {
    "nis": "rs-nis",
    "ниш": "rs-nis",
    "nisu": "rs-nis",
    "beograd": "rs-beograd",
    "београд": "rs-beograd",
    "belgrade": "rs-beograd",
    "beogradu": "rs-beograd",
}
_COUNTRIES = {
    "XK": "xk xkx ks kos kosovo kosova kosove kosovo republic kosovo metohija косово",
    "RS": "rs srb yu serbia srbija serbi serbia republic sirbistan србија",
}
_COUNTRY_OF = {name: code for code, names in _COUNTRIES.items() for name in names.split()}


class PlaceBook(Protocol):
    """The part of `sos.geo.gazetteer.Gazetteer` that is needed here."""

    def locate(self, text: str, *, country: str | None = None) -> Found: ...
    def municipality(self, municipality_id: str) -> Place | None: ...
    def municipality_at(self, lat: float, lon: float) -> Place | None: ...


@dataclass(frozen=True, slots=True)
class Locator:
    """Fills in what an address leaves out."""

    book: PlaceBook

    def placed(self, place: PlaceEntry, notes: list[str]) -> PlaceEntry:
        """The place with municipality, country and point as far as they can be known; what was guessed goes into `notes`."""
        if place.latitude is not None and place.longitude is not None:
            return self._by_point(place, notes)
        named = self._named(place)
        if named is None:
            if place.city or place.address:
                notes.append("no coordinates, and the town is not in the gazetteer: listed without distance")
            return replace(place, latitude=None, longitude=None, located=Located.NOWHERE)
        return replace(
            place,
            municipality=place.municipality or named.municipality_id,
            country=place.country or named.country,
            latitude=named.lat,
            longitude=named.lon,
            located=Located.GAZETTEER,
        )

    def known(self, municipality_id: str) -> str | None:
        """The id where it is one of a municipality."""
        return municipality_id if municipality_id and self.book.municipality(municipality_id) else None

    def areas(self, text: str) -> tuple[str, ...]:
        """What a service area's name covers: XK, RS, one municipality, all of a city; empty where it is not known or ambiguous."""
        named = country(text)
        if named:
            return (named,)
        known = self.book.municipality(text.strip())
        if known:
            return (known.id,)
        return self.municipalities(text)

    def municipalities(self, text: str) -> tuple[str, ...]:
        """The municipalities that a name means; several only for Niš and Belgrade. Empty where unknown or ambiguous."""
        known = self.book.municipality(text.strip())
        if known:
            return (known.id,)
        city = _CITY_NAMES.get(telling([text]).strip())
        if city:
            return CITIES[city]
        found = self.book.locate(text).place
        return (found.municipality_id,) if found else ()

    def _by_point(self, place: PlaceEntry, notes: list[str]) -> PlaceEntry:
        lat, lon = place.latitude or 0.0, place.longitude or 0.0
        at = self.book.municipality_at(lat, lon)
        if at is None and abs(lon) <= 90 and (turned := self.book.municipality_at(lon, lat)) is not None:
            notes.append("latitude and longitude were exchanged")
            lat, lon, at = lon, lat, turned
        if at is None:
            return replace(place, located=Located.GIVEN)
        return replace(
            place,
            latitude=lat,
            longitude=lon,
            municipality=place.municipality or at.id,
            country=place.country or at.country,
            located=Located.GIVEN,
        )

    def _named(self, place: PlaceEntry) -> Place | None:
        hint = place.country if place.country in ("XK", "RS") else None
        if place.country and hint is None:
            return None
        town = self.book.municipality(place.municipality) if place.municipality else None
        for text in self._texts(place):
            found = self.book.locate(text, country=hint).place
            if found and (town is None or found.municipality_id == town.id):
                return found
        return town

    def _texts(self, place: PlaceEntry) -> Sequence[str]:
        return [text for text in (place.city, place.name, place.address) if text]


def country(text: str) -> str:
    """XK or RS for their codes and names, another country's two letters as they are, else empty."""
    folded = telling([text]).strip()
    if folded in _COUNTRY_OF:
        return _COUNTRY_OF[folded]
    bare = text.strip()
    return bare.upper() if len(bare) == 2 and bare.isascii() and bare.isalpha() else ""
