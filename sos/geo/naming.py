"""From a written name to the keys under which the index holds it.

Pure; used when the data are packed, and by the test that the pack is not stale. Must never be needed to answer a text: reading uses
the packed keys.
"""

import re

from sos.geo.qualifiers import PARTICLES, QUALIFIER_OF
from sos.geo.spelling import fold, sound

WORD = re.compile(r"[^\W\d_]+")


def folded_name(name: str) -> str:
    """All words folded, single spaces: the exact key of a name."""
    return " ".join(fold(word) for word in WORD.findall(name))


def sound_names(name: str) -> list[str]:
    """Every sound key of a name, the plain one first: words in order, then written together, then with its qualifier behind or before."""
    keys: list[str] = []
    for spelling in dict.fromkeys((name, _without_schwa(name))):
        words = [fold(word) for word in WORD.findall(spelling)]
        content = [word for place, word in enumerate(words) if place == 0 or word not in PARTICLES]
        for key in _keys_of(content):
            if key and key not in keys:
                keys.append(key)
    return keys


def base_keys(name: str) -> list[str]:
    """The keys of a qualified name without its qualifier ("Krusha" of "Krusha e Madhe"), for asking which one is meant."""
    found: list[str] = []
    for key in sound_names(name):
        words = key.split()
        rest = [word for word in words if not word.startswith("^")]
        if len(rest) < len(words) and rest and " ".join(rest) not in found:
            found.append(" ".join(rest))
    return found


def _keys_of(words: list[str]) -> list[str]:
    sounds = [sound(word) for word in words]
    if len(words) < 2:
        return sounds
    marked = [QUALIFIER_OF.get(key, key) for key in sounds]
    keys = [" ".join(marked), sound("".join(words))]
    qualifiers = [word for word in marked if word.startswith("^")]
    if len(qualifiers) == 1 and len(marked) > 1:
        rest = [word for word in marked if not word.startswith("^")]
        keys += [" ".join([*rest, *qualifiers]), " ".join([*qualifiers, *rest])]
    return keys


def _without_schwa(name: str) -> str:
    """Albanian ``ë`` inside a word is often not typed: Zhegër, Zhegra."""
    return re.sub(r"(?<=\w)[ëË](?=\w)", "", name)
