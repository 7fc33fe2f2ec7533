"""BEGIN, savepoints and fairness behave the same on both databases: what is taken back is gone, what is committed is there."""

import threading
import time
from datetime import datetime

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from sos.db.database import Database
from sos.db.statements import AlreadyMoved, insert_once, move
from sos.deadlines.models import HeartbeatRow
from tests.conftest import START

TABLE = HeartbeatRow.__table__


def names(database: Database) -> list[str]:
    with database.read() as conn:
        return list(conn.execute(select(HeartbeatRow.name).order_by(HeartbeatRow.name)).scalars())


def note(unit_or_conn: object, name: str) -> None:
    unit_or_conn.conn.execute(insert(HeartbeatRow).values(name=name, at=START))


def test_a_unit_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as unit:
        note(unit, "a")
        raise RuntimeError
    assert names(database) == []


def test_a_released_savepoint_does_not_escape_the_outer_rollback(database: Database) -> None:
    """By default pysqlite lets a savepoint's rows survive it (measured)."""
    with pytest.raises(RuntimeError), database.write() as unit:
        with unit.savepoint():
            note(unit, "inner")
        raise RuntimeError
    assert names(database) == []


def test_a_failed_savepoint_undoes_exactly_its_part(database: Database) -> None:
    with database.write() as unit:
        note(unit, "before")
        with pytest.raises(ValueError, match="part"), unit.savepoint():
            note(unit, "inner")
            raise ValueError("part")
        note(unit, "after")
    assert names(database) == ["after", "before"]


def test_what_a_failed_savepoint_carried_or_promised_is_taken_back(database: Database) -> None:
    called = []
    with database.write() as unit:
        unit.carried["rows"] = ["kept"]
        with pytest.raises(ValueError, match="part"), unit.savepoint():
            unit.carried["rows"].append("gone")
            unit.on_commit(lambda: called.append("gone"))
            raise ValueError("part")
        unit.on_commit(lambda: called.append("kept"))
        assert unit.carried["rows"] == ["kept"]
    assert called == ["kept"]


def test_nothing_is_called_when_the_commit_does_not_happen(database: Database) -> None:
    called = []
    with pytest.raises(RuntimeError), database.write() as unit:
        unit.on_commit(lambda: called.append(1))
        raise RuntimeError
    assert called == []


def test_a_key_is_inserted_once(database: Database) -> None:
    values = {"name": "a", "at": START}
    with database.write() as unit:
        assert insert_once(unit.conn, TABLE, values, key="name")
        assert not insert_once(unit.conn, TABLE, values, key="name")
    assert names(database) == ["a"]


def test_a_move_that_another_hand_made_is_noticed(database: Database) -> None:
    from sqlalchemy import update

    with database.write() as unit, pytest.raises(AlreadyMoved):
        move(unit.conn, update(HeartbeatRow).where(HeartbeatRow.name == "nobody").values(at=START))


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    with database.write() as unit:
        note(unit, "a")
    with database.read() as conn:
        found: datetime = conn.execute(select(HeartbeatRow.at)).scalar_one()
    assert found == START
    assert found.utcoffset().total_seconds() == 0


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    from sqlalchemy.exc import StatementError

    with pytest.raises(StatementError), database.write() as unit:
        unit.conn.execute(insert(HeartbeatRow).values(name="a", at=START.replace(tzinfo=None)))


def test_writers_take_turns_and_none_is_lost(database: Database) -> None:
    """A writer that keeps beginning anew must not starve the others."""
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            with database.write() as unit:
                unit.conn.execute(select(func.count()).select_from(HeartbeatRow))
                time.sleep(0.002)

    def write(who: int) -> None:
        for n in range(10):
            with database.write() as unit:
                note(unit, f"{who}-{n}")

    hog = threading.Thread(target=busy)
    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in (hog, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    hog.join()
    assert len(names(database)) == 40


def test_sqlite_runs_as_the_design_says(database: Database) -> None:
    if database.dialect != "sqlite":
        pytest.skip("pragmas are SQLite's")
    with database.read() as conn:
        found = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_ring_that_fails_undoes_nothing_and_silences_no_other(database: Database) -> None:
    called = []

    def fails() -> None:
        raise OSError

    with database.write() as unit:
        note(unit, "a")
        unit.on_commit(fails)
        unit.on_commit(lambda: called.append(1))
    assert (names(database), called) == (["a"], [1])


def test_an_error_of_the_database_shows_no_values(database: Database) -> None:
    with database.write() as unit:
        note(unit, "a")
    with pytest.raises(IntegrityError) as caught, database.write() as unit:
        unit.conn.execute(insert(HeartbeatRow).values(name="a", at=START))
    assert str(START.year) not in str(caught.value)
