"""The policies of a running process: looked at again when a file changes; the last good ones stay. A wrong file never blocks an SOS."""

import threading
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sos import logs
from sos.alerts.escalation.policy import BUILT_IN, BadPolicy, Policy, choose, load

WALL = ZoneInfo("Europe/Belgrade")
"""Kosovo and Serbia keep the same time (tz database: Europe/Belgrade for both)."""
_Stamp = tuple[tuple[str, int, int], ...]


class Policies:
    """What is in force now. Safe in several threads."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._stamp: _Stamp | None = None
        self._good: tuple[Policy, ...] = (BUILT_IN,)
        self.problem: str | None = None
        """The one line that says what is wrong now, for the banner and the doctor."""

    def now(self) -> tuple[Policy, ...]:
        """The policies in force; reads the folder again when something in it changed."""
        if self._folder is None:
            return self._good
        with self._lock:
            stamp = _stamp(self._folder)
            if stamp != self._stamp:
                self._stamp = stamp
                self._take(self._folder)
            return self._good

    def choose(self, *, country: str | None, language: str | None, now: datetime) -> Policy:
        """The policy of an alert that is raised now."""
        return choose(self.now(), country=country, language=language, at=now.astimezone(WALL).time())

    def _take(self, folder: Path) -> None:
        try:
            self._good, self.problem = load(folder), None
        except BadPolicy as error:
            self.problem = str(error)
            logs.problem("config.problem", file="escalation", problem=self.problem)


def _stamp(folder: Path) -> _Stamp:
    """Which files there are, how long, and when each was written."""
    try:
        found = [(file.name, file.stat()) for file in sorted(folder.glob("*.toml"))]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)
