"""Something that may hang, done beside in a thread of its own: the watchdog waits for none of it. Never ends a thread; leaves it behind."""

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from sos import logs

Result = TypeVar("Result")
LEFT_BEHIND: Final = 60.0
"""Seconds after which one that hangs is left behind and begun anew: a connection that was cut may never answer. Doubled each time."""
_LONGEST: Final = 3600.0


class Aside(Generic[Result]):
    """One thing, begun again and again, one at a time. `boot`: seconds since the machine was started."""

    def __init__(self, name: str, do: Callable[[], Result], boot: Callable[[], float]) -> None:
        self.name = name
        self._do = do
        self._boot = boot
        self._lock = threading.Lock()
        self._turn = 0
        self._begun: float | None = None
        self._patience = LEFT_BEHIND
        self._result: Result | None = None
        self.good_at: float | None = None
        """when the last one that succeeded was begun"""

    @property
    def busy_for(self) -> float:
        """Seconds for which it is under way; infinite where it is not, since whoever waits need wait no longer."""
        begun = self._begun
        return float("inf") if begun is None else self._boot() - begun

    def begin(self) -> bool:
        """Begin it, unless it is under way. Whether it was begun."""
        with self._lock:
            now = self._boot()
            if self._begun is not None:
                if now - self._begun < self._patience:
                    return False
                self._patience = min(self._patience * 2, _LONGEST)
            self._turn += 1
            self._begun = now
            threading.Thread(target=self._run, args=(self._turn, now), name=f"aside-{self.name}", daemon=True).start()
            return True

    def forgive(self) -> None:
        """We were stopped ourselves: it is not its fault."""
        with self._lock:
            self.good_at = self._boot() if self.good_at is not None else None

    @property
    def result(self) -> Result | None:
        """Of the last one that succeeded."""
        return self._result

    def _run(self, turn: int, begun: float) -> None:
        try:
            result = self._do()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the watchdog goes on
            logs.event("watchdog.failed", what=self.name, error=type(error).__name__)
            self._end(turn)
            return
        with self._lock:
            if turn == self._turn:
                self._result, self.good_at, self._patience = result, begun, LEFT_BEHIND
        self._end(turn)

    def _end(self, turn: int) -> None:
        with self._lock:
            if turn == self._turn:
                self._begun = None
