"""Finds in a text the words that may name a place, with what stands around them.

Pure over the index. Must never decide which place is meant (``resolution``) and must never keep or log a word.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise

from sos.geo import vocabulary
from sos.geo.index import NameIndex, Weight
from sos.geo.inflection import keys, town_keys
from sos.geo.places import Kind
from sos.geo.qualifiers import PARTICLES, QUALIFIER_OF
from sos.geo.spelling import fold

_TOKEN = re.compile(r"([^\W\d_]+)(?:['’ʼ`´‘]([^\W\d_]+))?|([,.;:/()\n!?|\d]+)")
_INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]")

# A survivor's message names its place early or at the very end; reading is bounded so that a pasted page cannot hold up others.
_LONGEST_TEXT = 1000
_LONGEST_NAME = 5

# Words that are no name by themselves, whatever villages are called.
_NEVER_ALONE = frozenset(
    vocabulary.AT
    | vocabulary.FROM
    | vocabulary.KINDS_OF_PLACE
    | vocabulary.FILLERS
    | vocabulary.NEGATIONS
    | set(vocabulary.COUNTRIES)
    | PARTICLES
)

_TURKISH_AT = ("de", "da", "te", "ta")
_TURKISH_FROM = ("den", "dan", "ten", "tan")


class Word:
    """One word of the text: folded, and whether a boundary (comma, number, line end) stands before it."""

    __slots__ = ("_keys", "_marked_keys", "folded", "large", "number_follows", "parted", "suffix")

    def __init__(self, text: str, suffix: str, *, parted: bool) -> None:
        """``suffix`` is what stood behind an apostrophe: Priştine'de, Peja's."""
        self.folded = fold(text)
        self.suffix = fold(suffix)
        self.large = text[0].isupper()
        self.parted = parted
        self.number_follows = False
        self._keys: list[str] | None = None
        self._marked_keys: list[str] | None = None

    @property
    def keys(self) -> list[str]:
        """Sound keys, the plain one first."""
        if self._keys is None:
            self._keys = keys(self.folded)
        return self._keys

    @property
    def marked_keys(self) -> list[str]:
        """The same, with qualifiers (upper, new, north) as their code too: for names of several words."""
        if self._marked_keys is None:
            self._marked_keys = [*(QUALIFIER_OF[key] for key in self.keys if key in QUALIFIER_OF), *self.keys]
        return self._marked_keys


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a mention may mean. ``exactness`` 0 as spelled, 1 as sounded, 2 with an ending taken off; ``likeness`` 0..100."""

    number: int
    weight: Weight
    exactness: int
    likeness: float = 100.0


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``start`` to ``end`` (exclusive) that may name a place."""

    start: int
    end: int
    hits: tuple[Hit, ...]
    at: bool = False
    origin: bool = False
    after_people_word: bool = False
    village_named: bool = False
    town_named: bool = False
    denied: bool = False
    large: bool = False

    @property
    def kind_named(self) -> bool:
        """The word for village or town stands beside it."""
        return self.village_named or self.town_named

    @property
    def announced(self) -> bool:
        """A preposition or the word for village or town stands beside it."""
        return self.at or self.origin or self.kind_named


def split(text: str) -> list[Word]:
    """The words of a text, in order."""
    words: list[Word] = []
    parted = False
    for match in _TOKEN.finditer(_composed(_bounded(text))):
        letters, suffix, boundary = match.groups()
        if boundary:
            parted = not (boundary == "." and words and words[-1].folded in vocabulary.ABBREVIATED)
            if words and boundary[0].isdigit():
                words[-1].number_follows = True
        else:
            # Gheg "n'Gjilan": what stands before the apostrophe is the preposition, what follows it the name.
            elided = suffix and len(letters) == 1 and len(suffix) > 1
            for piece, ending in ((letters, ""), (suffix, "")) if elided else ((letters, suffix or ""),):
                word = Word(piece, ending, parted=parted)
                if word.folded:
                    words.append(word)
                    parted = False
    if sum(word.large for word in words) > len(words) // 2 and len(words) > 3:
        for word in words:
            word.large = False
    return words


def _composed(text: str) -> str:
    """Letters with their accents in one; what still hangs loose (the dot of a lowered Turkish İ), or cannot be seen, goes."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def _bounded(text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        return text
    half = _LONGEST_TEXT // 2
    return f"{text[:half]}\n{text[-half:]}"


def mentions(words: list[Word], index: NameIndex) -> list[Mention]:
    """Every longest run of words that the index knows, left to right, without overlaps; street names are left out."""
    silent = street_words(words, index)
    found: list[Mention] = []
    position = 0
    while position < len(words):
        mention = None if position in silent else _longest(words, position, index)
        if mention:
            found.append(_in_one_case(words, found, in_context(words, mention)))
            position = mention.end
        else:
            position += 1
    return found


def in_context(words: list[Word], mention: Mention) -> Mention:
    """The mention with what announces it: a preposition or a word for village before it, a Turkish ending behind it."""
    at = origin = people = False
    kinds: set[str] = set()
    step = mention.start
    while step > max(0, mention.start - 4) and not words[step].parted:
        step -= 1
        before = words[step].folded
        if before in vocabulary.KINDS_OF_PLACE:
            kinds.add(before)
        elif before in vocabulary.AT or before in vocabulary.FROM:
            at = before in vocabulary.AT
            origin = not at
            people = before in vocabulary.BEFORE_PEOPLE
            if before not in PARTICLES:
                break
        elif before not in PARTICLES and before not in ("of", "the"):
            break
    ending = words[mention.end - 1].suffix
    if ending.startswith(_TURKISH_FROM):
        origin = True
    elif ending.startswith(_TURKISH_AT):
        at = True
    if mention.end < len(words) and not words[mention.end].parted:
        kinds.update({words[mention.end].folded} & vocabulary.KINDS_OF_PLACE)
    return Mention(
        mention.start,
        mention.end,
        mention.hits,
        at=at,
        origin=origin,
        after_people_word=people,
        village_named=bool(kinds & vocabulary.VILLAGE_WORDS),
        town_named=bool(kinds) and not kinds & vocabulary.VILLAGE_WORDS,
        denied=_is_denied(words, mention),
        large=words[mention.start].large,
    )


def _is_denied(words: list[Word], mention: Mention) -> bool:
    """After "nuk jam në Pejë": a "not" before it in the same part of the sentence, with only prepositions and "I am" between."""
    if mention.end < len(words) and words[mention.end].folded in vocabulary.DENIED_BY_NEXT:
        return True
    step = mention.start
    while step > 0 and not words[step].parted:
        step -= 1
        if words[step].folded in vocabulary.NEGATIONS:
            return True
        if not is_filler(words[step]):
            return False
    return False


def _in_one_case(words: list[Word], found: list[Mention], mention: Mention) -> Mention:
    """In "u Beogradu ili Nišu": the preposition holds for both."""
    if not found or mention.announced:
        return mention
    between = words[found[-1].end : mention.start]
    if between and all(word.folded in vocabulary.CONJUNCTIONS and not word.parted for word in between):
        return replace(mention, at=found[-1].at, origin=found[-1].origin, after_people_word=found[-1].after_people_word)
    return mention


def street_words(words: list[Word], index: NameIndex) -> frozenset[int]:
    """Positions that belong to a street's name: the word itself and the name beside it, whole ("ulica Kosovske Mitrovice")."""
    silent: set[int] = set()
    for position, word in enumerate(words):
        if word.folded in vocabulary.STREETS:
            silent.add(position)
            named = _following(words, position + 1)
            if named is not None and words[named].folded not in vocabulary.AT:
                mention = _longest(words, named, index)
                silent.update(range(position, mention.end if mention else named + 1))
        if word.folded in vocabulary.STREETS_BEHIND and not word.parted and position:
            silent.update((position - 1, position))
    return frozenset(silent)


def _longest(words: list[Word], start: int, index: NameIndex) -> Mention | None:
    """The longest name that begins at ``start``. Several words first; one word only where no longer name fits."""
    end, hits = _several_words(words, start, index)
    if not hits and words[start].folded not in _NEVER_ALONE:
        end, hits = start + 1, _one_word(words[start], index)
    return Mention(start, end, tuple(hits.values())) if hits else None


def _one_word(word: Word, index: NameIndex) -> dict[int, Hit]:
    hits: dict[int, Hit] = {}
    _collect(hits, index.spelled.get(word.folded, ()), 0)
    for rank, key in enumerate(word.keys):
        _collect(hits, index.sounding.get(key, ()), 1 if rank == 0 else 2)
    for key in town_keys(word.folded):
        towns = (code for code in index.sounding.get(key, ()) if index.place(code).kind is not Kind.VILLAGE)
        _collect(hits, tuple(code for code in towns if index.place(code).kind is not Kind.NEIGHBOURHOOD), 2)
    return hits


def _several_words(words: list[Word], start: int, index: NameIndex) -> tuple[int, dict[int, Hit]]:
    """Follows the openings of longer names, leaving out Albanian linking particles; gives the end of the longest with its hits."""
    best_end = start
    best: dict[int, Hit] = {}
    paths = [(key, start + 1, 0 if key == words[start].marked_keys[0] else 1) for key in words[start].marked_keys if key in index.openings]
    while paths:
        opening, position, endings = paths.pop()
        following = _following(words, position)
        if following is None or following >= start + _LONGEST_NAME + 1:
            continue
        word = words[following]
        for rank, key in enumerate(word.marked_keys):
            name = f"{opening} {key}"
            codes = index.sounding.get(name, ())
            if codes and following + 1 >= best_end:
                if following + 1 > best_end:
                    best_end, best = following + 1, {}
                spelled = index.spelled.get(" ".join(w.folded for w in words[start : following + 1]), ())
                _collect(best, spelled, 0)
                _collect(best, codes, 1 if endings + rank == 0 else 2)
            if name in index.openings:
                paths.append((name, following + 1, endings + rank))
    return best_end, best


def _following(words: list[Word], position: int) -> int | None:
    """The next word that can continue a name: past one particle, not past a boundary."""
    for step in (position, position + 1):
        if step >= len(words) or words[step].parted:
            return None
        if words[step].folded not in PARTICLES:
            return step
    return None


def _collect(hits: dict[int, Hit], codes: tuple[int, ...], exactness: int) -> None:
    for code in codes:
        number = code >> 2
        weight = Weight(code & 3)
        known = hits.get(number)
        if known is None or (weight, exactness) < (known.weight, known.exactness):
            hits[number] = Hit(number, weight, exactness if known is None else min(exactness, known.exactness))


def country_named(words: list[Word], found: list[Mention]) -> str | None:
    """XK or RS when the text names one of them, and only one, outside the mentions."""
    inside = {position for mention in found for position in range(mention.start, mention.end)}
    named = {vocabulary.COUNTRIES[w.folded] for p, w in enumerate(words) if p not in inside and w.folded in vocabulary.COUNTRIES}
    return named.pop() if len(named) == 1 else None


def says_nothing_else(words: list[Word], found: list[Mention]) -> bool:
    """Whether the message is only names, prepositions and politeness: then even an ordinary word is taken for a place."""
    inside = {position for mention in found for position in range(mention.start, mention.end)}
    return all(position in inside or is_filler(word) for position, word in enumerate(words))


def is_filler(word: Word) -> bool:
    """A word that carries no content of its own beside a place name."""
    return (
        word.folded in vocabulary.FILLERS
        or word.folded in vocabulary.AT
        or word.folded in vocabulary.FROM
        or word.folded in vocabulary.KINDS_OF_PLACE
        or word.folded in vocabulary.COUNTRIES
        or word.folded in PARTICLES
    )


def named_next(words: list[Word], found: list[Mention], position: int) -> Mention | None:
    """The mention right behind one, with no more than a comma or "near", "in", "municipality of" between: "Leskovac kod Prizrena"."""
    if position + 1 >= len(found) or found[position].origin:
        return None
    between = words[found[position].end : found[position + 1].start]
    if found[position + 1].denied:
        return None
    if all(word.folded in vocabulary.AT or word.folded in vocabulary.KINDS_OF_PLACE or word.folded in PARTICLES for word in between):
        return found[position + 1]
    return None


def surroundings(words: list[Word], towns: list[Mention]) -> set[Mention]:
    """Those that only say where the one before lies: the second in "Zvečan kod Mitrovice"."""
    found: set[Mention] = set()
    for first, second in pairwise(towns):
        between = [word.folded for word in words[first.end : second.start] if word.folded not in PARTICLES - vocabulary.BESIDE]
        if between and not first.origin and not first.denied and all(word in vocabulary.BESIDE for word in between):
            found.add(second)
    return found
