"""The index kept fresh: before each question one cheap read tells whether the directory has changed, in any process.

Reads only what is newer than its version. Holds public services alone. Safe between threads: a snapshot is never changed, only replaced.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from sos.directory import queries
from sos.directory.actions import PUBLIC
from sos.directory.entries import ServiceEntry
from sos.directory.matching.filters import Moment
from sos.directory.matching.hours import PublicHolidays
from sos.directory.matching.index import Snapshot, build

Held = dict[str, tuple[int, ServiceEntry]]
"""id -> (revision, entry)"""


class LiveIndex:
    """One in each process. `fold` makes names comparable; `zone` is the wall clock of the places."""

    def __init__(self, fold: Callable[[str], str], zone: ZoneInfo) -> None:
        self._fold = fold
        self._zone = zone
        self._holidays = PublicHolidays()
        self._turn = threading.Lock()
        self._entries: Held = {}
        self._snapshot: Snapshot | None = None

    def snapshot(self, conn: Connection) -> Snapshot:
        """The directory as the database has it at this moment."""
        version = queries.version(conn, PUBLIC)
        held = self._snapshot
        if held is not None and held.version == version:
            return held
        with self._turn:
            held = self._snapshot
            if held is not None and held.version == version:
                return held
            return self._refreshed(conn, version)

    def moment(self, now: datetime) -> Moment:
        """What a question asked at `now` needs to know of time."""
        return Moment(now=now, local=now.astimezone(self._zone), is_holiday=self._holidays)

    def _refreshed(self, conn: Connection, version: int) -> Snapshot:
        revisions = queries.revisions(conn)
        newer = [one for one, revision in revisions.items() if self._entries.get(one, (-1,))[0] != revision]
        entries = {one: kept for one, kept in self._entries.items() if one in revisions}
        all_of_them = len(newer) > len(revisions) // 2
        for entry in queries.services(conn, None if all_of_them else newer) if newer else ():
            entries[entry.id] = (revisions[entry.id], entry)
        self._entries = entries
        self._snapshot = build([entries[one][1] for one in sorted(entries)], version=version, fold=self._fold)
        return self._snapshot
