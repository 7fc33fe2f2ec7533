"""A verified copy of the embedded database. PostgreSQL is backed up by its own tools (docs/operating.md). Never copies a key."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sos.db.database import Database

KEPT = timedelta(days=7)
_NAME = "sos-%Y%m%dT%H%M%SZ.db"
_UNFINISHED = ".unfinished"


class BackupFailed(Exception):
    """The copy does not pass SQLite's own check; nothing was replaced."""


def back_up(database: Database, folder: Path, *, now: datetime) -> Path | None:
    """Copy, check, keep for seven days at most. None on PostgreSQL. Raises BackupFailed."""
    if database.file is None:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"*{_UNFINISHED}*"):  # of a copy that was killed or found no room
        left.unlink()
    made = folder / now.strftime(_NAME)
    unfinished = made.with_name(made.name + _UNFINISHED)
    unfinished.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not sound:
            raise BackupFailed(made.name)
        _to_disk(unfinished)
        unfinished.replace(made)
        _to_disk(folder)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    for copy_at, old in copies(folder):
        if now - copy_at > KEPT:
            old.unlink()
    return made


def copies(folder: Path) -> list[tuple[datetime, Path]]:
    """(when it was made, file) of every copy, oldest first."""
    found = ((_made(file), file) for file in folder.glob("sos-*.db"))
    return sorted((made, file) for made, file in found if made is not None)


def _made(file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None  # a file that somebody else put here


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
