"""The last look at every text before it is queued. Pure. What it refuses is replaced by a reviewed fallback; an SOS is never held back by it.

It does not judge wording, that is a reviewer's part; it catches what must not leave whatever the catalogue says: an open placeholder, an
authority's number for who wants no police (DOMAIN 17), a telling word in a text that nobody asked for (DOMAIN 9).
"""

import re
from collections.abc import Collection
from enum import StrEnum

import cyrtranslit
from anyascii import anyascii

_BRACES = re.compile(r"[{}]")
_WORD = re.compile(r"[a-z]+")


class Refusal(StrEnum):
    """Why a text does not leave."""

    EMPTY = "empty"
    UNRESOLVED = "unresolved"
    BARRED_NUMBER = "barred_number"
    NOT_NEUTRAL = "not_neutral"


def refusal(text: str, *, barred_numbers: Collection[str] = (), neutral: bool = False, not_neutral: Collection[str] = ()) -> Refusal | None:
    """Why this text must not leave; None when it may.

    `barred_numbers`: numbers as published, found however they are spaced. `neutral`: whether the text may leave unasked; then no word may
    begin with one of `not_neutral` (folded).
    """
    if not text.strip():
        return Refusal.EMPTY
    if _BRACES.search(text):
        return Refusal.UNRESOLVED
    if any(_number(number).search(text) for number in barred_numbers):
        return Refusal.BARRED_NUMBER
    if neutral and not_neutral and any(word.startswith(tuple(not_neutral)) for word in _WORD.findall(_folded(text))):
        return Refusal.NOT_NEUTRAL
    return None


def _number(number: str) -> re.Pattern[str]:
    """The digits with any space, dot or dash between, not as a part of a longer number and not counting kilometres."""
    digits = [digit for digit in number if digit.isdigit()]
    inside = r"[ .\-/]?".join(digits) or r"(?!)"
    return re.compile(rf"(?<!\d)(?<!\d[ .\-/]){inside}(?![ .\-/]?\d)(?! ?km)")


def _folded(text: str) -> str:
    return anyascii(str(cyrtranslit.to_latin(text, "sr"))).casefold()
