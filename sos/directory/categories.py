"""Categories of services, read from config/categories.toml. Pure but for reading the file; never decides who may see what.

A broken table is left out and reported; the others stay in use, so that no mistake in a file silences the lifeline.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sos.directory.errors import BrokenConfig, UnknownCategory


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of service."""

    slug: str
    label: str
    offered: bool = True
    confidential: bool = False
    stays: bool = False
    fresh_hours: float = 24.0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Categories:
    """All categories in the file's order. `problems`: what had to be left out, for doctor and the banner."""

    by_slug: Mapping[str, Category]
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Categories":
        """Read the file. Raises BrokenConfig only when nothing in it can be used."""
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BrokenConfig(f"{path.name}: {error}") from None
        found: dict[str, Category] = {}
        problems: list[str] = []
        for slug, table in tables.items():
            try:
                found[slug] = _category(slug, table)
            except (TypeError, ValueError) as error:
                problems.append(f"{path.name}: [{slug}] {error}")
        if not found:
            raise BrokenConfig(f"{path.name}: no category can be read")
        return cls(found, tuple(problems))

    def __iter__(self) -> Iterator[Category]:
        return iter(self.by_slug.values())

    def offered(self) -> tuple[Category, ...]:
        """Categories that a person may ask for."""
        return tuple(category for category in self if category.offered)

    def asked(self, slug: str) -> Category:
        """The category she may ask for. Raises UnknownCategory with the ones there are."""
        category = self.by_slug.get(slug)
        if category is None or not category.offered:
            known = ", ".join(category.slug for category in self.offered())
            raise UnknownCategory(f"there is no category {slug!r}; use one of: {known}")
        return category


def _category(slug: str, table: Any) -> Category:
    if not isinstance(table, dict):
        raise TypeError("is not a table")
    unknown = table.keys() - {"label", "offered", "confidential", "stays", "fresh_hours", "words"}
    if unknown:
        raise ValueError(f"has an unknown key {min(unknown)!r}")
    label = table.get("label")
    if not isinstance(label, str) or not label.strip():
        raise ValueError("needs a label")
    for flag in ("offered", "confidential", "stays"):
        if not isinstance(table.get(flag, False), bool):
            raise TypeError(f"{flag} must be true or false")
    hours = table.get("fresh_hours", 24)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or hours <= 0:
        raise ValueError("fresh_hours must be a number above 0")
    words = table.get("words", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise TypeError("words must be a list of words")
    return Category(
        slug=slug,
        label=label.strip(),
        offered=table.get("offered", True),
        confidential=table.get("confidential", False),
        stays=table.get("stays", False),
        fresh_hours=float(hours),
        words=tuple(words),
    )
