"""A fast look for words of distress in raw text, used on everything that waits or cannot be read.

It grades nothing and may find too much; it must never miss a plain SOS because of escapes, encodings or broken bytes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote_plus

from sos.bot.understanding.lexicon import Lexicon
from sos.bot.understanding.normalise import normalise
from sos.bot.understanding.tags import BIT

_ALWAYS: Final = ("sos", "help", "ndihme", "pomoc", "imdat", "yardim", "emergency")
_LOOKED_AT: Final = 65_536
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_RUBBISH: Final = re.compile("[\x00-\x1f\x80-\xff]")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){3,}")
_LOUD: Final = BIT["sos"] | BIT["cry"] | BIT["help_noun"]


class SosScan:
    """One compiled pattern of the words for help in all loaded languages, elongation allowed."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        words = set(_ALWAYS)
        for lexicon in lexicons:
            words |= {form for form, bits in lexicon.forms.items() if bits & _LOUD and len(form) > 2}
        body = "|".join("".join(f"{letter}+" for letter in re.sub(r"(.)\1+", r"\1", word)) for word in sorted(words))
        self._pattern = re.compile(rf"(?<![a-z])(?:{body}|s[\W_]{{1,2}}o[\W_]{{1,2}}s|s0s)(?![a-z])")

    def found_in(self, raw_text: str) -> bool:
        """Whether a word of distress stands in the text as it is, or under one layer of escapes, hex or wrong encoding."""
        text = raw_text[:_LOOKED_AT]
        return any(self._pattern.search(normalise(form)) is not None for form in _forms(text))


def _forms(text: str) -> Iterator[str]:
    yield text
    if "\x00" in text:
        yield text.replace("\x00", "")
    if "\\u" in text:
        yield _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    if "%" in text or "+" in text:
        yield unquote_plus(text, errors="replace")
    if not text.isascii():
        yield _RUBBISH.sub(" ", text)
    for encoding in ("latin-1", "cp1252") if not text.isascii() or "\x00" in text or "\x04" in text or "\x01" in text else ():
        raw = text.encode(encoding, "ignore")
        for other in ("utf-8", "utf-16-be", "utf-16-le"):
            yield raw.decode(other, "ignore")
    for match in _HEX.finditer(text):
        raw = bytes.fromhex(match.group())
        yield raw.decode("utf-16-be", "ignore")
        yield raw.decode("utf-8", "ignore")
