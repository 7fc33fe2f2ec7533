"""The only words that may be written into a plan: those of the checklists, those of `vocabulary.toml`, numbers and dates. Pure.

A closed list is the one way that keeps a resident's name out in every language and script: no list of names is ever complete, and many
names are ordinary words. The refusal names the word, so that the writer loses nothing else.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sos.safety_plans.errors import UnknownWord, WrongTemplate
from sos.safety_plans.templates import Templates

_WORD: Final = re.compile(r"[^\W\d_]+", re.UNICODE)
_ALLOWED_SIGNS: Final = re.compile(r"[\s\d.,;:()/+%°\-–]")
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words, case-folded."""

    words: frozenset[str] = field(repr=False)

    @classmethod
    def load(cls, folder: Path, templates: Templates) -> "Vocabulary":
        """The words of every template and of `vocabulary.toml` less the names that it lists. Raises WrongTemplate."""
        words = {
            word for template in templates.by_key.values() for one in template.items for text in one.text.values() for word in _of(text)
        }
        file = folder / "vocabulary.toml"
        table = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if not set(table) <= {"words", "names", "dated", "review"}:
            raise WrongTemplate("vocabulary.toml: words and names")
        words |= {word for line in table.get("words", {}).values() for word in _of(line)}
        return cls(frozenset(words) - {word for line in table.get("names", {}).values() for word in _of(line)})

    @classmethod
    def load_good(cls, folder: Path, templates: Templates) -> "Vocabulary":
        """The same, or no word at all where its file is broken: then nothing can be written but numbers."""
        try:
            return cls.load(folder, templates)
        except (WrongTemplate, OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            return cls(frozenset())

    def checked(self, text: str) -> str:
        """The text, stripped, when every word of it is known. Raises UnknownWord with the first that is not."""
        text = unicodedata.normalize("NFC", text).strip()[:LONGEST]
        for word in _WORD.findall(text):
            if word.casefold() not in self.words:
                raise UnknownWord(word)
        strange = _ALLOWED_SIGNS.sub("", _WORD.sub("", text))
        if strange:
            raise UnknownWord(strange[0])
        return text


def _of(text: str) -> Iterable[str]:
    return (word.casefold() for word in _WORD.findall(text))
