"""Lets a few requests wait a moment for their answer. Never more than a quarter of the threads, so that waiting cannot keep anyone out."""

import threading
import time
from collections.abc import Callable

AT_MOST = 2.0
"""Seconds."""
_FIRST, _PAUSE = 0.02, 0.03


class Waiters:
    """How many requests may wait at once; the others are sent on to the page that looks again by itself."""

    def __init__(self, places: int, *, at_most: float = AT_MOST) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._at_most = at_most

    def wait(self, is_open: Callable[[], bool]) -> bool:
        """Wait until `is_open` is false; returns whether it is still open. Does not wait where all places are taken."""
        if not self._places.acquire(blocking=False):
            return True
        try:
            return self._wait(is_open)
        finally:
            self._places.release()

    def _wait(self, is_open: Callable[[], bool]) -> bool:
        until = time.monotonic() + self._at_most
        time.sleep(_FIRST)
        while is_open():
            if time.monotonic() >= until:
                return True
            time.sleep(_PAUSE)
        return False
