"""The time: always aware, always UTC, always injected. Never read a clock anywhere else."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

_SLACK = 2.0
"""Seconds by which the machine's clock may be corrected before that counts as a jump."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return _machine()


def _machine() -> datetime:
    return datetime.now(UTC)


def since_boot() -> float:
    """Seconds since the machine was started, sleep included; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SteadyClock:
    """The machine's clock, checked against the time since boot: it follows a jump forward, but never runs backward.

    A clock set back while this process lives changes nothing here: a lease, a pause or a deadline ends when it would have. It holds for
    the life of the process; what an earlier process wrote ahead of a new one is bounded where it is read (leases, pauses).
    """

    def __init__(self, wall: Callable[[], datetime] = _machine, boot: Callable[[], float] = since_boot) -> None:
        self._wall = wall
        self._boot = boot
        self._lock = threading.Lock()
        self._at, self._boot_at = wall(), boot()

    def now(self) -> datetime:
        with self._lock:
            wall, boot = self._wall(), self._boot()
            steady = self._at + timedelta(seconds=boot - self._boot_at)
            if (steady - wall).total_seconds() <= _SLACK:
                self._at, self._boot_at = max(wall, self._at), boot
                return self._at
            return steady


def jumped_back(wall: Callable[[], datetime] = _machine, boot: Callable[[], float] = since_boot) -> Callable[[], bool]:
    """A question to be asked again and again: was the machine's clock set back since it was asked last?"""
    ahead = wall() - timedelta(seconds=boot())

    def asked() -> bool:
        nonlocal ahead
        before, ahead = ahead, wall() - timedelta(seconds=boot())
        return (before - ahead).total_seconds() > _SLACK

    return asked


@dataclass(slots=True)
class ManualClock:
    """A clock that moves only when told to: for tests and for practice."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self.moment += timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)

    def set(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)
