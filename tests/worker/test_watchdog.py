"""The watchdog notices within 120 seconds that the chain is dead, says so by its own way, and pings only while all is young.

Time is simulated: a turn every five seconds; the database is a real one, its failures are real ones.
"""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from sos.alerts.models import AlertRow
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines import heartbeats
from sos.deadlines.actions import set_deadline
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.states import KeyKind, Lane
from sos.watch.alarms import Alarms
from sos.worker import aside, sight
from sos.worker.sight import Sights, sights
from sos.worker.watchdog import EVERY, Watchdog, Ways

PROMISED = 120


class Night:
    """A watchdog at work on a database, with a worker that beats, or not. `clock` moves with every turn."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock, folder: Path) -> None:
        self.database, self.keystore, self.clock = database, keystore, clock
        self.boot = 1000.0
        self.said: list[str] = []
        self.pings = 0
        self.worker_lives = True
        self.heard = True
        self.dog = self.watch(sights(url=database.url.render_as_string(False), clock=clock, keys=keystore.folder, instance=folder))

    def watch(self, looked_at: Sights) -> Watchdog:
        ways = Ways(alarm=self.alarm, ping=self.ping)
        self.dog = Watchdog(sights=looked_at, ways=ways, alarms=Alarms(UTC), wall=self.clock.now, boot=lambda: self.boot)
        return self.dog

    def alarm(self, said: str) -> bool:
        self.said.append(said)
        return self.heard

    def ping(self) -> None:
        self.pings += 1

    def passes(self, seconds: float, until: Callable[[], object] = lambda: False) -> float:
        """Turn after turn; returns after how many seconds `until` held."""
        began = self.boot
        while self.boot - began < seconds and not until():
            if self.worker_lives:
                with self.database.write() as unit:
                    heartbeats.beat(unit, "worker:w")
            self.dog.turn()
            self.rest()
            self.clock.advance(seconds=EVERY)
            self.boot += EVERY
        return self.boot - began

    def rest(self) -> None:
        """Until what was begun beside has ended; what hangs is given up after a moment of real time."""
        for thread in threading.enumerate():
            if thread.name.startswith("aside-"):
                thread.join(0.5 if thread.name not in self.hanging() else 0)

    def hanging(self) -> set[str]:
        return getattr(self, "_hanging", set())

    def hangs(self, *names: str) -> None:
        self._hanging = {f"aside-{name}" for name in names}

    def alarms_within(self, word: str) -> float:
        """After how many seconds an alarm with this word is said."""
        return self.passes(PROMISED + 60, lambda: any(word in said for said in self.said))


@pytest.fixture
def night(database: Database, keystore: Keystore, clock: ManualClock, tmp_path: Path) -> Night:
    made = Night(database, keystore, clock, tmp_path)
    made.passes(120)
    assert made.said == []
    return made


def test_a_quiet_night_says_nothing_and_pings_every_minute(night: Night) -> None:
    before = night.pings
    night.passes(600)
    assert night.said == []
    assert 9 <= night.pings - before <= 11


def test_a_worker_that_was_killed_and_not_started_again_is_noticed(night: Night) -> None:
    night.worker_lives = False
    assert night.alarms_within("worker silent") <= PROMISED


def test_no_ping_while_something_is_old_and_again_after_it_is_mended(night: Night) -> None:
    night.worker_lives = False
    night.alarms_within("worker silent")
    before = night.pings
    night.passes(600)
    assert night.pings == before
    night.worker_lives = True
    night.passes(130)
    assert night.pings > before


def test_an_sos_that_nobody_takes_is_said_after_ten_minutes(night: Night) -> None:
    with night.database.write() as unit:
        values = {"id": "a", "state": "received", "reason": "sos_word", "count": 1, "raised_at": unit.now, "last_at": unit.now}
        unit.conn.execute(insert(AlertRow).values(key_epoch="1", **values))
    assert 600 <= night.passes(700, lambda: any("an SOS that nobody takes" in said for said in night.said)) <= 630


def test_mended_is_said_once(night: Night) -> None:
    night.worker_lives = False
    night.alarms_within("worker silent")
    night.worker_lives = True
    night.passes(600)
    assert [said.split(" at ")[0] for said in night.said[1:]] == ["SOS service: mended"]


def test_what_is_said_names_parts_and_times_only(night: Night) -> None:
    night.worker_lives = False
    night.alarms_within("worker silent")
    began = night.clock.now() - timedelta(seconds=60)
    assert night.said[0] in {f"SOS service: worker silent since {began + timedelta(minutes=n):%H:%M}" for n in (0, 1)}


@pytest.mark.parametrize(
    ("word", "opened"),
    [
        pytest.param("messages unread", lambda unit, keystore: _unread(unit, keystore), id="a message that nobody answers"),  # noqa: PLW0108 - named below
        pytest.param("SOS replies unsent", lambda unit, _: _unsent(unit, Lane.SOS), id="an SOS reply that does not leave"),
        pytest.param("pages to staff unsent", lambda unit, _: _unsent(unit, Lane.PAGE), id="a page that does not leave"),
        pytest.param(
            "deadlines overdue", lambda unit, _: set_deadline(unit, kind="k", subject="s", due=unit.now), id="a deadline that does not fire"
        ),
    ],
)
def test_a_worker_that_beats_but_does_not_work_is_noticed(night: Night, word: str, opened: Callable[..., object]) -> None:
    with night.database.write() as unit:
        opened(unit, night.keystore)
    assert night.alarms_within(word) <= PROMISED


def test_a_gateway_that_is_silent_is_noticed_by_name_after_fifteen_minutes(night: Night) -> None:
    with night.database.write() as unit:
        heartbeats.beat(unit, "asked:kannel")
        heartbeats.beat(unit, "gateway:kannel")
    night.passes(14 * 60)
    assert night.said == []
    assert night.alarms_within("gateway silent (kannel)") <= PROMISED


def test_a_daily_test_that_does_not_come_back_is_noticed(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    with night.database.write() as unit:
        heartbeats.beat(unit, "synthetic")
    night.dog.limits = {**night.dog.limits, **{part: timedelta(minutes=3) for part in night.dog.limits if part.value == "synthetic"}}
    assert night.passes(400, lambda: night.said) <= 180 + PROMISED
    assert "daily test SOS failed" in night.said[0]


def test_a_database_that_is_gone_is_noticed(night: Night) -> None:
    night.worker_lives = False
    _take_away(night.database)
    assert night.alarms_within("database does not answer") <= PROMISED


def test_a_database_that_is_gone_is_not_made_anew(night: Night) -> None:
    if night.database.file is None:
        return
    night.worker_lives = False
    _take_away(night.database)
    night.passes(60)
    assert not night.database.file.exists()


def test_a_database_that_hangs_is_noticed_and_hides_no_keystore_that_is_gone(night: Night) -> None:
    forever = threading.Event()
    night.hangs("database")
    night.watch(replace(night.dog.sights, database=lambda: forever.wait(60)))
    night.passes(20)
    shutil.rmtree(night.keystore.folder)
    try:
        assert night.alarms_within("database does not answer") <= PROMISED
        assert night.alarms_within("keys cannot be read") <= PROMISED
    finally:
        forever.set()


def test_a_database_that_takes_no_writes_is_noticed(night: Night) -> None:
    """A worker that was stopped in the middle of a transaction keeps every writer out."""
    night.worker_lives = False
    forever = threading.Event()
    night.hangs("database writes")
    night.watch(replace(night.dog.sights, writes=lambda: forever.wait(60)))
    try:
        assert night.alarms_within("database takes no writes") <= PROMISED
    finally:
        forever.set()


def test_a_full_disk_is_noticed(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight, "LEAST_FREE", 10**18)
    assert night.alarms_within("disk is full") <= PROMISED


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_jumps_raises_no_alarm(night: Night, hours: int) -> None:
    night.clock.advance(hours=hours)
    night.passes(600)
    assert night.said == []


@pytest.mark.parametrize("hours", [2, -2])
def test_a_worker_that_dies_after_the_clock_jumped_is_noticed(night: Night, hours: int) -> None:
    night.clock.advance(hours=hours)
    night.passes(30)
    night.worker_lives = False
    assert night.alarms_within("worker silent") <= PROMISED


def test_a_machine_that_slept_raises_no_alarm(night: Night) -> None:
    night.clock.advance(hours=8)
    night.boot += 8 * 3600
    night.passes(300)
    assert night.said == []


def test_after_an_outage_a_fresh_watchdog_gives_the_worker_time_to_start(night: Night) -> None:
    night.clock.advance(hours=3)
    night.boot += 3 * 3600
    night.watch(night.dog.sights)
    night.worker_lives = False
    night.passes(30)
    night.worker_lives = True
    night.passes(120)
    assert night.said == []


def test_an_alarm_that_nobody_took_is_said_again_soon(night: Night) -> None:
    night.heard, night.worker_lives = False, False
    night.alarms_within("worker silent")
    night.passes(60)
    assert len(night.said) >= 3


def test_an_alarm_that_hangs_does_not_stop_the_watch(night: Night) -> None:
    forever = threading.Event()
    night.hangs("alarm")
    calls: list[str] = []

    def alarm(said: str) -> bool:
        calls.append(said)
        return forever.wait(60)

    night.dog.ways = Ways(alarm=alarm)
    night.worker_lives = False
    try:
        night.passes(300)
        assert len(calls) >= 2
    finally:
        forever.set()


def test_a_warning_is_said_and_stops_no_ping(night: Night) -> None:
    with night.database.write() as unit:
        heartbeats.beat(unit, "warning:smsgate:battery_low")
    before = night.pings
    night.passes(600)
    assert night.said == ["SOS service, warning: smsgate battery low"]
    assert night.pings > before


def test_what_hangs_is_left_behind_in_time() -> None:
    boot, hung, calls = [0.0], threading.Event(), []

    def look() -> str:
        calls.append(1)
        if len(calls) == 1:
            hung.wait(30)
        return f"look {len(calls)}"

    thing = aside.Aside("look", look, lambda: boot[0])
    thing.begin()
    boot[0] = aside.LEFT_BEHIND - 1
    assert not thing.begin()
    boot[0] += 2
    assert thing.begin()
    until = time.monotonic() + 5
    while thing.result is None and time.monotonic() < until:
        time.sleep(0.01)
    assert thing.result == "look 2"
    hung.set()


def _unread(unit: object, keystore: Keystore) -> None:
    inbox.accept(unit, keystore, provider="generic", provider_id="1", sender=b"+38344000101", body=b"x")


def _unsent(unit: object, lane: Lane) -> None:
    far = unit.now + timedelta(days=1)
    where = {"contact_id": "c", "channel": "sms", "provider": "generic", "address": "+38344000102"}
    outbox.queue(unit, key=bytes(32), key_kind=KeyKind.STAFF, survivor_id=None, body=b"{}", lane=lane, expires_at=far, **where)


def _take_away(database: Database) -> None:
    """The file is gone, or the server lets nobody in."""
    database.dispose()
    if database.file is not None:
        database.file.unlink()
        return
    name = database.url.database
    admin = database.url.set(database="postgres", drivername="postgresql+psycopg")
    from sqlalchemy import create_engine

    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
        conn.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
    engine.dispose()
