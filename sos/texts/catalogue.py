"""Gives her language: every text by its key, in her words, her script, with values filled in. Loaded once; never raises while someone waits.

A language whose file is broken is left out and reported; a text that is missing, or lacks a value, is looked for in her second language, then
in her jurisdiction's, then in English; what is nowhere is replaced by a sentence of `last_resort`. Never joins a number into a text by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sos.texts import last_resort, po, review
from sos.texts.po import PLACEHOLDER, Catalogue, Entry, TextClass
from sos.texts.review import Review
from sos.texts.script import Script, to_cyrillic
from sos.texts.segments import plain_letters as to_plain_letters

SOURCE: Final = "en"
OF_COUNTRY: Final[Mapping[str, str]] = {"XK": "sq", "RS": "sr"}
"""The language to fall back to where a jurisdiction is known."""
DATES_BY: Final[Mapping[str, str]] = {"rom": "sr"}
"""Languages that borrow names of days from another one."""


class _Missing(Exception):
    """A placeholder got no value."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text ready to be read, and the language it is in after falling back."""

    text: str = field(repr=False)
    language: str
    stood_in: bool = False  #: a last resort instead of the text asked for


@dataclass(frozen=True, slots=True)
class Texts:
    """All languages of this installation."""

    catalogues: Mapping[str, Catalogue]
    reviews: Mapping[str, Review]
    _problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> "Texts":
        """Read `folder/<code>/messages.po` and `review.toml` of every language. Never raises; see `problems`."""
        catalogues: dict[str, Catalogue] = {}
        reviews: dict[str, Review] = {}
        problems: list[str] = []
        for path in sorted(folder.glob("*/messages.po")):
            code = path.parent.name
            try:
                catalogues[code] = po.read(path, code)
            except po.BrokenCatalogue as error:
                problems.append(str(error))
            try:
                reviews[code] = review.load(path.with_name("review.toml"))
            except (OSError, ValueError) as error:
                problems.append(f"{code}/review.toml: {type(error).__name__}")
                reviews[code] = Review()
        if SOURCE not in catalogues:
            problems.append(f"{SOURCE}/messages.po: the source of keys is missing")
        return cls(catalogues, reviews, tuple(problems))

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that can be used."""
        return tuple(self.catalogues)

    @property
    def keys(self) -> Mapping[str, Entry]:
        """Every key with its declarations, from the source language."""
        source = self.catalogues.get(SOURCE)
        return source.entries if source else {}

    def declared(self, key: str) -> Entry:
        """What the source language declares for this key; a reply of one SMS where it declares nothing."""
        return self.keys.get(key) or Entry(key, ("",))

    def is_neutral(self, key: str) -> bool:
        """Whether this text may leave unasked."""
        return self.declared(key).text_class is TextClass.NEUTRAL

    def telling_words(self) -> tuple[str, ...]:
        """Beginnings of words, of every language, that a text which nobody asked for must not hold: the phone's owner may read any of them."""
        return tuple(dict.fromkeys(word for review in self.reviews.values() for word in review.not_neutral))

    def chain(self, language: str | None, *, second: str | None = None, country: str | None = None) -> tuple[str, ...]:
        """The languages in which a text is looked for, in order."""
        wanted = (language, second, OF_COUNTRY.get(country or ""), SOURCE)
        return tuple(dict.fromkeys(code for code in wanted if code and code in self.catalogues))

    def has(self, key: str, language: str) -> bool:
        """Whether this very language has the text."""
        return language in self.catalogues and key in self.catalogues[language].entries

    def say(
        self,
        key: str,
        language: str | None,
        *,
        script: Script | str = Script.LATIN,
        plain_letters: bool = False,
        second: str | None = None,
        country: str | None = None,
        count: int | None = None,
        **params: object,
    ) -> str:
        """The text as she reads it. See `find` for the language it came out in."""
        found = self.find(key, language, script=script, second=second, country=country, count=count, **params)
        return to_plain_letters(found.text, found.language) if plain_letters else found.text

    def find(
        self,
        key: str,
        language: str | None,
        *,
        script: Script | str = Script.LATIN,
        second: str | None = None,
        country: str | None = None,
        count: int | None = None,
        **params: object,
    ) -> Said:
        """The text with the language it was found in; a last resort where no language has it with all its values."""
        return self.look_up(key, language, params, script=script, second=second, country=country, count=count)

    def look_up(
        self,
        key: str,
        language: str | None,
        params: Mapping[str, object],
        *,
        script: Script | str = Script.LATIN,
        second: str | None = None,
        country: str | None = None,
        count: int | None = None,
    ) -> Said:
        """As `find`, with the values as a mapping."""
        chain = self.chain(language, second=second, country=country)
        for code in chain:
            entry = self.catalogues[code].entries.get(key)
            if entry is None:
                continue
            template = self._form(entry, code, count)
            if code == "sr" and script == Script.CYRILLIC:
                template = to_cyrillic(template)
            try:
                return Said(_filled(template, {**params, "count": count} if count is not None else params), code)
            except _Missing:
                continue
        text, code = last_resort.text_for(key, chain or ((language,) if language else ()))
        return Said(to_cyrillic(text) if code == "sr" and script == Script.CYRILLIC else text, code, stood_in=True)

    def _form(self, entry: Entry, code: str, count: int | None) -> str:
        if count is None or len(entry.forms) == 1:
            return entry.forms[0]
        return entry.forms[min(self.catalogues[code].plural(abs(count)), len(entry.forms) - 1)]

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the files: broken ones, placeholders that differ from the source, keys that the source does not have."""
        found = list(self._problems)
        for code, catalogue in self.catalogues.items():
            for key, entry in catalogue.entries.items():
                source = self.keys.get(key)
                if source is None:
                    found.append(f"{code}: {key} is in no source")
                elif entry.placeholders != source.placeholders:
                    found.append(f"{code}: {key} has other placeholders than {SOURCE}")
        return tuple(found)

    def missing(self) -> tuple[str, ...]:
        """`code: key` of every text that a language does not have yet and falls back for."""
        return tuple(f"{code}: {key}" for code, catalogue in self.catalogues.items() for key in self.keys if key not in catalogue.entries)

    def unreviewed(self) -> tuple[str, ...]:
        """`code: key` of every text that no person has signed in its present words: refused by `flask doctor --strict`."""
        return tuple(
            f"{code}: {key}"
            for code, catalogue in self.catalogues.items()
            for key, entry in catalogue.entries.items()
            if not self.reviews[code].is_read(key, "\x1f".join(entry.forms))
        )


def _filled(template: str, params: Mapping[str, object]) -> str:
    """`template` with every `{name}` replaced. Raises _Missing. Only names: a catalogue can reach no attribute of a value."""
    if any(params.get(name) is None for name in PLACEHOLDER.findall(template)):
        raise _Missing
    return PLACEHOLDER.sub(lambda match: str(params[match.group(1)]), template)
