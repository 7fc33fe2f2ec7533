"""Whether a word that could name a place does name one here.

Pure rules; rule 4 of ``resolution``. Must never believe an everyday word ("u kola", "ne fushe", "help") to be the village of that name
in the middle of a cry for help: a wrong village is worse than a question.
"""

from dataclasses import dataclass
from pathlib import Path

from sos.geo import vocabulary
from sos.geo.index import NameIndex, Weight
from sos.geo.reading import Mention, Word
from sos.geo.resolution import is_great
from sos.geo.spelling import sound

# Forms that are no form of the town even after a preposition: Albanian "u nisa" (I set off), "ne vitin 2020"; Serbian "iz istog razloga".
_NEVER_THE_TOWN = frozenset(
    [
        "nisa",
        "nise",
        "nisi",
        "nisen",
        "nisem",
        "nisemi",
        "vit",
        "vite",
        "vitin",
        "vitit",
        "vitet",
        "viteve",
        "vitesh",
        "istog",
        "istom",
        "istoga",
        "istim",
        "istih",
        "bori",
        "bora",
        "adi",
        "ubi",
        "uba",
        "rume",
        "racu",
    ]
)


@dataclass(frozen=True, slots=True)
class Believer:
    """The lists of ordinary words, folded and as sound keys, and of places elsewhere, as sound keys."""

    ordinary_forms: frozenset[str]
    everyday: frozenset[str]
    landscape: frozenset[str]
    elsewhere: frozenset[str]
    towns_like_words: frozenset[str]
    """Keys of great places that are also those of ordinary words: Peć and the stove, Viti and the year."""

    def speaks_of_elsewhere(self, word: Word) -> bool:
        """A town or country outside the gazetteer, in any of its forms."""
        return any(key in self.elsewhere for key in word.keys)

    def is_ordinary(self, word: Word) -> bool:
        """An everyday or landscape word in any of its forms: no misspelt name."""
        return any(key in self.everyday or key in self.landscape for key in word.keys)

    def without_ordinary(self, found: list[Mention], words: list[Word], great: set[Mention]) -> list[Mention]:
        """The mentions that can stand for a place by themselves; an ordinary word beside others is part of what else is said."""
        if len(found) == 1:
            return found
        return [
            mention
            for mention in found
            if mention in great or mention.end - mention.start > 1 or words[mention.start].folded not in self.ordinary_forms
        ]

    def town_believed(self, mention: Mention, words: list[Word], *, alone: bool) -> bool:
        """Whether a mention of a great place is one. Almost always: only everyday words must be announced or stand alone."""
        word = words[mention.start]
        ordinary = not word.suffix and (word.folded in self.ordinary_forms or any(key in self.towns_like_words for key in word.keys))
        if mention.end - mention.start > 1 or mention.kind_named or not ordinary:
            return True
        if word.number_follows:
            return False
        never = word.folded in _NEVER_THE_TOWN and not word.large and not _announced_in_albanian(mention, words)
        if never and (mention.announced or not alone):
            return False
        return alone or mention.announced or (mention.large and mention.start > 0)

    def village_believed(self, mention: Mention, words: list[Word], *, alone: bool, beside: bool, municipal: bool) -> bool:
        """Whether a mention of a village, a small town or a mere second name is one. ``beside``: its town is named in the text
        too. ``municipal``: spelled as a municipality is.
        """
        several = mention.end - mention.start > 1
        word = words[mention.start]
        if mention.kind_named:
            return True
        if not several and word.keys[0] in self.elsewhere:
            return beside
        if not several and self._bears_an_ordinary_word(mention, word):
            return self._ordinary_believed(mention, word, alone=alone, beside=beside, municipal=municipal)
        if beside:
            return alone or mention.announced or mention.large or several
        return alone or (mention.announced and (several or not mention.after_people_word)) or (several and mention.large)

    def _bears_an_ordinary_word(self, mention: Mention, word: Word) -> bool:
        """Zhur is no Serbian "žuri", spelled as it is; "slova" may well be the letters."""
        if word.folded in self.ordinary_forms:
            return True
        spelled = any(hit.exactness == 0 and hit.weight is Weight.OWN for hit in mention.hits)
        return not spelled and (word.keys[0] in self.everyday or word.keys[0] in self.landscape)

    def _ordinary_believed(self, mention: Mention, word: Word, *, alone: bool, beside: bool, municipal: bool) -> bool:
        if all(hit.weight is Weight.BASE for hit in mention.hits):
            return alone and word.keys[0] in self.landscape and not mention.announced
        if beside:
            return alone or mention.large
        if mention.announced:
            return mention.large and not mention.after_people_word
        return alone and (municipal or word.keys[0] in self.landscape)


def _announced_in_albanian(mention: Mention, words: list[Word]) -> bool:
    """After "ne istog": the word is no Serbian "same"."""
    return mention.start > 0 and words[mention.start - 1].folded in ("ne", "nga", "afer") and words[mention.start].folded.startswith("isto")


def load(index: NameIndex, folder: Path = Path(__file__).parent / "data") -> Believer:
    """Reads ``ordinary.txt``."""
    everyday, landscape = vocabulary.load_ordinary(folder)
    return Believer(
        everyday | landscape,
        frozenset(sound(word) for word in everyday - landscape),
        frozenset(sound(word) for word in landscape),
        frozenset(sound(name) for name in vocabulary.ELSEWHERE),
        frozenset(key for key in map(sound, everyday | landscape) if _is_a_great_name(key, index)),
    )


def _is_a_great_name(key: str, index: NameIndex) -> bool:
    return any(code & 3 == Weight.OWN and is_great(index.place(code)) for code in index.sounding.get(key, ()))
