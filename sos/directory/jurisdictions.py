"""Public numbers of each jurisdiction, from config/jurisdictions/*.toml: dated, sourced, signed by partners.

Never invents, guesses or joins a number; never shows one that is not marked VERIFIED. A broken file is left out and reported, the last
good reading of it stays in use: `load` never raises at night.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DEFAULT_PURPOSES = ("danger", "violence", "ambulance")


class Recorded(StrEnum):
    """Whether the line records calls; she is told before she calls."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """How sure the number is."""

    VERIFIED = "VERIFIED"
    WEAK = "WEAK"


@dataclass(frozen=True, slots=True)
class Number:
    """One public number with everything that has to be said with it."""

    country: str
    slug: str
    number: str
    what: str
    purposes: tuple[str, ...]
    for_whom: str
    authority: bool
    recorded: Recorded
    toll_free: bool
    hours: str
    mark: Mark
    source: str
    source_date: date
    last_verified: date
    verified_by: str
    valid_until: date | None = None

    def plain(self) -> dict[str, Any]:
        """What a survivor may see of it."""
        return {
            "country": self.country,
            "slug": self.slug,
            "number": self.number,
            "what": self.what,
            "for_whom": self.for_whom,
            "authority": self.authority,
            "recorded": self.recorded.value,
            "toll_free": self.toll_free,
            "hours": self.hours,
            "last_verified": self.last_verified.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One country's numbers and wall clock."""

    country: str
    zone: ZoneInfo
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """All jurisdictions that could be read; `problems` says what could not, in file order."""

    by_country: Mapping[str, Jurisdiction]
    problems: tuple[str, ...] = ()
    files_read: Mapping[str, Jurisdiction] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, *, last_good: "Jurisdictions | None" = None) -> "Jurisdictions":
        """Read every file of `folder`; where one is broken, what `last_good` had of it. Never raises."""
        files: dict[str, Jurisdiction] = {}
        problems: list[str] = []
        paths = sorted(folder.glob("*.toml"))
        if not paths:
            problems.append(f"{folder.name}: no jurisdiction file")
        for path in paths:
            kept = last_good.files_read.get(path.name) if last_good else None
            try:
                files[path.name] = _read(path, problems)
            except (OSError, ValueError, TypeError, KeyError) as error:
                problems.append(f"{path.name}: {error}" + (" (the last good reading stays)" if kept else ""))
                if kept:
                    files[path.name] = kept
        return cls({found.country: found for found in files.values()}, tuple(problems), files)

    def numbers(
        self, country: str | None, *, at: datetime, without_authorities: bool = False, purposes: Iterable[str] = DEFAULT_PURPOSES
    ) -> tuple[Number, ...]:
        """The numbers to show for a place in `country`; of all jurisdictions where it is None or unknown (unsure = both).

        Only VERIFIED ones, not past their `valid_until` at `at`; help for the asked purposes in the order of `purposes`. Without
        authorities, lines of police, ministry and prosecutor are left out: then no text in any state carries them.
        """
        wanted = [found for code, found in sorted(self.by_country.items()) if code == country] or [
            found for _, found in sorted(self.by_country.items(), key=lambda item: item[0] != "XK")
        ]
        order = tuple(purposes)
        shown = [
            number
            for found in wanted
            for number in found.numbers
            if number.mark is Mark.VERIFIED
            and (number.valid_until is None or at.date() <= number.valid_until)
            and not (without_authorities and number.authority)
            and set(number.purposes) & set(order)
        ]
        return tuple(sorted(shown, key=lambda number: min(order.index(purpose) for purpose in number.purposes if purpose in order)))

    def zone(self, country: str | None) -> ZoneInfo:
        """The wall clock of a country; of the first jurisdiction where it is unknown."""
        found = self.by_country.get(country or "") or next(iter(self.by_country.values()), None)
        return found.zone if found else ZoneInfo("Europe/Belgrade")

    def unverified(self) -> tuple[Number, ...]:
        """Numbers that no partner has signed: refused by `flask doctor --strict`."""
        return tuple(number for found in self.by_country.values() for number in found.numbers if not number.verified_by)


def _read(path: Path, problems: list[str]) -> Jurisdiction:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    country = content["country"]
    if not isinstance(country, str) or len(country) != 2:
        raise ValueError("country must be two letters")
    numbers: list[Number] = []
    for n, table in enumerate(content.get("number", []), 1):
        try:
            numbers.append(_number(country, table))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"{path.name}: number {n} is left out: {error}")
    found = Jurisdiction(country, ZoneInfo(str(content.get("timezone", "Europe/Belgrade"))), tuple(numbers))
    if not numbers:
        raise ValueError("no number can be read")
    return found


_FIELDS = tuple(name for name in Number.__slots__ if name not in ("country", "valid_until"))


def _number(country: str, table: Mapping[str, Any]) -> Number:
    missing = [name for name in _FIELDS if name not in table]
    if missing:
        raise ValueError(f"{missing[0]} is missing")
    for flag in ("authority", "toll_free"):
        if not isinstance(table[flag], bool):
            raise TypeError(f"{flag} must be true or false")
    for day in ("source_date", "last_verified"):
        if not isinstance(table[day], date) or isinstance(table[day], datetime):
            raise TypeError(f"{day} must be a date")
    if not isinstance(table.get("valid_until"), date | None):
        raise TypeError("valid_until must be a date")
    if not isinstance(table["number"], str) or not table["number"].strip():
        raise ValueError("number must be text")
    fields = {name: table[name] for name in _FIELDS}
    fields |= {"purposes": tuple(table["purposes"]), "recorded": Recorded(table["recorded"]), "mark": Mark(table["mark"])}
    fields["valid_until"] = table.get("valid_until")
    return Number(country=country, **fields)
