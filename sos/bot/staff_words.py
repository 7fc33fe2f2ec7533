"""Words by which a member of the staff answers a page or links a chat. Pure; only a whole message counts, so that no cry for help is ever one of them.

`TAKE 12-4815`, in any case, with any spaces and signs between, in letters of another alphabet that look the same, with digits of any script; the same
as a button's value. `LINK ABCD2345`, also as Telegram's `/start LINK-ABCD2345`. `ME`: she writes for herself. `HOUSE` and `OK` count from the phones of a house's staff only.
"""

import re
import unicodedata
from dataclasses import dataclass, field

_LONGEST = 64
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХаекорстΑΒΕΙΚΜΝΟΡΤЕıİіІј", "ABEKMHOPCTXaekopctABEIKMNOPTEiIiIj")
_SIGNS = r"[\W_]*"
_TAKE = re.compile(rf"{_SIGNS}{_SIGNS.join('take')}{_SIGNS}(\d{{1,9}})[\W_]{{1,5}}(\d{{4,8}}){_SIGNS}")
_LINK = re.compile(rf"(?:/start)?{_SIGNS}link{_SIGNS}([a-z0-9]{{4}}){_SIGNS}([a-z0-9]{{4}}){_SIGNS}")
_HOUSE = re.compile(rf"{_SIGNS}(?:house|sht[eë]pia?|k[u\u0443][cć\u045b]a){_SIGNS}")
_OK = re.compile(rf"{_SIGNS}ok{_SIGNS}")
_ME = re.compile(rf"{_SIGNS}me{_SIGNS}")


@dataclass(frozen=True, slots=True)
class Take:
    """She takes the task of this number by its page's code."""

    number: int
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """She links this chat by the console's code."""

    code: str = field(repr=False)


def read(text: str) -> Take | Link | None:
    """What she means; None for every other text."""
    plain = folded(text)
    if plain is None:
        return None
    if taking := _TAKE.fullmatch(plain):
        return Take(int(taking[1]), taking[2])
    if linking := _LINK.fullmatch(plain):
        return Link((linking[1] + linking[2]).upper())
    return None


def is_for_herself(text: str) -> bool:
    """Whether somebody at a staff number says that she writes for herself."""
    plain = folded(text)
    return plain is not None and _ME.fullmatch(plain) is not None


def rings(text: str) -> bool:
    """Whether somebody of a house says that her house needs help: HOUSE, SHTEPI, KUCA alone, as it is told to the staff of houses."""
    plain = folded(text)
    return plain is not None and _HOUSE.fullmatch(plain) is not None


def has_read(text: str) -> bool:
    """OK: the note for today was read."""
    plain = folded(text)
    return plain is not None and _OK.fullmatch(plain) is not None


def folded(text: str) -> str | None:
    """Lower-case Latin letters and Western digits; None where it is too long to be a word of ours."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES).casefold()
    return "".join(_digit(letter) for letter in plain)


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
