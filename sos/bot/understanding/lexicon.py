"""Reads the lexicons: one folder a language, words and phrases under the tags they carry.

A lexicon that is missing or broken is reported and left out, never raised: the other languages go on hearing her.
Format, all of it lower-case ASCII as `normalise` writes it:
  [words]    tag = "form form stem~"      a stem covers every ending; the exact form, then the longest stem, wins
  [phrases]  tag = ["a b|c (d) .. <tag>"] alternatives `|`, optional `( )`, gap of at most three words `..`;
                                         `_` joins two words where one of the alternatives is made of two
  [masks]    the same, but the words lose their own tags: "killing time" is no killing
  [plain]    ordinary words: `light` ones without content, `content` ones; no typing error turns them into anything else;
             `apart` words that a stem would catch wrongly; `aux` small words that may slip in between the words of any phrase
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sos.bot.understanding.patterns import Phrase, PhraseError, compile_phrase
from sos.bot.understanding.tags import BIT

CODES: Final = ("sq", "sr", "bs", "tr", "rom", "en")


@dataclass(slots=True)
class Lexicon:
    """One language's words. `extends` names a language that it is a variety of: its own words then only mark it."""

    code: str
    extends: str | None = None
    forms: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a lexicon that was left out, for `flask doctor`."""

    code: str
    what: str


def load_folder(folder: Path) -> tuple[list[Lexicon], list[Problem]]:
    """All lexicons found under `folder`, and what was wrong with the others. Raises nothing."""
    found: list[Lexicon] = []
    problems: list[Problem] = []
    for code in CODES:
        try:
            raw = tomllib.loads((folder / code / "lexicon.toml").read_text("utf-8"))
        except (OSError, ValueError) as error:
            problems.append(Problem(code, f"lexicon not read: {type(error).__name__}"))
            continue
        found.append(_read(code, raw, problems))
    return found, problems


def _read(code: str, raw: Mapping[str, object], problems: list[Problem]) -> Lexicon:
    extends = raw.get("extends")
    lexicon = Lexicon(code, extends if isinstance(extends, str) else None)
    for tag, text in _table(raw, "words", code, problems):
        if tag not in BIT or not isinstance(text, str):
            problems.append(Problem(code, f"words.{tag} is no tag with words"))
            continue
        _add(lexicon, text, BIT[tag])
    plain = dict(_table(raw, "plain", code, problems))
    for name, bits in (("apart", 0), ("light", BIT["light"]), ("aux", BIT["light"] | BIT["aux"]), ("content", BIT["content"])):
        text = plain.get(name, "")
        _add(lexicon, text if isinstance(text, str) else "", bits)
    for kind, consumes in (("phrases", False), ("masks", True)):
        for tag, lines in _table(raw, kind, code, problems):
            for line in lines if isinstance(lines, list) and tag in BIT else [None]:
                try:
                    lexicon.phrases.extend(compile_phrase(str(line or ""), BIT.get(tag, 0), consumes=consumes))
                except PhraseError as error:
                    problems.append(Problem(code, f"{kind}.{tag}: {error}"))
    return lexicon


def _table(raw: Mapping[str, object], name: str, code: str, problems: list[Problem]) -> list[tuple[str, object]]:
    table = raw.get(name, {})
    if isinstance(table, Mapping):
        return list(table.items())
    problems.append(Problem(code, f"{name} is no table"))
    return []


def _add(lexicon: Lexicon, text: str, bits: int) -> None:
    for word in text.split():
        kind, key = (lexicon.stems, word[:-1]) if word.endswith("~") else (lexicon.forms, word)
        kind[key] = kind.get(key, 0) | bits
