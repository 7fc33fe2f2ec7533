"""Pathways from `config/pathways/<municipality>.toml`: the roles of the coordination mechanism, who fills them, and when they can be reached.

Dated and sourced. A file that is wrong is named and left out; the others stay. Contacts of a demonstration are invented and say so.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sos.referrals.errors import ReferralRefusal

UNREVIEWED: Final = "none"
_TOP: Final = {"municipality", "country", "dated", "source", "review", "demonstration", "coordinator", "meets", "role", "step"}
_ROLE: Final = {"role", "office", "contact", "days", "opens", "closes", "night", "receives", "gatekeeper", "verified_on", "languages"}
_STEP: Final = {"when", "to", "within_hours", "consent"}
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class WrongPathway(ReferralRefusal):
    """A file cannot be used; names file and place."""


class Role(StrEnum):
    """The seats of a coordination mechanism."""

    CENTRE_FOR_SOCIAL_WORK = "centre_for_social_work"
    VICTIMS_ADVOCATE = "victims_advocate"
    HEALTH = "health"
    POLICE_UNIT = "police_unit"
    NGO = "ngo"
    PROSECUTOR = "prosecutor"
    EDUCATION = "education"
    EMPLOYMENT = "employment"


NEEDED: Final = (Role.CENTRE_FOR_SOCIAL_WORK, Role.VICTIMS_ADVOCATE, Role.HEALTH, Role.POLICE_UNIT, Role.NGO)
"""A mechanism without one of these is incomplete."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One role and who fills it; an empty office means that nobody does. Times are of the wall clock there."""

    role: Role
    office: str
    contact: str = field(repr=False)
    receives: tuple[str, ...]
    """slugs of categories"""
    days: frozenset[str]
    opens: time | None
    closes: time | None
    night: str = field(repr=False)
    """whom to call outside hours; empty for nobody"""
    gatekeeper: bool
    """through this seat one comes into a shelter"""
    languages: tuple[str, ...]
    verified_on: date | None

    def open_at(self, moment: datetime) -> bool:
        """`moment`: on the wall clock there. Without hours: day and night."""
        if _DAYS[moment.weekday()] not in self.days:
            return False
        return self.opens is None or self.closes is None or self.opens <= moment.time() < self.closes


@dataclass(frozen=True, slots=True)
class Step:
    """Who receives what, by when, and whether she must agree first."""

    when: str
    to: Role
    within_hours: int
    consent: bool


@dataclass(frozen=True, slots=True)
class Pathway:
    """One municipality's mechanism."""

    municipality: str
    country: str
    dated: date
    source: str
    review: str
    demonstration: bool
    coordinator: str
    meets: str
    seats: tuple[Seat, ...]
    steps: tuple[Step, ...]

    def seat(self, role: Role) -> Seat | None:
        return next((one for one in self.seats if one.role is role and one.office), None)


@dataclass(frozen=True, slots=True)
class Pathways:
    """Every municipality that has a file. `problems`: files that were left out, and why."""

    by_municipality: Mapping[str, Pathway]
    problems: tuple[str, ...] = ()

    @property
    def demonstrations(self) -> tuple[str, ...]:
        """Municipalities whose contacts are invented."""
        return tuple(one.municipality for one in self.by_municipality.values() if one.demonstration)

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """Municipalities whose file nobody has signed."""
        return tuple(one.municipality for one in self.by_municipality.values() if one.review == UNREVIEWED)

    @classmethod
    def load(cls, folder: Path, *, categories: Collection[str] | None = None) -> "Pathways":
        """Read every file; never raises. `categories`: the slugs that exist; None where that is not asked."""
        found: dict[str, Pathway] = {}
        problems = []
        for file in sorted(folder.glob("*.toml")):
            try:
                one = read(file, categories=categories)
                if one.municipality in found:
                    raise WrongPathway(f"{file.name}: {one.municipality} has a file already")
            except WrongPathway as error:
                problems.append(str(error))
                continue
            found[one.municipality] = one
        return cls(found, tuple(problems))


def read(file: Path, *, categories: Collection[str] | None = None) -> Pathway:
    """One file. Raises WrongPathway with the first fault."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        _only(table, _TOP, "the file")
        made = Pathway(
            _text(table, "municipality"),
            _text(table, "country"),
            table["dated"],
            _text(table, "source"),
            _text(table, "review"),
            table["demonstration"],
            table.get("coordinator", ""),
            table.get("meets", ""),
            tuple(_seat(one) for one in table["role"]),
            tuple(_step(one) for one in table.get("step", [])),
        )
        _checked(made, categories)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongPathway(f"{file.name}: cannot be read: {type(error).__name__}") from None
    except KeyError as error:
        raise WrongPathway(f"{file.name}: {error.args[0]} is missing") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise WrongPathway(f"{file.name}: {error}") from None
    return made


def _checked(made: Pathway, categories: Collection[str] | None) -> None:
    """What the kinds of the values do not tell. Raises ValueError, TypeError."""
    if type(made.dated) is not date or not isinstance(made.demonstration, bool):
        raise TypeError("dated is a day and demonstration true or false")
    for seat in made.seats:
        if any(value is not None and not isinstance(value, time) for value in (seat.opens, seat.closes)):
            raise TypeError(f"role {seat.role.value}: opens and closes are times")
        if seat.verified_on is not None and type(seat.verified_on) is not date:
            raise TypeError(f"role {seat.role.value}: verified_on is a day")
        unknown = set(seat.receives) - set(categories if categories is not None else seat.receives)
        if unknown:
            raise ValueError(f"role {seat.role.value}: there is no category {min(unknown)}")
    if len({seat.role for seat in made.seats}) != len(made.seats):
        raise ValueError("each role stands once")


def _seat(line: Mapping[str, Any]) -> Seat:
    _only(line, _ROLE, f"role {line['role']}")
    days = frozenset(line.get("days", _DAYS))
    if not days <= set(_DAYS):
        raise ValueError(f"role {line['role']}: days are {', '.join(_DAYS)}")
    office, contact = line.get("office", ""), line.get("contact", "")
    if office and not contact:
        raise ValueError(f"role {line['role']}: an office needs a contact")
    return Seat(
        Role(line["role"]),
        office,
        contact,
        tuple(line.get("receives", ())),
        days,
        line.get("opens"),
        line.get("closes"),
        line.get("night", ""),
        line.get("gatekeeper", False),
        tuple(line.get("languages", ())),
        line.get("verified_on"),
    )


def _step(line: Mapping[str, Any]) -> Step:
    _only(line, _STEP, "a step")
    hours = line["within_hours"]
    if not isinstance(hours, int) or hours < 0:
        raise ValueError("within_hours is a number from 0")
    return Step(_text(line, "when"), Role(line["to"]), hours, line.get("consent", True))


def _text(table: Mapping[str, Any], name: str) -> str:
    if not isinstance(table[name], str) or not table[name].strip():
        raise ValueError(f"{name} must be words")
    return str(table[name])


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = table.keys() - known
    if unknown:
        raise ValueError(f"{where}: unknown {min(unknown)}")
