"""Serbian in Cyrillic from its Latin source. Pure. Placeholders, commands and numbers stay as they are, so that they still work when typed."""

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
