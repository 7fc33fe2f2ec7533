"""What a place is, and what an attempt to find one gives back.

Values only. Must never hold a hidden place: shelters' true addresses live sealed elsewhere and are no gazetteer places.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the sources class a place. A municipality stands for its seat too: they share a name and are treated as one."""

    MUNICIPALITY = "municipality"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"
    NEIGHBOURHOOD = "neighbourhood"


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. ``lat`` and ``lon`` in degrees, WGS84; of a municipality: its seat. ``population`` 0 where unknown."""

    id: str
    kind: Kind
    name: str
    municipality: str
    municipality_id: str
    country: str
    lat: float
    lon: float
    population: int
    name_sq: str
    name_sr: str
    name_sr_cyrl: str
    name_en: str
    name_tr: str

    def name_in(self, language: str) -> str:
        """The name as she would write it. ``language``: sq sr sr-Cyrl bs tr rom en; falls back to the country's own name."""
        names = {
            "sq": self.name_sq,
            "sr": self.name_sr,
            "sr-Cyrl": self.name_sr_cyrl,
            "bs": self.name_sr,
            "tr": self.name_tr,
            "en": self.name_en,
        }
        return names.get(language) or self.name

    def as_json(self) -> dict[str, str | float]:
        """The seven keys that ``flask geo locate`` promises, in their order."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "name": self.name,
            "municipality": self.municipality,
            "country": self.country,
            "lat": self.lat,
            "lon": self.lon,
        }


@dataclass(frozen=True, slots=True)
class Located:
    """The answer to one text. ``candidates`` (at most 5) only where ``place`` is None: then a person must choose. ``confidence`` 0..1."""

    query: str
    place: Place | None
    candidates: tuple[Place, ...]
    confidence: float

    def __repr__(self) -> str:
        """Without the query: it may be her words, and a repr ends up in tracebacks."""
        return f"Located(place={self.place.id if self.place else None}, candidates={len(self.candidates)}, confidence={self.confidence})"
