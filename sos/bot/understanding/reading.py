"""Turns a message into clauses of tags: words, phrases, negation. What they amount to is decided in `danger` and `choice`.

Negation is a matter of nearness: a "not" reaches over light words to the next word that can be denied, no further.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sos.bot.understanding.normalise import is_cyrillic, normalise
from sos.bot.understanding.patterns import PhraseIndex
from sos.bot.understanding.tags import BIT, mask
from sos.bot.understanding.vocabulary import UNKNOWN, Vocabulary, Word

MOST_WORDS: Final = 200
_REACH: Final = 4
_LONGEST_CLAUSE: Final = 12
_SHORT_CLAUSE: Final = 2
_WINDOW: Final = 9
_STEP: Final = 3
_TOKEN: Final = re.compile(r"[a-z0-9$]+(?:'[a-z]+)*|[.,;:!?\n()]")
_SPELT: Final = re.compile(r"\b([a-z])(?:[ .,*_\-/|]+([a-z]))(?:[ .,*_\-/|]+([a-z]))+\b")
_ENGLISH: Final = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": "is"}
_ALBANIAN: Final = {"s'": "s", "m'": "me", "t'": "te", "c'": "cka", "n'": "ne", "l'": "le"}
_GLUED: Final = {"m": "me", "t": "te", "n": "ne", "s": "s"}
_DENIABLE: Final = mask(
    "beat hit kill choke rape threat weapon danger lock chase here home burn fear violent abuse bleed comeback cry alone police outside drunk door"
)
_FAINT: Final = 0.01  # a cry is borrowed across languages; it must not change how the rest is read
_BY_STEM: Final = 0.5
_CRIES: Final = mask("sos cry help_noun")
_HARM: Final = mask("beat hit kill choke rape threat weapon danger lock chase burn fear violent abuse bleed")
_HARMLESS, _CONTENT, _SPANNED = BIT["harmless"], BIT["content"], BIT["spanned"]
_NEG, _SAFE, _NOT_SAFE = BIT["neg"], BIT["safe"], BIT["not_safe"]
_LIGHT, _AND, _FIRST, _IF = BIT["light"], BIT["and"], BIT["first"], BIT["if"]
_PASSED_OVER: Final = mask("light me my he partner first her they again now want and child all please")


@dataclass(frozen=True, slots=True)
class Clause:
    """Tags of one clause, in the order of its words, and all of them together. `hypothetical` after an "if"."""

    tags: tuple[int, ...]
    all: int
    hypothetical: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read. `unknown` counts words that carry no tag, `content` those that are more than small words."""

    clauses: tuple[Clause, ...]
    all: int
    words: int
    content: int
    unknown: int
    language: str | None
    tokens: tuple[str, ...]
    guessed: bool


class Reader:
    """Reads messages with one vocabulary; keeps nothing of them."""

    def __init__(self, vocabulary: Vocabulary, phrases: PhraseIndex) -> None:
        self._vocabulary = vocabulary
        self._phrases = phrases

    def read(self, text: str, hint: str | None) -> Reading:
        """Read a text already cut to a bounded length; `hint` is the language it is expected in."""
        tokens, stops = _tokens(normalise(text))
        look_up = self._vocabulary.look_up
        words = [look_up(token) for token in tokens]
        if any(word.guessed or word is UNKNOWN for word in words):
            tokens, stops, words = _unglued(tokens, stops, words, self._vocabulary)
        spoken = any(map(str.isalpha, text))
        family, language = _language(words, hint, cyrillic=is_cyrillic(text)) if spoken else (None, hint)
        tags = [_tags(word, family) for word in words]
        keys = [word.keys for word in words]
        limits = _limits(stops)
        for start, end, bits in self._phrases.match(keys, limits, consumes=True, family=family):
            for place in range(start, end + 1):
                tags[place] &= _LIGHT | _FIRST
                keys[place] = frozenset()
            tags[start] |= bits
        for start, end, bits in self._phrases.match(keys, limits, consumes=False, family=family):
            tags[start] |= bits
            for place in range(start, end + 1):
                tags[place] = tags[place] & ~_CONTENT | _SPANNED
        ends = [stop > 0 for stop in stops]
        _deny(tags, ends)
        clauses = _clauses(tags, ends)
        everything = 0
        for tag in tags:
            everything |= tag
        content = sum(not tag & _LIGHT for tag in tags)
        unknown = sum(word is UNKNOWN for word in words)
        return Reading(clauses, everything, len(words), content, unknown, language, tuple(tokens), any(w.guessed for w in words))


def _spell(match: re.Match[str]) -> str:
    """Letters written apart, as in "s o s" or "h.e.l.p", joined; ordinary one-letter words are at most two in a row."""
    return re.sub(r"[^a-z]", "", match.group()) + " "


def _tokens(text: str) -> tuple[list[str], list[int]]:
    """The words, and for each whether a clause (1) or a sentence (2) ends after it."""
    tokens: list[str] = []
    ends: list[int] = []
    for piece in _TOKEN.findall(_SPELT.sub(_spell, text)):
        if not piece[0].isalnum() and piece[0] != "$":
            if ends:
                ends[-1] = max(ends[-1], 1 if piece in ",()" else 2)
            continue
        for token in _apostrophes(piece) if "'" in piece else (piece,):
            tokens.append(token)
            ends.append(0)
    if len(tokens) > MOST_WORDS:
        half = MOST_WORDS // 2
        return tokens[:half] + tokens[-half:], ends[:half] + ends[-half:]
    return tokens, ends


def _unglued(tokens: list[str], stops: list[int], words: list[Word], vocabulary: Vocabulary) -> tuple[list[str], list[int], list[Word]]:
    """Albanian clitics written into the next word, as phones do ("mka", "mgodet"), parted again: only where no known word stands."""
    parted: list[str] = []
    ends: list[int] = []
    meant: list[Word] = []
    for token, end, word in zip(tokens, stops, words, strict=True):
        rest = vocabulary.behind_clitic(token[1:]) if token[0] in _GLUED and (word.guessed or word is UNKNOWN) else None
        if rest:
            parted.append(_GLUED[token[0]])
            ends.append(0)
            meant.append(vocabulary.look_up(_GLUED[token[0]]))
        parted.append(token[1:] if rest else token)
        ends.append(end)
        meant.append(rest or word)
    return parted, ends, meant


def _limits(stops: Sequence[int]) -> list[int]:
    """For each word the place where its sentence ends."""
    limits = [0] * len(stops)
    limit = len(stops)
    for place in range(len(stops) - 1, -1, -1):
        if stops[place] == 2:
            limit = place + 1
        limits[place] = limit
    return limits


def _apostrophes(piece: str) -> list[str]:
    """English contractions and Albanian clitics as words of their own."""
    if piece.endswith("n't"):
        stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(piece[:-3], piece[:-3])
        return [stem, "not"]
    head, _, tail = piece.partition("'")
    if head + "'" in _ALBANIAN and len(tail) > 1 and head != "t":
        return [_ALBANIAN[head + "'"], *tail.split("'")]
    if "'" + tail in _ENGLISH:
        return [head, _ENGLISH["'" + tail]]
    if head == "t" and tail:
        return ["te", *tail.split("'")]
    return [part for part in piece.split("'") if part]


def _tags(word: Word, family: str | None) -> int:
    """The word's meaning in the message's language; where that language does not know it, in any."""
    for code, bits in word.masks:
        if code == family and (bits or family in word.whole):
            return bits or BIT["content"]
    return word.union or BIT["content"]


def _language(words: Sequence[Word], hint: str | None, *, cyrillic: bool) -> tuple[str | None, str | None]:
    """(table to read with, language to report): votes of words, rarer ones count more; the hint breaks ties."""
    votes: defaultdict[str, float] = defaultdict(float)
    bosnian = 0
    for word in words:
        weight = _FAINT if word.union & _CRIES else 0.4 if word.guessed else 1.0
        for code, _bits in word.masks:
            votes[code] += weight / len(word.masks) * (1.0 if code in word.whole else _BY_STEM)
        bosnian += "bs" in word.own
    if cyrillic:
        votes["sr"] += 2
    if hint:
        votes["sr" if hint == "bs" and "bs" not in votes else hint] += 0.3
    if not votes:
        return hint, hint
    best = max(votes, key=lambda code: votes[code])
    tied = sum(vote > votes[best] - 0.001 for vote in votes.values()) > 1
    language = "bs" if best == "sr" and not cyrillic and (bosnian or hint == "bs") else best
    return (None if tied else best), (hint if tied else language)


def _deny(tags: list[int], ends: Sequence[bool]) -> None:
    """Let each "not" take away the next deniable meaning near it, or turn safe into unsafe."""
    for place, tag in enumerate(tags):
        if not tag & _NEG or ends[place]:
            continue
        for near in range(place + 1, min(place + 2 + _REACH, len(tags))):
            here = tags[near]
            if here & _SAFE:
                tags[near] = here & ~_SAFE | _NOT_SAFE
            elif here & _DENIABLE:
                tags[near] = here & ~_DENIABLE | (_HARMLESS if here & _HARM else 0)
            elif here & _PASSED_OVER and not ends[near]:
                continue
            break


def _clauses(tags: Sequence[int], ends: Sequence[bool]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    current: list[int] = []
    for tag, end in zip(tags, ends, strict=True):
        if tag & _AND and not tag & ~(_AND | _LIGHT) and len(current) > _SHORT_CLAUSE:
            clauses.extend(_windows(current))
            current = []
            continue
        current.append(tag)
        if end:
            clauses.extend(_windows(current))
            current = []
    if current:
        clauses.extend(_windows(current))
    return tuple(clauses)


def _windows(tags: list[int]) -> Iterator[Clause]:
    """One clause, or, where nobody set a comma, overlapping stretches of it: a guard word far away holds nothing back."""
    if len(tags) <= _LONGEST_CLAUSE:
        yield _clause(tags)
        return
    for start in range(0, len(tags) - _WINDOW + _STEP, _STEP):
        yield _clause(tags[start : start + _WINDOW])


def _clause(tags: Sequence[int]) -> Clause:
    everything = 0
    hypothetical = False
    doubted = 0
    for tag in tags:
        everything |= tag
        if tag & _IF:
            doubted = 4
        elif doubted:
            doubted -= 1
            hypothetical = hypothetical or bool(tag & _DEEDS)
    return Clause(tuple(tags), everything, hypothetical and not everything & _COMING)


_DEEDS: Final = mask("beat hit choke rape abuse")
_COMING: Final = mask("kill future threat now again")
