"""Many alerts that nobody takes, two workers, and everything that can happen to workers. Gives back what fired, how often, and how late."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from sos.alerts.escalation.policy import Policy, Step, Who, kept
from sos.alerts.models import AlertEntryRow, AlertRow
from sos.alerts.states import Clockwork
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines.models import DeadlineRow
from sos.keys.keystore import Keystore
from sos.survivors.address import Address, Channel
from tests.faults.storm_worker import alerts as alerts_of

LEVELS = 4
ROOT = Path(__file__).parents[2]
UNIT = 50


def ladder(wait: float) -> Policy:
    steps = (Step(0, Who.ON_DUTY), *(Step(int(wait), Who.MEMBERS) for _ in range(LEVELS)))
    return Policy("storm", steps, repeat_after=3600, silence_after=3600, tell_her_after=(3600,))


@dataclass
class Storm:
    """`alerts` x 4 levels, spread evenly: level n of an alert is due n waits after its raise."""

    url: str
    folder: Path
    alerts: int
    wait: int
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    calm: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Spans of which an outage is no part."""

    def prepare(self) -> None:
        self.keys, self.offset = self.folder / "keys", self.folder / "offset"
        self.offset.write_text("0")
        keystore = Keystore.create(self.keys, now=datetime.now(UTC))
        clock = ManualClock(datetime.now(UTC))
        database = Database(self.url, clock)
        room = alerts_of(keystore)
        room._escalation.policy_for = lambda *_, **__: ladder(self.wait)
        began = time.monotonic()
        for first in range(0, self.alerts, UNIT):
            with database.write() as unit:
                for n in range(first, min(first + UNIT, self.alerts)):
                    room.raise_alert(unit, address=Address(Channel.SMS, f"+3834400{n:05d}"), survivor_id=None, reason="sos_word", words="")
        self.raising = (time.monotonic() - began) / self.alerts
        self.starts = datetime.now(UTC) + timedelta(seconds=10)  # both workers are up by then
        self._spread(database)
        database.dispose()

    def _spread(self, database: Database) -> None:
        """Each alert as if it had been raised at its own moment."""
        with database.write() as unit:
            ids = unit.conn.execute(select(AlertRow.id).order_by(AlertRow.number)).scalars().all()
            for n, alert_id in enumerate(ids):
                due = self.starts + timedelta(seconds=self.wait * n / len(ids))
                mine = (DeadlineRow.subject == alert_id, DeadlineRow.kind == Clockwork.LEVEL.value)
                unit.conn.execute(update(DeadlineRow).where(*mine).values(due=due))
            assert all(kept(row) == ladder(self.wait) for row in unit.conn.execute(select(AlertRow.policy)).scalars())

    @property
    def ends(self) -> datetime:
        """When the last deadline is due."""
        return self.starts + timedelta(seconds=self.wait * LEVELS)

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.faults.storm_worker", self.url, str(self.keys), str(self.offset)]
        worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def stop_all(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                self.kill(worker)

    def at(self, share: float) -> None:
        """Wait until this share of the storm is over."""
        moment = self.starts + timedelta(seconds=self.wait * LEVELS * share)
        time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))

    def jump(self, seconds: float) -> None:
        """Set the machine's clock, as the workers see it. Written whole: a reader never finds half of it."""
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.offset)

    def until(self, done: Callable[[], bool], seconds: float) -> float:
        """Wait for it; how long it took."""
        began = time.monotonic()
        while not done():
            assert time.monotonic() - began < seconds, f"only {self.fired()} fired"
            time.sleep(0.2)
        return time.monotonic() - began

    def fired(self) -> int:
        return len(self._rows(fired=True))

    def overdue(self) -> int:
        now = datetime.now(UTC)
        return sum(row.due <= now for row in self._rows(fired=False))

    def _rows(self, *, fired: bool) -> list[DeadlineRow]:
        database = Database(self.url, ManualClock(datetime.now(UTC)))
        state = DeadlineRow.fired_at.is_not(None) if fired else DeadlineRow.fired_at.is_(None)
        with database.read() as conn:
            wanted = select(DeadlineRow.__table__).where(DeadlineRow.kind == Clockwork.LEVEL.value, DeadlineRow.level <= LEVELS, state)
            rows = list(conn.execute(wanted).all())
        database.dispose()
        return rows

    def lateness(self) -> list[float]:
        """Seconds, of those due in calm spans."""
        rows = [row for row in self._rows(fired=True) if any(start <= row.due < end for start, end in self.calm)]
        return sorted((row.fired_at - row.due).total_seconds() for row in rows)

    def effects(self) -> Counter[tuple[str, int]]:
        """(alert, level) -> how often it was paged."""
        database = Database(self.url, ManualClock(datetime.now(UTC)))
        with database.read() as conn:
            rows = conn.execute(select(AlertEntryRow.alert_id, AlertEntryRow.kind).where(AlertEntryRow.kind.startswith("level."))).all()
        database.dispose()
        return Counter((row.alert_id, int(row.kind.split(".")[1])) for row in rows)


def all_faults(storm: Storm) -> float:
    """A kill, a worker stopped past any lease, a clock set back by two hours, and an outage of both. Seconds until nothing is overdue after it."""
    first, second = storm.start(), storm.start()
    storm.at(0.12)
    storm.kill(first)
    first = storm.start()
    storm.at(0.3)
    storm.calm.append((storm.starts + timedelta(seconds=2), datetime.now(UTC) - timedelta(seconds=0.5)))
    second.send_signal(signal.SIGSTOP)
    time.sleep(8)
    second.send_signal(signal.SIGCONT)
    storm.at(0.5)
    storm.jump(-7200)
    began = datetime.now(UTC)
    storm.at(0.7)
    storm.calm.append((began + timedelta(seconds=2), datetime.now(UTC) - timedelta(seconds=0.5)))
    storm.kill(first)
    storm.kill(second)
    storm.at(1.0)
    storm.jump(0)
    storm.start()
    storm.start()
    return storm.until(lambda: storm.fired() >= storm.alerts * LEVELS, 500)
