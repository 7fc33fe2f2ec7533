"""Finds the place behind a word that no dictionary knows: a slip of the finger in a name.

By likeness of sound keys, strictly: one slip in a short name, two in a long one, 85 % at least. Must never reach for another district:
a village is guessed only where it was announced, and anything doubtful comes back as a choice.
"""

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sos.geo.index import NameIndex, Weight
from sos.geo.places import Kind
from sos.geo.reading import Hit

LEAST_LIKENESS = 85.0
_SHORTEST = 5
_SHORTEST_SWAPPED = 6
_SHORTEST_UNANNOUNCED = 6
_LEAST_UNANNOUNCED = 90.0
_TWO_SLIPS_FROM = 8
"""Letters of the sound key, from which two slips may still mean the same town."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Sound keys to compare with, kept apart: all town names, and again by first letter; village names by first letter and length."""

    towns: tuple[str, ...]
    towns_by_letter: dict[str, tuple[str, ...]]
    villages: dict[tuple[str, int], tuple[str, ...]]


def build(index: NameIndex) -> Corpus:
    """Sorts the keys of the index. Keys with qualifier codes are left out: their words are compared one by one."""
    towns: list[str] = []
    villages: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for key, codes in index.sounding.items():
        if len(key) < _SHORTEST - 1 or "^" in key or " " in key or all(code & 3 == Weight.BASE for code in codes):
            continue
        if any(index.place(code).kind not in (Kind.VILLAGE, Kind.NEIGHBOURHOOD) for code in codes):
            towns.append(key)
        else:
            villages[key[0], len(key)].append(key)
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for key in towns:
        by_letter[key[0]].append(key)
    return Corpus(
        tuple(towns), {letter: tuple(keys) for letter, keys in by_letter.items()}, {slot: tuple(keys) for slot, keys in villages.items()}
    )


def town(keys: list[str], corpus: Corpus, index: NameIndex) -> tuple[Hit, ...]:
    """Hits for the town that one of the keys misspells; several only if equally alike. A wrong letter needs a name of six or more."""
    return _alike(keys, corpus.towns, index, swaps_from=_SHORTEST_SWAPPED)


def town_unannounced(keys: list[str], corpus: Corpus, index: NameIndex) -> tuple[Hit, ...]:
    """The same for a word that nothing announces: first letter right, a longer word, a closer likeness."""
    key = keys[0]
    if len(key) < _SHORTEST_UNANNOUNCED:
        return ()
    hits = _alike([key], corpus.towns_by_letter.get(key[0], ()), index, swaps_from=_TWO_SLIPS_FROM)
    return tuple(hit for hit in hits if hit.likeness >= _LEAST_UNANNOUNCED)


def village(keys: list[str], corpus: Corpus, index: NameIndex) -> tuple[Hit, ...]:
    """Hits for villages that one of the keys misspells. The first letter must be right."""
    near = [
        name
        for key in keys[:1]
        if len(key) >= _SHORTEST
        for length in (len(key) - 1, len(key), len(key) + 1)
        for name in corpus.villages.get((key[0], length), ())
    ]
    return _alike(keys[:1], tuple(near), index, swaps_from=_SHORTEST_SWAPPED)


def _alike(keys: list[str], names: tuple[str, ...], index: NameIndex, *, swaps_from: int) -> tuple[Hit, ...]:
    best: dict[int, Hit] = {}
    for key in keys:
        if len(key) < _SHORTEST or not names:
            continue
        slips = 1 if len(key) < _TWO_SLIPS_FROM else 2
        for name, distance, _ in process.extract(key, names, scorer=OSA.distance, score_cutoff=slips, limit=8):
            likeness = _likeness(key, name, int(distance))
            if likeness < LEAST_LIKENESS or _is_another_word(key, name, swaps_from):
                continue
            for code in index.sounding[name]:
                hit = Hit(code >> 2, Weight(code & 3), 2, likeness)
                if hit.weight is not Weight.BASE and (hit.number not in best or best[hit.number].likeness < likeness):
                    best[hit.number] = hit
    if not best:
        return ()
    top = max(hit.likeness for hit in best.values())
    return tuple(hit for hit in best.values() if hit.likeness >= top - 1)


def _likeness(key: str, name: str, distance: int) -> float:
    """Per cent of letters that agree, counted over both words, so one slip in six letters is still 92 %."""
    return round(100 * (1 - distance / (len(key) + len(name))), 1)


def _is_another_word(key: str, name: str, swaps_from: int) -> bool:
    """Likeness that is none: another first letter (unless the first two changed places); a wrong letter in a short word; a word made
    from the name, such as beogradski, Prizrenac, prishtinali.
    """
    if key[0] != name[0] and key[:2] != name[1::-1]:
        return True
    if key.startswith(name) or (len(name) > len(key) + 1 and name.startswith(key)):
        return True
    return len(key) < swaps_from and len(key) == len(name) and sorted(key) != sorted(name)
