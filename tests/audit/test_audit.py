"""The audit trail: in the act's own transaction, gapless, chained, append-only, never a word."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from sos.audit import chain
from sos.audit.actions import Audit, NotAnId
from sos.audit.models import AuditRow
from sos.db.database import Database, Unit

KEY = b"k" * 32


@pytest.fixture
def audit() -> Audit:
    return Audit(KEY)


def count(database: Database) -> int:
    with database.read() as conn:
        return conn.execute(select(func.count()).select_from(AuditRow)).scalar_one()


def test_the_row_is_written_with_the_act_or_not_at_all(database: Database, audit: Audit) -> None:
    with pytest.raises(RuntimeError), database.write() as unit:
        audit.record(unit, "alert.raised", subject="a1")
        raise RuntimeError
    assert count(database) == 0
    with database.write() as unit:
        audit.record(unit, "alert.raised", subject="a1")
    assert count(database) == 1


def test_numbers_have_no_gap_even_after_failures(database: Database, audit: Audit) -> None:
    for n in range(6):
        try:
            with database.write() as unit:
                audit.record(unit, "x.y", subject=str(n))
                with pytest.raises(ValueError, match="inner"), unit.savepoint():
                    audit.record(unit, "x.undone")
                    raise ValueError("inner")
                if n % 2:
                    raise ConnectionError
        except ConnectionError:
            pass
    with database.read() as conn:
        assert conn.execute(select(AuditRow.n).order_by(AuditRow.n)).scalars().all() == [1, 2, 3]
        assert chain.verify(conn, KEY) == []


@pytest.mark.parametrize("value", ["+38344000100", "Help me", "me rrah", "ћ", "a b", "x" * 65])
def test_only_ids_and_kinds_may_be_noted(database: Database, audit: Audit, value: str) -> None:
    with database.write() as unit, pytest.raises(NotAnId):
        audit.record(unit, "x.y", subject=value)


@pytest.mark.parametrize("act", [update(AuditRow).values(kind="other"), delete(AuditRow)], ids=["change", "removal"])
def test_the_database_itself_forbids(database: Database, audit: Audit, act: object) -> None:
    with database.write() as unit:
        audit.record(unit, "x.y")
    with pytest.raises(DBAPIError, match="append-only"), database.write() as unit:
        unit.conn.execute(act)


def test_the_chain_covers_every_row_and_notices_a_rewritten_one(database: Database, audit: Audit) -> None:
    for n in range(3):
        with database.write() as unit:
            audit.record(unit, "x.y", subject=str(n))
        with database.write() as unit:
            assert chain.seal_new_rows(unit, KEY) == 1
    with database.read() as conn:
        assert chain.verify(conn, KEY) == []
    with database.write() as unit:
        if database.dialect == "sqlite":
            unit.conn.exec_driver_sql("DROP TRIGGER audit_no_update")
        else:
            unit.conn.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
        unit.conn.execute(update(AuditRow).where(AuditRow.n == 2).values(subject="other"))
    with database.read() as conn:
        assert [(broken.n, broken.why) for broken in chain.verify(conn, KEY)] == [(2, "changed")]


def test_the_head_is_anchored_outside(database: Database, audit: Audit, tmp_path: object) -> None:
    with database.write() as unit:
        audit.record(unit, "x.y")
    with database.write() as unit:
        chain.seal_new_rows(unit, KEY)
    file = tmp_path / "anchors.log"
    with database.read() as conn:
        chain.anchor(conn, file, now=database.clock.now())
    assert file.read_text().split()[1] == "1"


def test_after_a_commit_of_unknown_end_the_trail_goes_on(database: Database, audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection broke during COMMIT: the row stands, but nobody was told. The next act must not collide with it."""
    monkeypatch.setattr(Unit, "committed", lambda _: None)
    with database.write() as unit:
        audit.record(unit, "x.y", subject="1")
    monkeypatch.undo()
    for n in (2, 3):
        with database.write() as unit:
            audit.record(unit, "x.y", subject=str(n))
    with database.read() as conn:
        assert sorted(conn.execute(select(AuditRow.subject)).scalars()) == ["1", "2", "3"]
        assert chain.verify(conn, KEY) == []


def test_a_ring_that_fails_does_not_stop_the_trail(database: Database, audit: Audit) -> None:
    def fails() -> None:
        raise OSError

    for n in range(3):
        with database.write() as unit:
            unit.on_commit(fails)
            audit.record(unit, "x.y", subject=str(n))
    assert count(database) == 3
