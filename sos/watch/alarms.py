"""When an alarm is said, said again, and taken back; and in which words. Pure: time is handed in. Never holds content, a number or a name.

At once, then at growing intervals while it lasts, at once again when another part fails, and one word when all is mended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sos.watch.chain import Part

PAUSES: Final = (120.0, 300.0, 600.0, 1200.0, 2400.0, 3600.0)
"""Seconds between repetitions; the last one goes on."""
UNSAID_AGAIN: Final = 15.0
"""Seconds after which an alarm that nobody took is tried again."""
CALM: Final = 30.0
"""Seconds without trouble before it counts as mended."""
WARN_AGAIN: Final = 12 * 3600.0
LONGEST: Final = 300
"""Letters; two short messages."""

_WORDS: Final[Mapping[Part, str]] = {
    Part.DATABASE: "database does not answer",
    Part.WRITES: "database takes no writes",
    Part.KEYS: "keys cannot be read",
    Part.DISK: "disk is full or silent",
    Part.WORKER: "worker silent",
    Part.INBOX: "messages unread",
    Part.SOS: "SOS replies unsent",
    Part.PAGE: "pages to staff unsent",
    Part.DEADLINE: "deadlines overdue",
    Part.UNTAKEN: "an SOS that nobody takes",
    Part.GATEWAY: "gateway silent",
    Part.SYNTHETIC: "daily test SOS failed",
    Part.WATCHDOG: "watchdog silent",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One part that is too old. `since`: aware."""

    part: Part
    name: str
    since: datetime

    @property
    def key(self) -> str:
        return f"{self.part.value} {self.name}".rstrip()


@dataclass(slots=True)
class Alarms:
    """Of one watchdog. `zone`: the wall clock in which people read times."""

    zone: tzinfo
    pauses: Sequence[float] = PAUSES
    calm: float = CALM
    _told: set[str] = field(default_factory=set)
    _since: datetime | None = None
    _next: float = 0.0
    _not_before: float = 0.0
    _step: int = 0
    _calm_from: float | None = None

    def due(self, troubles: Sequence[Trouble], *, boot: float, now: datetime) -> str | None:
        """What is to be said now; None: nothing. Whoever says it reports by `said`."""
        if troubles:
            self._calm_from = None
            self._since = min([trouble.since for trouble in troubles] + ([self._since] if self._since else []))
            new = not {trouble.key for trouble in troubles} <= self._told
            return self._alarm(troubles, now) if boot >= self._not_before and (new or boot >= self._next) else None
        self._calm_from = boot if self._calm_from is None else self._calm_from
        if boot - self._calm_from < self.calm:
            return None
        if not self._told:
            self._forget()
            return None
        return self._mended(now) if boot >= self._not_before else None

    def said(self, troubles: Sequence[Trouble], *, taken: bool, boot: float) -> None:
        """Whether anybody took what `due` gave for these troubles (none: it was the word that all is mended)."""
        if not taken:
            self._not_before = boot + UNSAID_AGAIN
        elif troubles:
            self._told |= {trouble.key for trouble in troubles}
            self._next = boot + self.pauses[min(self._step, len(self.pauses) - 1)]
            self._step += 1
        else:
            self._forget()

    def _forget(self) -> None:
        self._told.clear()
        self._since, self._next, self._step = None, 0.0, 0

    def _alarm(self, troubles: Sequence[Trouble], now: datetime) -> str:
        parts = [f"{_WORDS[one.part]}{f' ({one.name})' if one.name else ''} since {self._time(one.since, now)}" for one in troubles]
        return _short(f"SOS service: {'; '.join(parts)}")

    def _mended(self, now: datetime) -> str:
        since = self._time(self._since, now) if self._since else "?"
        return f"SOS service: mended at {self._time(now, now)}, was broken since {since}"

    def _time(self, moment: datetime, now: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M}" if now - moment < timedelta(hours=20) else f"{local:%d.%m. %H:%M}"


@dataclass(slots=True)
class Warnings:
    """What is not broken yet is said when it is new, then twice a day."""

    again: float = WARN_AGAIN
    _said: dict[str, float] = field(default_factory=dict)

    def due(self, warnings: Sequence[str], *, boot: float) -> str | None:
        """What is to be said now; whoever says it reports by `said`."""
        self._said = {name: at for name, at in self._said.items() if name in warnings}
        new = [name for name in warnings if name not in self._said or boot - self._said[name] >= self.again]
        words = ", ".join(name.replace(":", " ").replace("_", " ") for name in new)
        return _short(f"SOS service, warning: {words}") if new else None

    def said(self, warnings: Sequence[str], *, taken: bool, boot: float) -> None:
        if taken:
            self._said |= dict.fromkeys(warnings, boot)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."
