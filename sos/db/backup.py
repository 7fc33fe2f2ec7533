"""A verified copy of the embedded database. PostgreSQL is backed up by its own tools (docs/operating.md). Never copies a key."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sos.db.database import Database

KEPT = timedelta(days=7)
_NAME = "sos-%Y%m%dT%H%M%SZ.db"


class BackupFailed(Exception):
    """The copy does not pass SQLite's own check; nothing was replaced."""


def back_up(database: Database, folder: Path, *, now: datetime) -> Path | None:
    """Copy, check, keep for seven days at most. None on PostgreSQL. Raises BackupFailed."""
    if database.file is None:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = folder / now.strftime(_NAME)
    with closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(made)) as copy:
        source.backup(copy)
        sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if not sound:
        made.unlink()
        raise BackupFailed(made.name)
    made.chmod(0o600)
    for copy_at, old in copies(folder):
        if now - copy_at > KEPT:
            old.unlink()
    return made


def copies(folder: Path) -> list[tuple[datetime, Path]]:
    """(when it was made, file) of every copy, oldest first."""
    return sorted((datetime.strptime(file.name, _NAME).replace(tzinfo=UTC), file) for file in folder.glob("sos-*.db"))
