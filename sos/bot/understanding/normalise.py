"""Brings any text to plain lower-case Latin letters, so that script, accents and case never decide over an SOS.

It must never raise and never look beyond `MOST_CHARACTERS`: a flood of text costs no more than a page of it.
"""

import re
import unicodedata
from typing import Final

import cyrtranslit
from anyascii import anyascii

MOST_CHARACTERS: Final = 2_000
_HEAD: Final = 1_500

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
# Dze stands here for the letter it looks like: people write SOS with whatever key shows that shape.
_LOOKALIKES = {
    "ѕ": "s",
    "Ѕ": "s",
    "і": "i",
    "І": "i",
    "ы": "i",
    "э": "e",
    "й": "j",
    "щ": "sc",
    "ь": "",
    "ъ": "",
    "ю": "ju",
    "я": "ja",
    "ё": "e",
}
_LETTERS: Final[dict[int, str]] = str.maketrans(
    {
        **{letter: anyascii(cyrtranslit.to_latin(letter, "sr").lower().replace("đ", "dj")) for letter in _CYRILLIC},
        **_LOOKALIKES,
        "đ": "dj", "Đ": "dj", "ð": "dj", "ı": "i", "İ": "i", "ə": "e",
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"',
        "…": ".", "–": "-", "—": "-", "🆘": " sos ", "🔪": " knife ", "🔫": " gun ", "😂": " haha ", "🤣": " haha ", "😹": " haha ", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    }
)  # fmt: skip
_LATIN_SHAPED: Final = str.maketrans("aeopcxyjkmtbhAEOPCXYJKMTBH", "аеорсхујкмтвнАЕОРСХУЈКМТВН")
_PICTURES: Final = frozenset({"So", "Sk"})
_WORD: Final = re.compile(r"\w+")


def _one_script(match: re.Match[str]) -> str:
    """A word with both scripts: where Cyrillic prevails, Latin letters stand for the Cyrillic ones they look like."""
    word = match.group()
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    return word.translate(_LATIN_SHAPED) if cyrillic * 2 >= len(word) else word


def cut(text: str) -> str:
    """At most `MOST_CHARACTERS` of the text: its beginning and its end, where cries for help stand."""
    return text if len(text) <= MOST_CHARACTERS else text[:_HEAD] + " \n " + text[_HEAD - MOST_CHARACTERS :]


def normalise(text: str) -> str:
    """Lower-case ASCII of a text in any script; punctuation stays, because it parts clauses."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    text = _WORD.sub(_one_script, text).translate(_LETTERS)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).translate(_LETTERS)
    if not text.isascii():
        # other pictures say nothing: their English names would be read as words, a thumb as a blow
        text = "".join(" " if unicodedata.category(c) in _PICTURES else c for c in text)
        text = anyascii(text.encode("utf-8", "ignore").decode())
    return text.lower()


def is_cyrillic(text: str) -> bool:
    """Whether the text is written mostly in Cyrillic, which here means Serbian."""
    if text.isascii():
        return False
    count = sum("\u0400" <= letter <= "\u04ff" for letter in text[:400])
    return count * 2 > sum(letter.isalpha() for letter in text[:400])
