"""How shelter staff answer a question or an ask by its code, as people type at three in the morning. Pure; never guesses a count.

`481 3`, `481 F2 A1`, `481f2a1`, `481: 3 free`, `481 ok`, `481 yes`, `481 no full`, `481 hold`. What begins with a code and says none of these is unclear;
what does not begin with a code is none of ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sos.bot.staff_words import folded
from sos.shelters.asks.states import WORDS, No
from sos.shelters.confirming.answers import Counted
from sos.shelters.units.states import BY_CODE, UnitKind

_CODED = re.compile(r"[\W_]*(\d{3})([\W_]*)(.*)", re.DOTALL)
_TOKENS = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_COUNT: Final = 2
YES: Final = frozenset({"yes", "y", "po", "da", "evet", "ja"})
NO: Final = frozenset({"no", "n", "jo", "ne", "hayir", "na"})
HOLD: Final = frozenset({"hold", "mbaj", "drzi", "tut"})
SAME: Final = frozenset({"ok", "okay", "same", "right", "njesoj", "isto", "ayni"})
NONE: Final = frozenset({"none", "zero", "asnje", "nula", "sifir"})
_PLAIN: Final[Mapping[str, Any]] = {
    **{key: {"yes": True, "counted": Counted(same=True)} for key in YES},
    **{key: {"reason": No.OTHER} for key in NO},
    **{key: {"hold": True} for key in HOLD},
    **{key: {"counted": Counted(same=True)} for key in SAME},
    **{key: {"counted": Counted(total=0)} for key in NONE},
}
FILLERS: Final = frozenset(
    {"free", "empty", "bed", "beds", "room", "rooms", "lire", "lira", "slobodno", "slobodna", "slobodnih", "bos", "still", "and"}
)
_LEAST_LETTERS: Final = 3
"""So many letters of a kind's name or of a reason are enough."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. All empty but the code: not clear. `reason`: of a no; OTHER where none was given."""

    code: str
    yes: bool = False
    hold: bool = False
    reason: No | None = None
    counted: Counted | None = None

    @property
    def is_clear(self) -> bool:
        return self.yes or self.hold or self.reason is not None or self.counted is not None


def read(text: str) -> Said | None:
    """What it says; None for what does not begin with a code of three digits, or is a longer number."""
    plain = folded(text)
    coded = _CODED.fullmatch(plain) if plain is not None else None
    if coded is None:
        return None
    code, between, rest = coded.groups()
    if not between and re.match(r"\d{3}", rest):
        return None  # a telephone number, not an answer
    return _said(code, [token for token in _TOKENS.findall(rest) if token not in FILLERS])


def _said(code: str, tokens: list[str]) -> Said:
    if len(tokens) == 1 and tokens[0] in _PLAIN:
        return Said(code, **_PLAIN[tokens[0]])
    reason = _reason(tokens)
    if reason is not None:
        none_empty = Counted(total=0) if reason is No.FULL and len(tokens) == 1 else None
        return Said(code, reason=reason, counted=none_empty)
    if len(tokens) == 1 and _is_count(tokens[0]):
        return Said(code, counted=Counted(total=int(tokens[0])))
    kinds = _kinds(tokens) or _kinds(_turned(tokens))
    return Said(code, counted=Counted(kinds=kinds) if kinds else None)


def _turned(tokens: list[str]) -> list[str]:
    """Two f, one a as f two, a one; empty where it is no such row."""
    return [token for pair in zip(tokens[1::2], tokens[::2], strict=True) for token in pair] if len(tokens) % 2 == 0 else []


def _kinds(tokens: list[str]) -> dict[UnitKind, int]:
    """Kind and count in turn; empty where it is anything else."""
    found: dict[UnitKind, int] = {}
    if len(tokens) % 2:
        return found
    for word, number in zip(tokens[::2], tokens[1::2], strict=True):
        kind = _kind(word)
        if kind is None or kind in found or not _is_count(number):
            return {}
        found[kind] = int(number)
    return found


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) <= _LONGEST_COUNT


def _kind(word: str) -> UnitKind | None:
    if len(word) == 1:
        return BY_CODE.get(word.upper())
    return next((kind for kind in UnitKind if len(word) >= _LEAST_LETTERS and kind.value.startswith(word)), None)


def _reason(tokens: list[str]) -> No | None:
    """The reason of `no full`, or of `full` alone."""
    words = tokens[1:] if len(tokens) > 1 and tokens[0] in NO else tokens
    if len(words) != 1 or len(words[0]) < _LEAST_LETTERS:
        return None
    return next((reason for known, reason in WORDS.items() if known.startswith(words[0])), None)
