"""The worker's clockwork as a table: what runs, how often, and whether on one host at a time. APScheduler is only the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sos import logs
from sos.alerts.check_ins import actions as check_ins
from sos.alerts.hand_off import actions as hand_off
from sos.audit import chain
from sos.conversations.herald import Told
from sos.db.backup import back_up, copies
from sos.db.database import Database
from sos.deadlines import heartbeats
from sos.deadlines.actions import Handler, fire_all_due
from sos.directory.test_calls import actions as test_calls
from sos.privacy import erasure, retention
from sos.referrals import actions as referrals
from sos.referrals.appointments import actions as appointments
from sos.referrals.consents import actions as consents
from sos.referrals.document_cases import actions as document_cases
from sos.rooms import Rooms
from sos.safety_plans import actions as plans
from sos.shelters.asks import actions as asks
from sos.shelters.confirming import actions as confirming
from sos.shelters.holds import actions as holds
from sos.staff import queries as tasks
from sos.staff.duty import queries as duty
from sos.staff.duty import warnings as gap_warnings
from sos.staff.states import TaskKind

NIGHTLY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Job:
    """One recurring piece of work. `alone`: at most one worker runs it in an interval, on any number of hosts."""

    name: str
    every: timedelta
    run: Callable[[], object]
    alone: bool = True


def jobs(rooms: Rooms, *, worker: str, anchors: Path, backups: Path) -> tuple[Job, ...]:
    """All recurring work of one worker."""
    database = rooms.database
    return (
        Job("heartbeat", timedelta(seconds=5), lambda: _beat(database, worker), alone=False),
        Job("deadlines", timedelta(seconds=1), lambda: fire_all_due(database, handlers(rooms)), alone=False),
        Job("check_in_gaps", timedelta(minutes=1), lambda: watch_check_ins(rooms)),
        Job("rota_gaps", timedelta(minutes=5), lambda: _plan_gap_warnings(rooms)),
        Job("pages", timedelta(seconds=1), lambda: _follow_pages(rooms), alone=False),
        Job("presence", timedelta(seconds=10), lambda: rooms.alerts.presence.follow(database)),
        Job("audit_chain", timedelta(seconds=5), lambda: _chain(rooms)),
        Job("audit_anchor", timedelta(minutes=5), lambda: _anchor(rooms, anchors)),
        Job("epochs", timedelta(hours=1), lambda: rooms.epochs.tend(lambda since: _back_up(rooms, backups, younger_than=since))),
        Job("backup", timedelta(hours=1), lambda: _back_up(rooms, backups, younger_than=rooms.clock.now() - NIGHTLY)),
        Job("night_list", NIGHTLY, lambda: remind_of_test_calls(rooms)),
        Job("retention", timedelta(minutes=10), lambda: retention.forget_old(database, rooms.keystore)),
    )


def handlers(rooms: Rooms) -> dict[str, Handler]:
    """What each kind of deadline does when it is due."""
    return {
        erasure.KIND: rooms.erasure.fire,
        check_ins.KIND: rooms.check_ins.fire,
        gap_warnings.KIND: rooms.gap_warnings.fire,
        **rooms.alerts.handlers(),
        hand_off.REVIEW: rooms.hand_off.overdue,
        plans.OVERDUE: rooms.safety_plans.fire_overdue,
        plans.REVIEW: rooms.safety_plans.fire_review,
        plans.DRILL: rooms.safety_plans.fire_drill,
        appointments.REMIND: rooms.appointments.fire,
        document_cases.LATE: rooms.document_cases.fire,
        consents.KIND: rooms.consents.fire,
        referrals.KIND: rooms.referrals.fire,
        holds.KIND: rooms.holds.fire,
        confirming.KIND: rooms.confirming.fire,
        asks.SEND: rooms.asks.fire_send,
        asks.TIMEOUT: rooms.asks.fire_timeout,
        asks.THANKS: rooms.asks.fire_thanks,
    }


def watch_check_ins(rooms: Rooms) -> int:
    """Compare the check-ins that run with the rota; she is told of a gap where she may be, a person in any case. How many changed."""
    with rooms.database.write() as unit:

        def tell(check_in: str, survivor_id: str, due: datetime, staffed: bool) -> bool:  # noqa: FBT001 - as the room calls it
            told = Told.CHECK_IN_STAFFED if staffed else Told.CHECK_IN_GAP
            return rooms.herald.tell(unit, told=told, alert_id=check_in, survivor_id=survivor_id, params={"at": due})

        return rooms.check_ins.watch(unit, lambda at: duty.staffed_at(unit.conn, at), tell)


def remind_of_test_calls(rooms: Rooms) -> bool:
    """Leave one task while public numbers have not been tried at night within 30 days; True when it is new."""
    with rooms.database.write() as unit:
        there = any(task.kind is TaskKind.TEST_CALLS for task in tasks.waiting(unit.conn, now=unit.now))
        if there or not test_calls.due(unit.conn, rooms.jurisdictions, unit.now):
            return False
        rooms.tasks.leave(unit, kind=TaskKind.TEST_CALLS, survivor_id=None)
        return True


def run(job: Job, database: Database) -> None:
    """Run a job if it is this worker's turn. A fault is logged and tried again at the next interval."""
    try:
        if job.alone:
            with database.write() as unit:
                if not heartbeats.take_turn(unit, f"job:{job.name}", every=job.every * 0.9):
                    return
        job.run()
    except Exception as error:  # noqa: BLE001 - the outermost loop of the clockwork
        logs.event("job.failed", job=job.name, error=type(error).__name__)


def _back_up(rooms: Rooms, folder: Path, *, younger_than: datetime) -> None:
    """A verified copy, unless a young enough one stands there already."""
    if not any(made > younger_than for made, _ in copies(folder)):
        back_up(rooms.database, folder, now=rooms.clock.now())


def _plan_gap_warnings(rooms: Rooms) -> None:
    with rooms.database.write() as unit:
        rooms.gap_warnings.plan(unit)


def _beat(database: Database, worker: str) -> None:
    with database.write() as unit:
        heartbeats.beat(unit, f"worker:{worker}")


def _follow_pages(rooms: Rooms) -> None:
    """Looks before it writes: most seconds have no news."""
    with rooms.database.read() as conn:
        if not rooms.alerts.paging.has_news(conn):
            return
    with rooms.database.write() as unit:
        rooms.alerts.paging.follow(unit)


def _chain(rooms: Rooms) -> None:
    with rooms.database.write() as unit:
        chain.seal_new_rows(unit, rooms.keystore.audit_key)


def _anchor(rooms: Rooms, file: Path) -> None:
    with rooms.database.read() as conn:
        chain.anchor(conn, file, now=rooms.clock.now())
