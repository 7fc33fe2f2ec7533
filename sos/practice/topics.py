"""What a line of the member is about, found by the phrases of `config/practice/topics.toml`. Pure once it is read.

A practice rule, no understanding: it only has to notice what a trainer would notice. It never reads a survivor's words.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cyrtranslit
from anyascii import anyascii

from sos.practice.errors import BadScript
from sos.practice.states import Topic

LANGUAGES = ("en", "sq", "sr")
_COUNTED = frozenset({Topic.LONG, Topic.MANY_QUESTIONS})
_LONGEST = 320
"""Two texts of 160 letters."""


@dataclass(frozen=True, slots=True)
class Topics:
    """language -> its patterns in order. An earlier topic keeps its words: "not your fault" is no blame."""

    by_language: Mapping[str, tuple[tuple[Topic, re.Pattern[str]], ...]]

    @classmethod
    def load(cls, path: Path) -> "Topics":
        """Raises BadScript."""
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
            raise BadScript(f"{path.name}: cannot be read: {type(error).__name__}") from None
        tables = content.get("topic", {})
        wanted = {topic.value for topic in Topic if topic not in _COUNTED}
        if not isinstance(tables, dict) or set(tables) != wanted:
            odd = min(wanted.symmetric_difference(tables))
            raise BadScript(f"{path.name}: topic {odd} is missing or unknown")
        found: dict[str, list[tuple[Topic, re.Pattern[str]]]] = {code: [] for code in LANGUAGES}
        for name, phrases in tables.items():
            for code in LANGUAGES:
                found[code].append((Topic(name), _pattern(path, name, code, phrases.get(code))))
        return cls({code: tuple(patterns) for code, patterns in found.items()})

    def heard(self, text: str, language: str) -> tuple[Topic, ...]:
        """The topics of this line, in the order of the file; English is understood beside the language of the exercise."""
        found: list[Topic] = []
        for code in dict.fromkeys((language, "en")):
            rest = folded(text)
            for topic, pattern in self.by_language[code]:
                shorter = pattern.sub(" ", rest)
                if shorter != rest and topic not in found:
                    found.append(topic)
                rest = shorter
        if len(text) > _LONGEST:
            found.append(Topic.LONG)
        if text.count("?") >= 3:
            found.append(Topic.MANY_QUESTIONS)
        return tuple(found)


def folded(text: str) -> str:
    """Latin letters without marks, small, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9? ]+", " ", anyascii(str(cyrtranslit.to_latin(text, "sr"))).casefold()).split())


def _pattern(path: Path, name: str, code: str, phrases: object) -> re.Pattern[str]:
    """Phrases begin at the beginning of a word; `..` stands for up to three words between, a dot at the end for the end of a word."""
    if not isinstance(phrases, list) or not phrases or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise BadScript(f"{path.name}: topic {name} has no phrases in {code}")
    return re.compile(r"(?<!\w)(?:" + "|".join(_phrase(phrase) for phrase in phrases) + ")")


def _phrase(phrase: str) -> str:
    parts = r"\w*(?: \w+){0,3} ".join(re.escape(folded(part)) for part in phrase.rstrip(".").split(".."))
    return parts + (r"(?!\w)" if phrase.endswith(".") else r"\w*")
