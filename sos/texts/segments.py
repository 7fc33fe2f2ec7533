"""How many SMS a text costs, and how to make it cost fewer: GSM-7, UCS-2, plain letters. Never changes the meaning, never drops a digit.

GSM-7 (3GPP TS 23.038): 160 letters alone, 153 in each part of several. Outside it UCS-2: 70 and 67. Albanian ë and ç, Serbian č ć š ž đ, Turkish
ğ ı ş and all Cyrillic are outside; Ç, ö, ü and é are inside and stay.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import cyrtranslit
from anyascii import anyascii
from smsutil import split, unicode_split
from smsutil.codecs import GSM_BASIC_CHARSET, GSM_EXT_CHARSET

_INSIDE = frozenset(GSM_BASIC_CHARSET + GSM_EXT_CHARSET) - {"\x1b"}
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_EMOJI = re.compile(r"[\u200d\ufe0f\u20e3\u2600-\u2775\u2794-\u27bf\u2b00-\u2bff\U0001f1e6-\U0001faff]+")  # not the circled digits between
_DJ_LANGUAGES = frozenset({"sr", "bs", "rom"})  #: write đ as dj when letters must be plain; others write d


class Encoding(StrEnum):
    """How a carrier writes the text."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs."""

    segments: int
    encoding: Encoding


def measure(text: str) -> Measure:
    """Segments and encoding of `text`; an empty text costs none."""
    if all(letter in _INSIDE for letter in text):
        encoding, length = Encoding.GSM7, len(text) + sum(letter in GSM_EXT_CHARSET for letter in text)
        if length <= 160:
            return Measure(1 if text else 0, encoding)
    else:
        encoding = Encoding.UCS2
    return Measure(len(parts(text)), encoding)


def parts(text: str) -> tuple[str, ...]:
    """`text` as a carrier cuts it; joined they are `text` again. No pair of an escaped letter or an emoji is cut apart."""
    if not text:
        return ()
    cut = unicode_split if "\x1b" in text else split  # the library takes a bare escape for a letter
    return tuple(part.content for part in cut(text).parts)  # type: ignore[no-untyped-call]


def fits(text: str, at_most: int) -> bool:
    """Whether `text` goes out in `at_most` segments of GSM-7."""
    cost = measure(text)
    return cost.encoding is Encoding.GSM7 and cost.segments <= at_most


def plain_letters(text: str, language: str) -> str:
    """`text` in GSM-7 only: Serbian Cyrillic by its Latin letters, then every letter outside GSM-7 by its nearest inside; emoji are dropped.

    `language`: code of the text. Pure letters only: `Помоћ` is `Pomoc`, never a row of look-alikes.
    """
    if _CYRILLIC.search(text):
        text = cyrtranslit.to_latin(text, "sr")
    if language in _DJ_LANGUAGES:
        text = text.replace("đ", "dj").replace("Đ", "Dj")
    return "".join(_inside(run) for run in re.split(r"([^\x00-\x7f]+)", _EMOJI.sub("", text)))


def _inside(run: str) -> str:
    return "".join(letter if letter in _INSIDE else "".join(c for c in anyascii(letter) if c in _INSIDE) for letter in run)
