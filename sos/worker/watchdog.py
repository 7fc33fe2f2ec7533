"""The watchdog: a process of its own that looks whether the chain lives, and calls people by a way of its own when it does not.

It stands on nothing that it watches: no worker, no outbox, no connection kept. Whatever may hang is done beside; silence of a look is itself a
finding. An outside dead-man address is pinged only while everything is young, so that the death of this machine is noticed too.
"""

import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

from sos import logs
from sos.watch.ages import Ages
from sos.watch.alarms import Alarms, Trouble, Warnings
from sos.watch.chain import LIVING, YOUNG, Part
from sos.worker.aside import Aside
from sos.worker.sight import Seen, Sights

EVERY: Final = 5.0
PING_EVERY: Final = 60.0
_STOPPED: Final = 30.0
"""A turn that comes so much too late: this process was stopped, or the machine slept."""

_SENDING: Final = 60.0
"""Seconds that one alarm may be under way; then it counts as lost and another is said."""

LIMITS: Final[Mapping[Part, timedelta]] = {
    Part.DATABASE: timedelta(seconds=45),
    Part.WRITES: timedelta(seconds=60),
    Part.KEYS: timedelta(seconds=60),
    Part.DISK: timedelta(seconds=60),
    Part.WORKER: timedelta(seconds=45),
    Part.INBOX: timedelta(seconds=60),
    Part.SOS: timedelta(seconds=60),
    Part.PAGE: timedelta(seconds=60),
    Part.DEADLINE: timedelta(seconds=60),
    Part.UNTAKEN: YOUNG[Part.UNTAKEN],
    Part.GATEWAY: YOUNG[Part.GATEWAY],
    Part.SYNTHETIC: YOUNG[Part.SYNTHETIC],
}
"""How old before an alarm. With the looks' interval and the slowest way to a person each stays under the promised 120 s (DOMAIN 30).
An SOS that nobody takes is no dead chain: it has the ten minutes in which people are paged."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How people and the outside are reached; each call may hang. `alarm`: whether anybody took it. `ping`: None where no address is set."""

    alarm: Callable[[str], bool]
    ping: Callable[[], None] | None = None


@dataclass(slots=True)
class Watchdog:
    """`wall`: the machine's clock; `boot`: seconds since the machine was started."""

    sights: Sights
    ways: Ways
    alarms: Alarms
    wall: Callable[[], datetime]
    boot: Callable[[], float]
    limits: Mapping[Part, timedelta] = field(default_factory=lambda: LIMITS)
    every: float = EVERY
    warnings: Warnings = field(default_factory=Warnings)
    _ages: Ages = field(init=False)
    _looks: dict[Part, Aside[object]] = field(init=False)
    _database: Aside[Seen] = field(init=False)
    _alarm: Aside[None] | None = field(init=False, default=None)
    _ping: Aside[None] | None = field(init=False, default=None)
    _turned: float = field(init=False)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._ages = Ages(self.wall, self.boot)
        self._turned = self.boot()
        self._database = Aside("database", self.sights.database, self.boot)
        others = {Part.WRITES: self.sights.writes, Part.KEYS: self.sights.keys, Part.DISK: self.sights.disk}
        self._looks = {part: Aside(part.value, look, self.boot) for part, look in others.items()}
        if self.ways.ping is not None:
            self._ping = Aside("ping", self.ways.ping, self.boot)

    def run(self) -> None:
        """Watch until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        logs.event("watchdog.started")
        while not self._stopping.is_set():
            self.turn()
            self._stopping.wait(self.every)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def turn(self) -> list[Trouble]:
        """Look, judge, and say what must be said; waits for nothing."""
        self._forgive_our_own_sleep()
        self._database.begin()
        for look in self._looks.values():
            look.begin()
        troubles = self.troubles()
        self._say(troubles)
        if self._ping is not None and self._all_is_young(troubles) and self.boot() - (self._ping.good_at or -PING_EVERY) >= PING_EVERY:
            self._ping.begin()
        return troubles

    def troubles(self) -> list[Trouble]:
        """What is too old now, as far as the last looks tell."""
        silent = [Trouble(part, "", self._back(age)) for part, age in self._silences() if age > self._limit(part)]
        seen = self._database.result
        if seen is None or any(trouble.part is Part.DATABASE for trouble in silent):
            return silent
        return silent + [trouble for sign in seen.signs if (trouble := self._old(*sign))]

    def _silences(self) -> list[tuple[Part, float]]:
        """For how long each look has not come back with a good result."""
        looks: list[tuple[Part, Aside[object] | Aside[Seen]]] = [(Part.DATABASE, self._database), *self._looks.items()]
        return [(part, self._ages.uptime if look.good_at is None else self.boot() - look.good_at) for part, look in looks]

    def _old(self, part: Part, name: str, since: datetime | None) -> Trouble | None:
        key = f"{part.value} {name}"
        age = self._ages.living(key, since) if part in LIVING else self._ages.waiting(key, since)
        return Trouble(part, name, since or self._back(age)) if age > self._limit(part) else None

    def _limit(self, part: Part) -> float:
        return self.limits[part].total_seconds()

    def _back(self, seconds: float) -> datetime:
        return self.wall() - timedelta(seconds=seconds)

    def _all_is_young(self, troubles: list[Trouble]) -> bool:
        """Nothing is old, and every look has come back, and lately."""
        return not troubles and all(age <= self._limit(part) / 2 for part, age in self._silences()) and self._database.good_at is not None

    def _say(self, troubles: list[Trouble]) -> None:
        """One text at a time, beside; an alarm before a warning."""
        if self._alarm is not None and self._alarm.busy_for < _SENDING:
            return
        text = self.alarms.due(troubles, boot=self.boot(), now=self.wall())
        if text is not None:
            self._send(text, lambda taken: self.alarms.said(troubles, taken=taken, boot=self.boot()))
            return
        seen = self._database.result
        warning = self.warnings.due(seen.warnings, boot=self.boot()) if seen else None
        if seen and warning is not None:
            self._send(warning, lambda taken: self.warnings.said(seen.warnings, taken=taken, boot=self.boot()))

    def _send(self, text: str, said: Callable[[bool], None]) -> None:
        def send() -> None:
            taken = False
            try:
                taken = self.ways.alarm(text)
            finally:
                said(taken)
            logs.event("watchdog.said", taken=taken)

        self._alarm = Aside("alarm", send, self.boot)
        self._alarm.begin()

    def _forgive_our_own_sleep(self) -> None:
        now = self.boot()
        if now - self._turned > self.every + _STOPPED:
            self._ages.begin_anew()
            self._database.forgive()
            for look in self._looks.values():
                look.forgive()
        self._turned = now
