"""Reads one language's `messages.po`: keys, their forms, what each may cost and to which class it belongs. Reading is strict; nobody else is.

The key is the msgid. A comment `#. sms: 2` declares how many SMS it may take with its answers (1 where nothing is said), `#. class: neutral` that
it may leave unasked. Both are declared once, in English, the source of keys.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from gettext import c2py
from pathlib import Path

import polib

PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")
_BRACE = re.compile(r"[{}]")


class TextClass(StrEnum):
    """When a text may leave."""

    REPLY = "reply"  #: only as an answer to what she wrote
    NEUTRAL = "neutral"  #: may leave unasked: tells nothing of what this line is about


class BrokenCatalogue(Exception):
    """This file cannot be used; the text says why, without its content."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text. `forms`: one, or one for each plural form of the language."""

    key: str
    forms: tuple[str, ...]
    sms: int = 1
    text_class: TextClass = TextClass.REPLY

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of all placeholders in any form."""
        return frozenset(name for form in self.forms for name in PLACEHOLDER.findall(form))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything of one language. `plural`: number -> index of the form."""

    code: str
    entries: Mapping[str, Entry]
    plural: Callable[[int], int]


def read(path: Path, code: str) -> Catalogue:
    """Read one file. Raises BrokenCatalogue."""
    try:
        file = polib.pofile(str(path), encoding="utf-8")
        plural = c2py(_plural_rule(file.metadata.get("Plural-Forms", "")))
    except (OSError, UnicodeError, ValueError, SyntaxError) as error:
        raise BrokenCatalogue(f"{code}/messages.po: {type(error).__name__}") from None
    entries: dict[str, Entry] = {}
    for line in file:
        if line.obsolete or line.fuzzy or not (line.msgstr or line.msgstr_plural):
            continue
        entry = _entry(line)
        for form in entry.forms:
            if _BRACE.search(PLACEHOLDER.sub("", form)):
                raise BrokenCatalogue(f"{code}/messages.po: {entry.key} has a brace that is no placeholder")
        if entry.key in entries:
            raise BrokenCatalogue(f"{code}/messages.po: {entry.key} stands twice")
        entries[entry.key] = entry
    if not entries:
        raise BrokenCatalogue(f"{code}/messages.po: no text")
    return Catalogue(code, entries, plural)


def _plural_rule(header: str) -> str:
    found = re.search(r"plural\s*=\s*([^;]+);?", header)
    return found.group(1).strip() if found else "n != 1"


def _entry(line: polib.POEntry) -> Entry:
    forms = tuple(line.msgstr_plural[n] for n in sorted(line.msgstr_plural)) if line.msgstr_plural else (line.msgstr,)
    declared = dict(re.findall(r"(\w+):\s*(\w+)", line.comment))
    sms = declared.get("sms", "1")
    text_class = declared.get("class", "reply")
    try:
        return Entry(line.msgid, forms, int(sms), TextClass(text_class))
    except ValueError:
        raise BrokenCatalogue(f"{line.msgid} has a declaration that is not known") from None
