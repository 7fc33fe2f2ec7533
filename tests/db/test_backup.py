"""A backup is a whole, checked copy; seven days at most; it opens nothing by itself."""

import os
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from sos.clock import ManualClock
from sos.db.backup import back_up, copies
from sos.db.database import Database
from sos.deadlines.models import HeartbeatRow


def test_the_copy_holds_what_was_committed(database: Database, tmp_path: Path, clock: ManualClock) -> None:
    with database.write() as unit:
        unit.conn.execute(insert(HeartbeatRow).values(name="a", at=unit.now))
    made = back_up(database, tmp_path / "backups", now=clock.now())
    if database.dialect == "postgresql":
        assert made is None
        return
    copy = Database(f"sqlite:///{made}", clock)
    with copy.read() as conn:
        assert conn.execute(select(HeartbeatRow.name)).scalar_one() == "a"
    copy.dispose()


def test_copies_older_than_seven_days_go(database: Database, tmp_path: Path, clock: ManualClock) -> None:
    if database.dialect == "postgresql":
        return
    folder = tmp_path / "backups"
    back_up(database, folder, now=clock.now())
    clock.advance(days=8)
    young = back_up(database, folder, now=clock.now())
    assert [file for _, file in copies(folder)] == [young]


def test_a_copy_that_was_broken_off_is_no_copy(
    database: Database, tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect == "postgresql":
        return
    folder = tmp_path / "backups"

    def full(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        back_up(database, folder, now=clock.now())
    monkeypatch.undo()
    assert list(folder.iterdir()) == []
    (folder / "sos-20260101T000000Z.db.unfinished").write_bytes(b"killed")
    (folder / "sos-by-hand.db").write_bytes(b"of somebody else")
    assert copies(folder) == []
    made = back_up(database, folder, now=clock.now())
    assert [file for _, file in copies(folder)] == [made]
    assert made.stat().st_mode & 0o077 == 0
    assert not (folder / "sos-20260101T000000Z.db.unfinished").exists()
