"""Two transactions that wait for each other (PostgreSQL): the work is done again at once, exactly once, without an alarm in the log and without a pause."""

import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from sos.alerts.actions import Alerts
from sos.alerts.book import ALERTS, Book
from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.deadlines.actions import Due, fire_due, set_deadline
from sos.deadlines.models import DeadlineRow
from sos.keys.keystore import Keystore
from sos.survivors.actions import Survivors
from sos.survivors.address import Address, Channel
from sos.survivors.models import SurvivorRow

PATIENT = text("SET LOCAL deadlock_timeout = '60s'")
"""Whoever waits so patiently is never the one of two that the database takes back."""


@pytest.fixture
def postgres(database: Database) -> Database:
    if database.dialect != "postgresql":
        pytest.skip("SQLite has one writer: nobody waits for another")
    return database


class Other:
    """Another transaction: changes the second row, then, once `go` is set, the first one."""

    def __init__(self, database: Database, first: str, second: str) -> None:
        self.has_second, self.go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(database, first, second), daemon=True)
        self._thread.start()
        assert self.has_second.wait(20)

    def _run(self, database: Database, first: str, second: str) -> None:
        with database.write() as unit:
            unit.conn.execute(PATIENT)
            touch(unit, second)
            self.has_second.set()
            self.go.wait(20)
            touch(unit, first)

    def ends(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()


def touch(unit: Unit, deadline: str) -> None:
    unit.conn.execute(update(DeadlineRow).where(DeadlineRow.id == deadline).values(attempts=DeadlineRow.attempts + 1))


def set_two(database: Database) -> tuple[str, str]:
    with database.write() as unit:
        for subject in ("a", "b"):
            set_deadline(unit, kind="row", subject=subject, due=unit.now + timedelta(days=1))
        set_deadline(unit, kind="work", subject="w", due=unit.now)
        a, b = unit.conn.execute(select(DeadlineRow.id).where(DeadlineRow.kind == "row").order_by(DeadlineRow.subject)).scalars()
    return a, b


def test_a_deadline_that_was_taken_back_fires_at_once_and_once(postgres: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="sos")
    a, b = set_two(postgres)
    other, fired = Other(postgres, a, b), []

    def work(unit: Unit, _: Due) -> None:
        touch(unit, a)
        other.go.set()
        touch(unit, b)
        fired.append(1)

    assert fire_due(postgres, {"work": work}) == 1
    other.ends()
    assert fired == [1], "the first time it was taken back before its end"
    assert [line.getMessage() for line in caplog.records] == ["deadline.again"]
    with postgres.read() as conn:
        row = conn.execute(select(DeadlineRow.fired_at, DeadlineRow.attempts).where(DeadlineRow.kind == "work")).one()
    assert row.fired_at is not None
    assert row.attempts == 0


def test_whoever_takes_her_alert_locks_in_the_order_of_her_own_messages(postgres: Database, keystore: Keystore, clock: ManualClock) -> None:
    """Her message locks her row, then her alert. An act that had the alert first and then told her would wait for it, and it for the act."""
    audit = Audit(keystore.audit_key)
    alerts, survivors, her = Alerts(keystore, audit), Survivors(keystore, audit), Address(Channel.SMS, "+38344000101")
    with postgres.write() as unit:
        known = survivors.meet(unit, her, "generic")
        raised = alerts.raise_alert(unit, address=her, survivor_id=known.id, reason="sos_word", words="SOS")
    has_her, act_waits, done = threading.Event(), threading.Event(), []

    def her_message() -> None:
        with postgres.write() as unit:
            survivors.meet(unit, her, "generic")
            has_her.set()
            act_waits.wait(20)
            unit.conn.execute(text("SELECT pg_sleep(0.3)"))  # the act is in the database by now
            alerts.raise_alert(unit, address=her, survivor_id=known.id, reason="sos_word", words="again")
        done.append("message")

    def act() -> None:
        assert has_her.wait(20)
        with postgres.write() as unit:
            act_waits.set()
            Book(keystore, audit).row(unit, raised.id)
            unit.conn.execute(select(SurvivorRow.id).where(SurvivorRow.id == known.id).with_for_update())
        done.append("act")

    threads = [threading.Thread(target=run, daemon=True) for run in (her_message, act)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert done == ["message", "act"]
    with postgres.read() as conn:
        assert conn.execute(select(ALERTS.c["count"]).where(ALERTS.c.id == raised.id)).scalar_one() == 2
