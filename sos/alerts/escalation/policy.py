"""Escalation policies: read from `config/escalation/*.toml`, checked key by key, chosen for an alert and copied onto it. Pure but for reading files.

A wrong file never blocks an SOS: a running process keeps what it had, and a starting one uses the other files or the built-in ladder.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sos.alerts.paging.states import By

ANSWERING: Final = frozenset({"operator", "supervisor", "administrator"})
AT_THE_DESK: Final = frozenset({"operator", "supervisor"})
"""Roles that can open a case; an administrator can be called, and can call somebody in."""
"""Roles that may be paged about an alert; shelter staff, editors and analysts never are."""
_LONGEST: Final = 24 * 3600
_KEYS: Final = ("title", "jurisdictions", "languages", "hours", "repeat_after", "silence_after", "tell_her_after", "steps")
_STEP_KEYS: Final = ("wait", "who", "roles", "her_language", "her_country", "channels")


class BadPolicy(Exception):
    """One clear line: the file, the key, and what is wrong with it."""


class Who(StrEnum):
    """Among whom a step looks."""

    ON_DUTY = "on_duty"  #: those with a started shift
    ON_ROTA = "on_rota"  #: those whose planned turn it is
    MEMBERS = "members"  #: all active members


@dataclass(frozen=True, slots=True)
class Step:
    """One level. `wait`: seconds after the level before."""

    wait: int
    who: Who
    roles: tuple[str, ...] = ()
    her_language: bool = False
    her_country: bool = False
    channels: tuple[str, ...] = tuple(by.value for by in By)


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole ladder. Seconds throughout; `hours`: (from, to) as "HH:MM", may pass midnight."""

    name: str
    steps: tuple[Step, ...]
    repeat_after: int = 180
    silence_after: int = 600
    tell_her_after: tuple[int, ...] = (300, 900, 1800, 3600)
    jurisdictions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()

    @property
    def asks_the_rota(self) -> bool:
        """Whether any step looks at the planned turns."""
        return any(step.who is Who.ON_ROTA for step in self.steps)

    @property
    def last(self) -> int:
        """The place of the last step."""
        return len(self.steps) - 1

    def step(self, level: int) -> Step:
        """The step of a level; after the last one it is the last one again."""
        return self.steps[min(level, self.last)]

    def wait_before(self, level: int) -> timedelta:
        """How long after the level before this one comes."""
        return timedelta(seconds=self.steps[level].wait if level <= self.last else self.repeat_after)

    def fits(self, *, country: str | None, language: str | None, at: time) -> bool:
        """Whether it is meant for such an alert."""
        return (
            (not self.jurisdictions or country in self.jurisdictions)
            and (not self.languages or language in self.languages)
            and (not self.hours or _within(at, time.fromisoformat(self.hours[0]), time.fromisoformat(self.hours[1])))
        )

    @property
    def particular(self) -> int:
        """How much it asks for; the most particular one that fits is taken."""
        return bool(self.jurisdictions) + bool(self.languages) + bool(self.hours)


BUILT_IN: Final = Policy(
    name="built-in",
    steps=(
        Step(0, Who.ON_DUTY, her_language=True),
        Step(75, Who.MEMBERS, ("operator",)),
        Step(90, Who.MEMBERS, ("supervisor",)),
        Step(120, Who.MEMBERS, tuple(sorted(ANSWERING))),
    ),
)
"""The ladder of the default file, for an installation whose files cannot be read."""


def _within(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


def copied(policy: Policy) -> dict[str, Any]:
    """The policy as it is kept on an alert."""
    return asdict(policy)


def kept(row: Mapping[str, Any]) -> Policy:
    """The policy that an alert carries; the built-in one where it carries none or one that no longer reads."""
    try:
        steps = tuple(
            Step(
                wait=int(step["wait"]),
                who=Who(step["who"]),
                roles=tuple(step["roles"]),
                her_language=bool(step["her_language"]),
                her_country=bool(step["her_country"]),
                channels=tuple(step["channels"]),
            )
            for step in row["steps"]
        )
        if not steps:
            return BUILT_IN
        tuples = {name: tuple(row[name]) for name in ("tell_her_after", "jurisdictions", "languages", "hours")}
        numbers = {name: int(row[name]) for name in ("repeat_after", "silence_after")}
        return Policy(name=str(row["name"]), steps=steps, **tuples, **numbers)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError):
        return BUILT_IN


def choose(policies: Sequence[Policy], *, country: str | None, language: str | None, at: time) -> Policy:
    """The most particular policy that fits; by name where two are alike. `at`: wall clock of the jurisdiction."""
    fitting = [policy for policy in policies if policy.fits(country=country, language=language, at=at)]
    return min(fitting, key=lambda policy: (-policy.particular, policy.name), default=BUILT_IN)


def load(folder: Path) -> tuple[Policy, ...]:
    """All policies of the folder, by name. Raises BadPolicy."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise BadPolicy(f"{folder.name}: no policy in it")
    policies = tuple(read(file) for file in files)
    if not any(policy.particular == 0 for policy in policies):
        raise BadPolicy(f"{folder.name}: no policy without jurisdictions, languages and hours, for all other alerts")
    return policies


def read(file: Path) -> Policy:
    """One file, checked. Raises BadPolicy."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPolicy(f"{file.name}: cannot be read: {type(error).__name__}") from None
    return _Reader(file.name).policy(file.stem, content)


class _Reader:
    """Checks one file; every complaint names the file and the key."""

    def __init__(self, file: str) -> None:
        self._file = file

    def policy(self, name: str, content: Mapping[str, Any]) -> Policy:
        self._known(content, _KEYS, "")
        steps = content.get("steps")
        if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
            raise self._bad("steps", "must be one or more [[steps]]")
        made = tuple(self._step(step, n) for n, step in enumerate(steps))
        if made[0].wait != 0:
            raise self._bad("steps[0].wait", "must be 0: the first level is paged at once")
        policy = Policy(name=name, steps=made)
        return replace(
            policy,
            repeat_after=self._seconds(content, "repeat_after", policy.repeat_after, least=30),
            silence_after=self._seconds(content, "silence_after", policy.silence_after, least=60),
            tell_her_after=self._moments(content, policy.tell_her_after),
            jurisdictions=self._codes(content, "jurisdictions", {"XK", "RS"}),
            languages=self._codes(content, "languages", {"sq", "sr", "bs", "tr", "rom", "en"}),
            hours=self._hours(content),
        )

    def _step(self, step: Mapping[str, Any], n: int) -> Step:
        key = f"steps[{n}]"
        self._known(step, _STEP_KEYS, f"{key}.")
        try:
            who = Who(step.get("who", ""))
        except ValueError:
            raise self._bad(f"{key}.who", f"must be one of {', '.join(Who)}") from None
        wait = self._seconds(step, "wait", None, least=0, at=f"{key}.")
        if n and wait < 15:
            raise self._bad(f"{key}.wait", "must be at least 15 seconds")
        for wish in ("her_language", "her_country"):
            if not isinstance(step.get(wish, False), bool):
                raise self._bad(f"{key}.{wish}", "must be true or false")
        roles = self._codes(step, "roles", set(ANSWERING), at=f"{key}.")
        channels = self._codes(step, "channels", {by.value for by in By}, at=f"{key}.") or tuple(by.value for by in By)
        return Step(wait, who, roles, step.get("her_language", False), step.get("her_country", False), channels)

    def _seconds(self, table: Mapping[str, Any], key: str, default: int | None, *, least: int, at: str = "") -> int:
        value = table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LONGEST:
            raise self._bad(f"{at}{key}", f"must be a whole number of seconds from {least} to {_LONGEST}")
        return value

    def _moments(self, table: Mapping[str, Any], default: tuple[int, ...]) -> tuple[int, ...]:
        value = table.get("tell_her_after", list(default))
        rising = (
            isinstance(value, list) and all(isinstance(one, int) and 60 <= one <= _LONGEST for one in value) and sorted(set(value)) == value
        )
        if not rising or not value or value[0] > 900:
            raise self._bad("tell_her_after", "must be rising seconds, the first at most 900: she must not be left without a word")
        return tuple(value)

    def _codes(self, table: Mapping[str, Any], key: str, allowed: set[str], *, at: str = "") -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one in allowed for one in value):
            raise self._bad(f"{at}{key}", f"must be a list of {', '.join(sorted(allowed))}")
        return tuple(value)

    def _hours(self, table: Mapping[str, Any]) -> tuple[str, ...]:
        value = table.get("hours", [])
        try:
            wrong = value != [] and (len(value) != 2 or time.fromisoformat(value[0]) == time.fromisoformat(value[1]))
        except (TypeError, ValueError):
            wrong = True
        if wrong:
            raise self._bad("hours", 'must be empty or two different times like ["22:00", "06:00"]')
        return tuple(value)

    def _known(self, table: Mapping[str, Any], keys: Sequence[str], at: str) -> None:
        unknown = sorted(set(table) - set(keys))
        if unknown:
            raise self._bad(f"{at}{unknown[0]}", "is not a key that is known here")

    def _bad(self, key: str, what: str) -> BadPolicy:
        return BadPolicy(f"{self._file}: {key}: {what}")
