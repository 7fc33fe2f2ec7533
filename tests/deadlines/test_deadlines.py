"""Deadlines: each exactly once, late ones at once, one fault keeps no other from firing."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.deadlines import actions as deadlines
from sos.deadlines import heartbeats
from sos.deadlines.actions import Due
from sos.deadlines.models import DeadlineRow, HeartbeatRow


def plan(database: Database, subject: str, seconds: float, *, level: int = 0) -> None:
    with database.write() as unit:
        deadlines.set_deadline(unit, kind="ring", subject=subject, due=unit.now + timedelta(seconds=seconds), level=level)


def effect(unit: Unit, due: Due) -> None:
    unit.conn.execute(insert(HeartbeatRow).values(name=f"{due.subject}-{due.level}", at=unit.now))


def effects(database: Database) -> list[str]:
    with database.read() as conn:
        return list(conn.execute(select(HeartbeatRow.name).order_by(HeartbeatRow.name)).scalars())


def test_it_fires_when_it_is_due_and_not_before_and_never_twice(database: Database, clock: ManualClock) -> None:
    plan(database, "a", 10)
    assert deadlines.fire_due(database, {"ring": effect}) == 0
    clock.advance(seconds=10)
    assert deadlines.fire_due(database, {"ring": effect}) == 1
    assert deadlines.fire_due(database, {"ring": effect}) == 0
    assert effects(database) == ["a-0"]


def test_the_same_deadline_is_set_once_and_keeps_its_time(database: Database, clock: ManualClock) -> None:
    plan(database, "a", 10)
    plan(database, "a", 500)
    clock.advance(seconds=11)
    assert deadlines.fire_due(database, {"ring": effect}) == 1


def test_a_cancelled_deadline_does_not_fire(database: Database, clock: ManualClock) -> None:
    plan(database, "a", 10)
    with database.write() as unit:
        deadlines.cancel(unit, kind="ring", subject="a")
    clock.advance(seconds=11)
    assert deadlines.fire_due(database, {"ring": effect}) == 0


def test_after_an_outage_everything_overdue_fires_at_once_and_knows_how_late_it_is(database: Database, clock: ManualClock) -> None:
    for n in range(20):
        plan(database, str(n), n)
    clock.advance(hours=3)
    late: list[timedelta] = []
    assert deadlines.fire_due(database, {"ring": lambda _, due: late.append(due.late)}) == 20
    assert min(late) > timedelta(hours=2, minutes=59)


@pytest.mark.expects_errors
def test_one_fault_keeps_no_other_from_firing_and_is_tried_again(database: Database, clock: ManualClock) -> None:
    plan(database, "bad", 1)
    plan(database, "good", 2)
    clock.advance(seconds=3)

    def sometimes(unit: Unit, due: Due) -> None:
        effect(unit, due)
        if due.subject == "bad":
            raise ConnectionError

    assert deadlines.fire_due(database, {"ring": sometimes}) == 1
    assert effects(database) == ["good-0"], "the effect of the failed one is undone"
    clock.advance(seconds=6)
    assert deadlines.fire_due(database, {"ring": effect}) == 1


def test_two_workers_fire_each_exactly_once(database: Database, clock: ManualClock) -> None:
    for n in range(60):
        plan(database, str(n), 1)
    clock.advance(seconds=2)

    def tick() -> None:
        for _ in range(8):
            deadlines.fire_due(database, {"ring": effect}, limit=10)

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadlines.fire_due(database, {"ring": effect})
    assert len(effects(database)) == 60


def test_a_job_runs_on_one_host_in_each_interval(database: Database, clock: ManualClock) -> None:
    def turns() -> list[bool]:
        taken = []
        for _ in range(3):
            with database.write() as unit:
                taken.append(heartbeats.take_turn(unit, "job:x", every=timedelta(minutes=5)))
        return taken

    assert turns() == [True, False, False]
    clock.advance(minutes=5)
    assert turns() == [True, False, False]


def test_a_clock_set_back_does_not_stop_a_job_for_hours(database: Database, clock: ManualClock) -> None:
    with database.write() as unit:
        assert heartbeats.take_turn(unit, "job:x", every=timedelta(minutes=5))
    clock.advance(hours=-2)
    with database.write() as unit:
        assert heartbeats.take_turn(unit, "job:x", every=timedelta(minutes=5))


@pytest.mark.expects_errors
def test_one_that_fails_for_days_is_seen_as_late_and_takes_no_other_with_it(database: Database, clock: ManualClock) -> None:
    plan(database, "bad", 1)
    with database.write() as unit:
        unit.conn.execute(update(DeadlineRow).values(attempts=32_767))
    plan(database, "good", 2)
    clock.advance(seconds=3)

    def sometimes(unit: Unit, due: Due) -> None:
        if due.subject == "bad":
            raise ConnectionError
        effect(unit, due)

    assert deadlines.fire_due(database, {"ring": sometimes}) == 1
    with database.read() as conn:
        assert deadlines.oldest_overdue(conn, clock.now()) < clock.now() - timedelta(hours=1)
