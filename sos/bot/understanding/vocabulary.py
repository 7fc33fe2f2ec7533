"""What each word of a message may be: a known form, a stem, a misspelling; in which languages, with which tags.

It keeps no message: only single words it has looked up, at most `_REMEMBERED`, forgotten wholesale when full.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from sos.bot.understanding.lexicon import Lexicon
from sos.bot.understanding.tags import BIT, GUARDS, NAMES, mask

_REMEMBERED: Final = 20_000
_CRY: Final = mask("sos cry help_noun")
_LOUD: Final = mask("sos cry help_noun beat hit kill choke rape weapon")
_SHORTEST_TYPO: Final = 4
_LONG: Final = 8
_SHORTEST_FORM: Final = 2
_SMALL: Final = mask("light aux content")
_LONGEST: Final = 30
_REPEATS: Final = re.compile(r"(.)\1{2,}")
_DOUBLES: Final = re.compile(r"(.)\1+")
_GUARDS: Final = mask("cancel about menu more skip location") | sum(BIT[name] for name in GUARDS)
_GUARD_KEYS: Final = frozenset(f"<{name}>" for name in GUARDS)
_DIGITS: Final = str.maketrans("013457$", "oieasts")


_Near = tuple[int, bool, str]


@dataclass(frozen=True, slots=True)
class Word:
    """`masks` tags by language family; `keys` what phrases may find it by; `own` varieties only this form marks;
    `whole` families that know it as a form of its own, not only by a stem.
    """

    masks: tuple[tuple[str, int], ...]
    keys: frozenset[str]
    union: int
    own: frozenset[str] = frozenset()
    guessed: bool = False
    whole: frozenset[str] = frozenset()


UNKNOWN: Final = Word((), frozenset(), 0)


@dataclass(slots=True)
class Vocabulary:
    """All words of all lexicons, by form and stem, with an index of misspellings."""

    forms: dict[str, dict[str, int]] = field(default_factory=dict)
    stems: dict[str, dict[str, int]] = field(default_factory=dict)
    varieties: dict[str, set[str]] = field(default_factory=dict)
    phrase_forms: dict[str, set[str]] = field(default_factory=dict)
    phrase_stems: dict[str, set[str]] = field(default_factory=dict)
    _near: dict[str, set[str]] = field(default_factory=dict)
    _near_stems: dict[str, set[str]] = field(default_factory=dict)
    _known: dict[str, Word] = field(default_factory=dict)

    def fill(self, lexicons: Iterable[Lexicon]) -> None:
        """Take in all lexicons; a variety (Bosnian) shares the table of the language it extends."""
        lexicons = list(lexicons)
        codes = {lexicon.code for lexicon in lexicons}
        for lexicon in lexicons:
            family = lexicon.extends if lexicon.extends in codes else lexicon.code
            self._take(lexicon, family or lexicon.code, is_variety=family != lexicon.code)
        for words, index in (({*self.forms, *self.phrase_forms}, self._near), ({*self.stems, *self.phrase_stems}, self._near_stems)):
            for word in words:
                if len(word) >= _SHORTEST_TYPO:
                    for shorter in _deletions(word):
                        index.setdefault(shorter, set()).add(word)

    def _take(self, lexicon: Lexicon, family: str, *, is_variety: bool) -> None:
        for target, entries in ((self.forms, lexicon.forms), (self.stems, lexicon.stems)):
            for word, bits in entries.items():
                if is_variety and family not in target.get(word, {}):
                    self.varieties.setdefault(word, set()).add(lexicon.code)
                masks = target.setdefault(word, {})
                masks[family] = masks.get(family, 0) | bits
        for word in {word for phrase in lexicon.phrases for word in phrase.words}:
            stem = word.endswith("~")
            (self.phrase_stems if stem else self.phrase_forms).setdefault(word.removesuffix("~"), set()).add(family)

    def look_up(self, token: str) -> Word:
        """The word behind a token; unknown ones are tried as elongated, digit-written or misspelt."""
        word = self._known.get(token)
        if word is None:
            word = self._find(token[:_LONGEST])
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[token] = word
        return word

    def _find(self, token: str) -> Word:
        known: Word | None = None
        for spelling in _spellings(token):
            word = self._exact(spelling)
            if word and (word.union or token in self.forms or token in self.phrase_forms):
                return word
            known = known or word
        for spelling in _dialects(token):
            word = self.exactly(spelling, "sr")
            if word:
                return word
        if known:
            return known
        near = self._nearest(_DOUBLES.sub(r"\1", token)) or self._nearest(token)
        word = self._exact(near) if near else None
        return _as_guess(word) if word else UNKNOWN

    def exactly(self, token: str, family: str) -> Word | None:
        """The word, where this family knows the form itself, or a stem of some length, and more of it than that it is small; no guess."""
        word = self._exact(token) if len(token) >= _SHORTEST_FORM else None
        if not word or not word.union & ~_SMALL:
            return None
        stems = (key for key in word.keys if key.endswith("~") and len(key) > _SHORTEST_TYPO)
        return word if family in word.whole or any(family in self.stems.get(stem[:-1], ()) for stem in stems) else None

    def behind_clitic(self, token: str) -> Word | None:
        """What is left of an Albanian word without the clitic written into it, as a guess: it may find danger, not hold it back."""
        word = self.exactly(token, "sq")
        return _as_guess(word) if word else None

    def _exact(self, token: str) -> Word | None:
        masks: dict[str, int] = dict(self.forms.get(token, ()))
        open_to_stems = {family for family, bits in masks.items() if bits}
        keys = {token}
        whole = {*masks, *self.phrase_forms.get(token, ())}
        families = set(self.phrase_forms.get(token, ()))
        for length in range(len(token), 1, -1):
            stem = token[:length]
            for family, bits in self.stems.get(stem, {}).items():
                if family not in masks or family in open_to_stems:
                    masks[family] = masks.get(family, 0) | bits
                keys.add(stem + "~")
            if stem in self.phrase_stems:
                families |= self.phrase_stems[stem]
                keys.add(stem + "~")
        for family in families:
            masks.setdefault(family, 0)
        own = self.varieties.get(token, set())
        if not masks:
            return None
        union = 0
        for bits in masks.values():
            union |= bits
        keys.update(f"<{name}>" for name in NAMES if union & BIT[name])
        return Word(tuple(masks.items()), frozenset(keys), union, frozenset(own), whole=frozenset(whole))

    def _nearest(self, token: str) -> str | None:
        """The known form or stem one slip away (two in long words; in the shortest only a cry, or letters swapped), same first letter unless two are swapped."""
        if len(token) < _SHORTEST_TYPO or token.isdigit():
            return None
        slips = 2 if len(token) >= _LONG else 1
        short, letters = len(token) == _SHORTEST_TYPO, sorted(token)
        best: _Near | None = None
        for shorter in (token, *_deletions(token)):
            for word in self._near.get(shorter, ()):
                if short and not self._speaks_of(word, _LOUD if sorted(word) == letters else _CRY):
                    continue
                best = _better(best, token, word, slips, quiet=not self._speaks_of(word, _LOUD))
        for length in range(5, len(token)):
            beginning = token[:length]
            for shorter in (beginning, *_deletions(beginning)):
                for stem in self._near_stems.get(shorter, ()):
                    if len(stem) >= 5:
                        best = _better(best, beginning, stem, 1, quiet=not self._speaks_of(stem, _LOUD))
        return best[2] if best else None

    def _speaks_of(self, word: str, wanted: int) -> bool:
        """Whether a word can mean this: between two equally near spellings one of help or harm is taken, for recall comes first."""
        entries = (self.forms.get(word, {}), self.stems.get(word, {}))
        return any(bits & wanted for entry in entries for bits in entry.values())


def _as_guess(word: Word) -> Word:
    """A guess may find danger, but it may not hold danger back: its guarding tags are left out."""
    masks = tuple((family, bits & ~_GUARDS) for family, bits in word.masks)
    return Word(masks, word.keys - _GUARD_KEYS, word.union & ~_GUARDS, word.own, guessed=True)


def _better(best: _Near | None, token: str, word: str, slips: int, *, quiet: bool) -> _Near | None:
    if token[0] != word[0] and token[:2] != word[1::-1]:
        return best
    distance = OSA.distance(token, word, score_cutoff=slips)
    rank = (distance, quiet, word)
    return best if distance > slips or (best and rank >= best) else rank


def _deletions(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _dialects(token: str) -> Iterator[str]:
    """The standard Serbian forms a dialect's may stand for: "udat" udati, "doso" dosao, "prijetio" pretio."""
    if len(token) < _SHORTEST_TYPO or not token.isascii():
        return
    if token.endswith("t"):
        yield token + "i"
    if token.endswith("o"):
        yield from (token[:-1] + ending for ending in ("ao", "io", "uo"))
    if "je" in token:
        plain = token.replace("ije", "e").replace("je", "e")
        yield plain
        if plain.endswith("t"):
            yield plain + "i"


def _spellings(token: str) -> Iterator[str]:
    yield token
    if not token.isascii() or token.isdigit():
        return
    if not token.isalpha():
        yield token.translate(_DIGITS)
        token = token.translate(_DIGITS)
    if _DOUBLES.search(token):
        yield _REPEATS.sub(r"\1\1", token)
        yield _REPEATS.sub(r"\1", token)
        yield _DOUBLES.sub(r"\1", token)
