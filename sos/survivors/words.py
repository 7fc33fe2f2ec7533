"""The words she agreed: what counts as the same word, and comparing without telling. Pure."""

import hmac
import unicodedata
from enum import StrEnum

import anyascii
import cyrtranslit


class Word(StrEnum):
    """What a word of hers does."""

    CHECK = "check"  #: proves that it is she
    COVER = "cover"  #: turns the thread into an ordinary office
    DURESS = "duress"  #: looks like the check word and raises urgency


def plain(text: str) -> str:
    """A word as it is compared: one script, no accents, no case, single spaces."""
    folded = str(cyrtranslit.to_latin(unicodedata.normalize("NFC", text), "sr")).casefold().replace("đ", "dj")
    return " ".join("".join(c if c.isalnum() else " " for c in anyascii.anyascii(folded).casefold()).split())


def same(agreed: bytes, said: str) -> bool:
    """Whether the whole message is exactly this word; in constant time for one length."""
    return hmac.compare_digest(agreed, plain(said).encode())
