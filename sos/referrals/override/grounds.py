"""Legal grounds and duties from config/jurisdictions/*.toml: dated, sourced, to be signed by a lawyer. Pure but for reading files.

Never invents a law: an article that nobody is sure of stays empty. A broken entry is left out and reported; nothing here raises at night.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

_TEXTS: Final = ("slug", "law", "article", "text", "source", "signed_by")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground, or one duty. `text`: what it allows or demands, in our own words; `signed_by`: the lawyer, empty until then."""

    country: str
    slug: str
    law: str
    article: str
    text: str
    source: str
    source_date: date
    signed_by: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """All of them, by slug. `problems`: what could not be read."""

    grounds: Mapping[str, Ground]
    duties: Mapping[str, Ground]
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Every file of the folder. Never raises."""
        grounds: dict[str, Ground] = {}
        duties: dict[str, Ground] = {}
        problems: list[str] = []
        for path in sorted(folder.glob("*.toml")):
            try:
                content = tomllib.loads(path.read_text(encoding="utf-8"))
                country = str(content["country"])
            except (OSError, ValueError, KeyError) as error:
                problems.append(f"{path.name}: {error}")
                continue
            grounds |= {one.slug: one for one in _read(path.name, country, content, "ground", problems)}
            duties |= {one.slug: one for one in _read(path.name, country, content, "duty", problems)}
        return cls(grounds, duties, tuple(problems))

    def unsigned(self) -> tuple[Ground, ...]:
        """What no lawyer has signed: refused by `flask doctor --strict`."""
        return tuple(one for one in (*self.grounds.values(), *self.duties.values()) if not one.signed_by)


def _read(name: str, country: str, content: Mapping[str, Any], kind: str, problems: list[str]) -> Iterator[Ground]:
    for n, entry in enumerate(content.get(kind, []), 1):
        try:
            yield _entry(country, entry)
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"{name}: {kind} {n} is left out: {error}")


def _entry(country: str, entry: Mapping[str, Any]) -> Ground:
    if wrong := [field for field in _TEXTS if not isinstance(entry[field], str)]:
        raise TypeError(f"{wrong[0]} must be text")
    if not 0 < len(entry["slug"]) <= _LONGEST or not entry["law"] or not entry["text"]:
        raise ValueError("slug, law and text must not be empty")
    if not isinstance(entry["source_date"], date):
        raise TypeError("source_date must be a date")
    return Ground(country, **{field: entry[field] for field in _TEXTS}, source_date=entry["source_date"])
