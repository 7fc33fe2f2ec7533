"""Short phrases that can be answered by yes, no or a number, from the catalogues: keys `staff.canned.phrase.<kind>.<name>`. Writes nothing.

A language shows only what it has itself: nothing here falls back to another language, since a phrase is read out or sent as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sos.texts.catalogue import Texts

PREFIX: Final = "staff.canned.phrase."
KINDS: Final[Mapping[str, str]] = {"yes_no": "Answered by yes or no", "number": "Answered by a number", "say": "To say"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase. `by_language`: code -> words; `key` is what is sent."""

    key: str
    kind: str
    by_language: Mapping[str, str]

    @property
    def english(self) -> str:
        return self.by_language.get("en", "")


def book(texts: Texts) -> tuple[Phrase, ...]:
    """Every phrase, in the order of the catalogue."""
    found = []
    for key in texts.keys:
        if key.startswith(PREFIX):
            said = {code: texts.say(key, code) for code in texts.languages if texts.has(key, code)}
            found.append(Phrase(key, key.removeprefix(PREFIX).partition(".")[0], said))
    return tuple(found)


def in_language(texts: Texts, language: str) -> tuple[Phrase, ...]:
    """Those that this language has: to be sent with one tap."""
    return tuple(phrase for phrase in book(texts) if language in phrase.by_language)
