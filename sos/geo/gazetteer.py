"""The door of this package: text -> place, id -> place, point -> municipality. Offline, in memory, safe to share between threads.

Must never send a word or a point anywhere, never keep one, and never ask "Kosovo or Serbia?": the pathway follows the place.
"""

from dataclasses import dataclass
from typing import Self

from sos.geo import belief, boundaries, guessing, index, misspelling, reading, resolution
from sos.geo.places import Kind, Located, Place
from sos.geo.reading import Mention, Word
from sos.geo.resolution import Meaning


@dataclass(frozen=True, slots=True, repr=False)
class Gazetteer:
    """Built once by :meth:`load` and given to those who need it."""

    _index: index.NameIndex
    _boundaries: boundaries.Boundaries
    _corpus: misspelling.Corpus
    _believer: belief.Believer

    @classmethod
    def load(cls) -> Self:
        """Reads the packed data beside this module. OSError when they are missing: an installation fault, found by ``doctor``."""
        names = index.load()
        return cls(names, boundaries.load(), misspelling.build(names), belief.load(names))

    def place(self, place_id: str) -> Place | None:
        """The place of that id, of any kind."""
        number = self._index.numbers.get(place_id)
        return None if number is None else self._index.places[number]

    def municipality(self, municipality_id: str) -> Place | None:
        """The municipality of that id; None for an unknown id or one of another kind."""
        place = self.place(municipality_id)
        return place if place is not None and place.id == place.municipality_id else None

    @property
    def lines(self) -> boundaries.Boundaries:
        """The municipalities' lines, for a map drawn here."""
        return self._boundaries

    def municipality_at(self, lat: float, lon: float) -> Place | None:
        """The municipality at a point, in degrees; None outside Kosovo and Serbia."""
        identity = self._boundaries.municipality_at(lat, lon)
        return None if identity is None else self.municipality(identity)

    def locate(self, text: str, *, country: str | None = None, municipality: str | None = None) -> Located:
        """Finds the place that a text means.

        ``country`` (XK or RS) and ``municipality`` (id) are hints: they choose between places of one name and never contradict a
        clear one. Never raises for any text. See ``resolution`` for the rules.
        """
        words = reading.split(text)
        found = guessing.with_misspelt(words, reading.mentions(words, self._index), self._corpus, self._index, self._believer)
        meaning = self._meaning(words, found, country=country or reading.country_named(words, found), hint=municipality)
        if meaning.settled:
            return Located(text, meaning.places[0], (), meaning.confidence)
        return Located(text, None, meaning.places[: resolution.MOST_CANDIDATES], meaning.confidence)

    def _meaning(self, words: list[Word], found: list[Mention], *, country: str | None, hint: str | None) -> Meaning:
        great = {mention for mention in found if resolution.great_hits(mention, self._index)}
        alone = reading.says_nothing_else(words, self._believer.without_ordinary(found, words, great))
        reader = resolution.Reader(self._index, country, hint)
        towns: list[tuple[Mention, Meaning]] = []
        smaller: list[Mention] = []
        for position, mention in enumerate(found):
            if mention not in great or reader.is_village_of_the_next(mention, reading.named_next(words, found, position)):
                smaller.append(mention)
            elif self._believer.town_believed(mention, words, alone=alone):
                towns.append((mention, reader.town(mention, [other for other in found if other is not mention])))
        villages = [
            (mention, reader.village(mention, towns)) for mention in smaller if self._is_village(mention, words, towns, reader, alone=alone)
        ]
        surrounding = reading.surroundings(words, [mention for mention, _ in towns])
        return resolution.together(reader.joined([pair for pair in towns if pair[0] not in surrounding], villages))

    def _is_village(
        self, mention: Mention, words: list[Word], towns: list[tuple[Mention, Meaning]], reader: resolution.Reader, *, alone: bool
    ) -> bool:
        municipal = any(hit.exactness == 0 and self._index.places[hit.number].kind is Kind.MUNICIPALITY for hit in mention.hits)
        return self._believer.village_believed(mention, words, alone=alone, beside=reader.is_beside(mention, towns), municipal=municipal)
