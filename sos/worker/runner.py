"""One worker process: inbox loop, delivery, clockwork, and polling where Telegram cannot reach us. Ends in order at SIGTERM.

A loop that fails begins anew; when the inbox loop cannot, the process ends, so that its supervisor starts another. Never half alive.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler

from sos import logs
from sos.clock import jumped_back
from sos.db.wake import Topic
from sos.inbox import actions as inbox
from sos.outbox import actions as outbox
from sos.rooms import Rooms
from sos.worker import schedule
from sos.worker.delivery import Delivery
from sos.worker.inbox_loop import InboxLoop
from sos.worker.incarnation import Incarnation

AGAIN: Final = 1.0
"""Seconds after which a loop that failed begins anew."""


class Worker:
    """Everything that one worker does. `side_loops`: further loops, each a callable that returns when the event is set (polling)."""

    def __init__(
        self,
        rooms: Rooms,
        *,
        incarnation: Incarnation,
        inbox_loop: InboxLoop,
        delivery: Delivery,
        anchors: Path,
        backups: Path,
        side_loops: Sequence[Callable[[threading.Event], None]] = (),
        more_jobs: Sequence[schedule.Job] = (),
    ) -> None:
        self._rooms = rooms
        self._incarnation = incarnation
        self._inbox = inbox_loop
        self._delivery = delivery
        self._jobs = (
            *schedule.jobs(rooms, worker=incarnation.name, anchors=anchors, backups=backups),
            schedule.Job("left_over", timedelta(minutes=1), delivery.expire_left_over),
            *more_jobs,
        )
        self._side_loops = side_loops
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._void_the_dead()
        logs.event("worker.started", worker=self._incarnation.name)
        clockwork = self._clockwork()
        sending = threading.Thread(target=self._keep, args=("delivery", lambda _: asyncio.run(self._delivery.run())), daemon=True)
        sides = [threading.Thread(target=self._keep, args=("side", loop), daemon=True) for loop in self._side_loops]
        for thread in (sending, *sides):
            thread.start()
        try:
            self._answer_until_stopped(clockwork)
        finally:
            self.stop()
            clockwork.shutdown(wait=True)
            self._delivery.stop()
            sending.join(timeout=15)
            self._incarnation.end()
            logs.event("worker.stopped", worker=self._incarnation.name)

    def _keep(self, name: str, loop: Callable[[threading.Event], None]) -> None:
        """Run a loop until it ends in order; one that fails begins anew, or a quiet night would hide that nothing leaves any more."""
        while not self._stopping.is_set():
            try:
                loop(self._stopping)
            except Exception as error:  # noqa: BLE001 - the outermost loop of a thread
                logs.problem("worker.loop_failed", loop=name, error=type(error).__name__)
            self._stopping.wait(AGAIN)

    def stop(self) -> None:
        """End after the present batch."""
        self._stopping.set()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _void_the_dead(self) -> None:
        dead = self._incarnation.dead()
        if dead:
            with self._rooms.database.write() as unit:
                inbox.void_leases(unit, dead)
                outbox.void_leases(unit, dead)
            self._incarnation.bury(dead)

    def _clockwork(self) -> BackgroundScheduler:
        clock = BackgroundScheduler(timezone="UTC")
        for job in self._jobs:
            clock.add_job(
                schedule.run,
                "interval",
                args=(job, self._rooms.database),
                seconds=job.every.total_seconds(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=self._rooms.clock.now(),
            )
        clock.start()
        return clock

    def _answer_until_stopped(self, clockwork: BackgroundScheduler) -> None:
        set_back = jumped_back()
        with self._rooms.wake.listen(Topic.INBOX) as listener:
            while not self._stopping.is_set():
                if set_back():
                    _run_all_now(clockwork)
                try:
                    worked = self._inbox.run_once()
                except Exception as error:  # noqa: BLE001 - the outermost loop: the database may be away for a moment
                    logs.event("worker.loop_failed", loop="inbox", error=type(error).__name__)
                    self._stopping.wait(0.3)
                    continue
                if not worked:
                    listener.wait(0.3)


def _run_all_now(clockwork: BackgroundScheduler) -> None:
    """The scheduler reckons by the machine's clock: set back by two hours, it would be silent for two hours."""
    for job in clockwork.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))
