"""How old something is when no clock can be trusted. Pure: both clocks are handed in. Never takes a clock's jump for silence.

The rows' times were written by processes that may live on another time than ours: ours set back, theirs not, or the other way round. So a
sign of life counts as old by how long it has not changed, measured since boot; and by its own time only as far as every clock agrees.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Ages:
    """`wall`: the machine's clock; `boot`: seconds since the machine was started, which nobody can set."""

    wall: Callable[[], datetime]
    boot: Callable[[], float]
    _began: float = field(init=False)
    _began_at: datetime = field(init=False)
    _first_seen: dict[str, tuple[datetime | None, float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._began, self._began_at = self.boot(), self.wall()

    @property
    def uptime(self) -> float:
        """Seconds for which we have watched."""
        return self.boot() - self._began

    def begin_anew(self) -> None:
        """We were stopped or slept ourselves: what happened meanwhile is nobody's silence."""
        self._began = self.boot()
        self._first_seen.clear()

    def living(self, key: str, since: datetime | None) -> float:
        """Seconds since the last sign of life, at most as long as we watch; None: never one."""
        return min(self.uptime, max(self._unchanged(key, since), self.uptime if since is None else self._by_its_time(since)))

    def waiting(self, key: str, since: datetime | None) -> float:
        """Seconds for which the oldest open item waits, at most as long as we watch; 0 where nothing is open."""
        if since is None:
            self._first_seen.pop(key, None)
            return 0.0
        return min(self.uptime, max(self._unchanged(key, since), self._by_its_time(since)))

    def _unchanged(self, key: str, since: datetime | None) -> float:
        known = self._first_seen.get(key)
        if known is None or known[0] != since:
            known = self._first_seen[key] = (since, self.boot())
        return self.boot() - known[1]

    def _by_its_time(self, since: datetime) -> float:
        """By the machine's clock, and by the clock as it stood when we began: the younger of the two; what lies ahead of one tells nothing."""
        steady = self._began_at + timedelta(seconds=self.uptime)
        ages = [(now - since).total_seconds() for now in (self.wall(), steady)]
        return min((age for age in ages if age >= 0), default=0.0)
