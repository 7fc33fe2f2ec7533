"""Whether a word that could name a place does name one here.

Pure rules; rule 4 of ``resolution``. Must never believe an everyday word ("u kola", "ne fushe", "help") to be the village of that name
in the middle of a cry for help: a wrong village is worse than a question.
"""

from dataclasses import dataclass
from pathlib import Path

from sos.geo import vocabulary
from sos.geo.index import Weight
from sos.geo.reading import Mention, Word
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
_LEAST_WORDS_ALONE = 2


@dataclass(frozen=True, slots=True)
class Believer:
    """The lists of everyday words and of places elsewhere, as sound keys."""

    ordinary: frozenset[str]
    elsewhere: frozenset[str]

    def speaks_of_elsewhere(self, word: Word) -> bool:
        """A town or country outside the gazetteer, in any of its forms."""
        return any(key in self.elsewhere for key in word.keys)

    def is_everyday(self, word: Word) -> bool:
        """An everyday word that some village also bears."""
        return word.keys[0] in self.ordinary or word.folded in vocabulary.FILLERS

    def town_believed(self, mention: Mention, words: list[Word], *, alone: bool) -> bool:
        """Whether a mention of a great place is one. Almost always: only everyday words must be announced or stand alone."""
        word = words[mention.start]
        if word.number_follows and word.keys[-1] in self.ordinary and not mention.kind_named and mention.end - mention.start == 1:
            return False
        if mention.end - mention.start > 1 or alone or mention.kind_named:
            return True
        if word.folded in _NEVER_THE_TOWN and not word.large and not _announced_in_albanian(mention, words):
            return False
        if not any(key in self.ordinary for key in word.keys) or word.suffix:
            return True
        return mention.announced or (mention.large and mention.start > 0)

    def village_believed(self, mention: Mention, words: list[Word], *, alone: bool, beside: bool) -> bool:
        """Whether a mention of a village, a small town or a mere second name is one. ``beside``: its town is named in the text too."""
        several = mention.end - mention.start >= _LEAST_WORDS_ALONE
        everyday = not several and self.is_everyday(words[mention.start])
        if everyday and all(hit.weight is Weight.BASE for hit in mention.hits):
            return False
        if mention.kind_named or (alone and not (everyday and len(words) > 3 and not mention.announced)):
            return True
        if everyday:
            return mention.announced and mention.large and not mention.after_people_word
        if beside:
            return mention.announced or mention.large or several
        if mention.after_people_word:
            return several
        return mention.announced or (several and mention.large)


def _announced_in_albanian(mention: Mention, words: list[Word]) -> bool:
    """ "ne istog": there the word is no Serbian "same"."""
    return mention.start > 0 and words[mention.start - 1].folded in ("ne", "nga", "afer") and words[mention.start].folded.startswith("isto")


def load(folder: Path = Path(__file__).parent / "data") -> Believer:
    """Reads ``ordinary.txt``."""
    return Believer(vocabulary.load_ordinary(folder), frozenset(sound(name) for name in vocabulary.ELSEWHERE))
