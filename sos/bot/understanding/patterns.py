"""Phrases over words and tags: compiled once, matched from any position, linear in the message.

They know no language and decide nothing; they only add tags (and, for masks, take the words' own tags away).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sos.bot.understanding.tags import BIT, GUARDS, mask

GAP: Final = 3
_SLIPS: Final = 2
_BOUND: Final = mask("police_barred kill_1 beat_1 harmless") | sum(BIT[name] for name in GUARDS if name != "harmless")
_AUX: Final = "<aux>"
_ITEM: Final = re.compile(r"[a-z0-9'~|<>_]+")
_Keys = frozenset[str]


class PhraseError(ValueError):
    """This phrase cannot be read."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`steps` are (keys, words that may stand between it and the step before, whether it may be left out)."""

    bits: int
    steps: tuple[tuple[_Keys, int, bool], ...]
    consumes: bool
    words: _Keys
    family: str = ""  #: holds only in messages of this language (or of no certain one)


def compile_phrase(line: str, bits: int, *, consumes: bool) -> list[Phrase]:
    """One line of a lexicon as phrases, one for each way to read words joined by `_`; PhraseError names what is wrong."""
    ways: list[list[str]] = [[]]
    for part in line.split():
        ways = [[*way, *steps] for way in ways for steps in _readings(part)]
    return [_compile(way, bits, consumes=consumes) for way in ways]


def _readings(part: str) -> list[list[str]]:
    """A step with words joined by `_` (`a|b_c`) as the steps it stands for: `a`, and `b` then `c`."""
    optional = part.startswith("(") and part.endswith(")")
    choices = (part[1:-1] if optional else part).split("|")
    joined = [choice for choice in choices if "_" in choice and not choice.startswith("<")]
    if not joined:
        return [[part]]
    single = "|".join(choice for choice in choices if choice not in joined)
    readings = [choice.split("_") for choice in joined]
    if single:
        readings.append([f"({single})" if optional else single])
    elif optional:
        readings.append([])
    return readings


def _compile(parts: Sequence[str], bits: int, *, consumes: bool) -> Phrase:
    steps: list[tuple[_Keys, int, bool]] = []
    gap = 0
    words: set[str] = set()
    for part in parts:
        if part == "..":
            gap = GAP
            continue
        optional = part.startswith("(") and part.endswith(")")
        item = part[1:-1] if optional else part
        if not _ITEM.fullmatch(item) or any(a.startswith("<") and a[1:-1] not in BIT for a in item.split("|")):
            message = f"{part!r} is no step"
            raise PhraseError(message)
        keys = frozenset(item.split("|"))
        words |= {key for key in keys if not key.startswith("<")}
        steps.append((keys, gap, optional))
        gap = 0
    if not steps or steps[0][2] or steps[-1][2] or not bits or gap:
        message = f"{' '.join(parts)!r} needs a tag and a first and last step that must stand"
        raise PhraseError(message)
    return Phrase(bits, tuple(steps), consumes, frozenset(words))


@dataclass(slots=True)
class PhraseIndex:
    """All phrases, found by the keys of their first step."""

    by_first: dict[str, list[Phrase]] = field(default_factory=dict)

    def add(self, phrases: Iterable[Phrase], family: str = "") -> None:
        """Index phrases under each key their first step accepts. Danger is heard in any mixture of languages; what holds danger
        back, or puts it into his mouth, only in its own `family`: "ne" is "not" in Serbian and "in" in Albanian.
        """
        for unbound in phrases:
            phrase = replace(unbound, family=family) if unbound.consumes or unbound.bits & _BOUND else unbound
            for key in phrase.steps[0][0]:
                self.by_first.setdefault(key, []).append(phrase)

    def match(
        self, keys: Sequence[_Keys], limits: Sequence[int], *, consumes: bool, family: str | None = None
    ) -> list[tuple[int, int, int]]:
        """(first, last, bits) of every phrase found, masks or plain phrases; none runs past its sentence, which ends before `limits`."""
        found = []
        by_first = self.by_first
        for start, here in enumerate(keys):
            for key in here:
                for phrase in by_first.get(key, ()):
                    if phrase.consumes is consumes and (not family or not phrase.family or phrase.family == family):
                        end = _follow(phrase.steps, 1, keys, start, limits[start])
                        if end >= 0:
                            found.append((start, end, phrase.bits))
        return found


def _follow(steps: tuple[tuple[_Keys, int, bool], ...], at: int, keys: Sequence[_Keys], last: int, limit: int) -> int:
    """The position of the last word when steps from `at` follow word `last`, else -1."""
    if at == len(steps):
        return last
    wanted, gap, optional = steps[at]
    place = last + 1
    slips = _SLIPS
    while place < limit:
        if not wanted.isdisjoint(keys[place]):
            end = _follow(steps, at + 1, keys, place, limit)
            if end >= 0:
                return end
        if gap:
            gap -= 1
        elif slips and _AUX in keys[place]:
            slips -= 1
        else:
            break
        place += 1
    return _follow(steps, at + 1, keys, last, limit) if optional else -1
