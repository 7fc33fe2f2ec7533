"""Serbian in Cyrillic from its Latin source, and her Cyrillic words in Latin for who reads none. Pure. Placeholders, commands and numbers stay as they are, so that they still work when typed."""

import re
from enum import StrEnum

import cyrtranslit


class Script(StrEnum):
    """How Serbian is written to her; other languages have one script."""

    LATIN = "latn"
    CYRILLIC = "cyrl"


_KEPT = re.compile(r"\{[a-z_]+\}|\b[A-ZČĆŠŽĐ]{2,}\b|\b(?:web|Telegram|email)\b")


def to_cyrillic(text: str) -> str:
    """`text` in Cyrillic, but for `{placeholders}`, words in capitals (SMS, SOS, commands) and names of things."""
    pieces: list[str] = []
    end = 0
    for kept in _KEPT.finditer(text):
        pieces += [str(cyrtranslit.to_cyrillic(text[end : kept.start()], "sr")), kept.group()]
        end = kept.end()
    return "".join([*pieces, str(cyrtranslit.to_cyrillic(text[end:], "sr"))])


def has_cyrillic(text: str) -> bool:
    """Whether there is a Cyrillic letter in it."""
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


def to_latin(text: str) -> str:
    """`text` in Latin letters, as a Serbian reader would write it."""
    return str(cyrtranslit.to_latin(text, "sr"))
