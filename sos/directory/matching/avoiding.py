"""What a name to stay away from takes out: every municipality that it may mean, and every service that bears its name. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sos.directory.exchange.locating import Locator, PlaceBook
from sos.geo.naming import folded_name
from sos.geo.places import Place


@dataclass(frozen=True, slots=True)
class Avoided:
    """Municipality ids and folded names; `unknown`: names that mean nothing here."""

    municipalities: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(repr=False)
    unknown: tuple[str, ...] = field(repr=False, default=())


def avoided(book: PlaceBook, texts: Iterable[str]) -> Avoided:
    """Where a name is ambiguous all its meanings are avoided: too far is safer than too near."""
    areas: dict[str, None] = {}
    unknown = []
    for text in texts:
        found = Locator(book).municipalities(text) or tuple(place.municipality_id for place in book.locate(text).candidates)
        if not found:
            unknown.append(text)
        areas.update(dict.fromkeys(found))
    names = {name for area in areas if (place := book.municipality(area)) is not None for name in _names(place)}
    return Avoided(frozenset(areas), frozenset(names), tuple(unknown))


def _names(place: Place) -> set[str]:
    said = (place.name, place.municipality, place.name_sq, place.name_sr, place.name_sr_cyrl, place.name_en, place.name_tr)
    return {folded for name in said if name and len(folded := folded_name(name)) > 2}
