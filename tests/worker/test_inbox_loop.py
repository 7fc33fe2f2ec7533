"""The inbox loop under bad conditions: a backlog, a poison message, a database or a keystore that goes away in the middle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.db.statements import AlreadyMoved
from sos.db.wake import Wake
from sos.inbox import actions as inbox
from sos.inbox.actions import Claimed
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore
from sos.worker.inbox_loop import CRASHES, InboxLoop, Reading


@dataclass
class Taken:
    house: "House"
    text: str

    def take(self, unit: Unit) -> None:
        failing = self.house.failing.get(self.text)
        if failing is not None:
            raise failing()
        self.house.promised.append(self.text)
        unit.on_commit(lambda: self.house.answered.append(self.text))


@dataclass
class House:
    database: Database
    keystore: Keystore
    clock: ManualClock
    answered: list[str] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    parked: list[tuple[bytes | None, bool]] = field(default_factory=list)
    failing: dict[str, Callable[[], Exception]] = field(default_factory=dict)
    n: int = 0

    def __post_init__(self) -> None:
        self.loop = self.worker("w1")

    def worker(self, holder: str) -> InboxLoop:
        reading = Reading(prepare=self.prepare, is_sos=self.is_sos, park=self.park)
        return InboxLoop(database=self.database, keystore=self.keystore, wake=Wake(self.database), reading=reading, holder=holder)

    def prepare(self, _: Claimed, opened: bytes) -> Taken:
        return Taken(self, opened.decode())

    def is_sos(self, opened: bytes) -> bool:
        if opened == b"unscannable":
            raise RecursionError
        return b"SOS" in opened

    def park(self, _: Unit, __: Claimed, opened: bytes | None, danger: bool) -> None:
        if opened == b"unparkable":
            raise ValueError
        self.parked.append((opened, danger))

    def takes(self, *messages: tuple[str, str]) -> None:
        with self.database.write() as unit:
            for sender, text in messages:
                self.n += 1
                inbox.accept(unit, self.keystore, provider="g", provider_id=str(self.n), sender=sender.encode(), body=text.encode())

    def works(self, rounds: int = 30) -> None:
        for _ in range(rounds):
            try:
                self.loop.run_once()
            except (OperationalError, OSError):
                continue
            finally:
                self.clock.advance(seconds=0.4)

    def states(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(InboxRow.state).order_by(InboxRow.seq)).scalars())


@pytest.fixture
def house(database: Database, keystore: Keystore, clock: ManualClock) -> House:
    return House(database, keystore, clock)


def locked() -> Exception:
    return OperationalError("", {}, Exception("database is locked"))


def test_an_sos_behind_a_long_queue_is_found_and_answered_first(house: House) -> None:
    house.takes(*((f"s{n}", "hours?") for n in range(1200)), ("amina", "hello"), ("amina", "SOS"))
    house.loop.run_once()
    house.loop.run_once()
    assert house.answered[0] == "hello", "her older message comes first, she keeps her order"
    assert "SOS" in house.answered[:51]


def test_her_sos_stays_urgent_until_it_is_answered_itself(house: House) -> None:
    house.takes(*((f"s{n}", "hours?") for n in range(400)), *(("amina", f"older {n}") for n in range(3)), ("amina", "SOS"))
    for _ in range(4):
        house.loop.run_once()
    assert "SOS" in house.answered


@pytest.mark.expects_errors
def test_a_message_that_ends_the_process_each_time_is_set_aside_and_a_person_is_told(house: House, database: Database) -> None:
    house.takes(("amina", "kills the process"), ("blerta", "innocent"))
    with database.write() as unit:
        unit.conn.execute(update(InboxRow).where(InboxRow.seq == 1).values(attempts=CRASHES, holder="dead"))
        inbox.void_leases(unit, ["dead"])
    house.works(4)
    assert house.states() == [Inbox.PARKED.value, Inbox.DONE.value]
    assert house.parked == [(None, True)], "not opened again; it may have been an SOS"


@pytest.mark.expects_errors
def test_a_park_that_fails_itself_blocks_nobody(house: House) -> None:
    house.failing["unparkable"] = ValueError
    house.takes(("amina", "unparkable"), ("blerta", "innocent"))
    house.works()
    assert house.states() == [Inbox.PARKED.value, Inbox.DONE.value]
    assert house.parked == [(None, False)]


@pytest.mark.expects_errors
def test_a_text_that_cannot_be_looked_through_is_treated_as_an_sos(house: House) -> None:
    house.failing["unscannable"] = ValueError
    house.takes(("amina", "unscannable"), ("blerta", "innocent"))
    house.works()
    assert house.states() == [Inbox.PARKED.value, Inbox.DONE.value]
    assert house.parked == [(b"unscannable", True)]


@pytest.mark.parametrize("away", [locked, lambda: OSError(28, "no space left")], ids=["locked", "disk full"])
def test_a_database_that_is_away_parks_nothing_and_answers_each_once_when_it_is_back(house: House, away: Callable[[], Exception]) -> None:
    house.failing["two"] = away
    house.takes(("a", "one"), ("b", "two"), ("c", "three"))
    house.works(40)
    assert house.parked == []
    assert sorted(house.answered) == ["one", "three"], "the others are answered meanwhile"
    del house.failing["two"]
    house.works(10)
    assert sorted(house.answered) == ["one", "three", "two"]


def test_a_commit_that_fails_leaves_every_message_waiting_and_then_answers_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.takes(("a", "one"), ("b", "two"))
    finish = Unit.finish

    def fails(unit: Unit) -> None:
        if house.promised:
            raise locked()
        finish(unit)

    monkeypatch.setattr(Unit, "finish", fails)
    with pytest.raises(OperationalError):
        house.loop.run_once()
    assert house.answered == []
    monkeypatch.undo()
    house.works(8)
    assert sorted(house.answered) == ["one", "two"]


@pytest.mark.expects_errors
def test_a_move_that_another_hand_made_is_no_lost_lease(house: House) -> None:
    """Otherwise the message would be claimed again for ever and nobody would be told."""
    house.failing["moved"] = lambda: AlreadyMoved("alerts")
    house.takes(("amina", "moved"))
    house.works()
    assert house.states() == [Inbox.PARKED.value]


def test_a_worker_stopped_past_its_lease_answers_nothing_twice(house: House, clock: ManualClock, tmp_path: Path) -> None:
    house.takes(("amina", "SOS"), ("blerta", "hello"))
    stopped, other = house.loop, house.worker("w2")
    with house.database.write() as unit:
        claimed = inbox.claim(unit, holder=stopped.holder, limit=50)
    read = [(row, *stopped._prepare(row)) for row in claimed]
    clock.advance(seconds=10)
    while other.run_once():
        pass
    stopped._answer_all(read)
    assert sorted(house.answered + house.promised) == sorted(["SOS", "hello"] * 3), "promised twice, kept once"
    assert house.states() == [Inbox.DONE.value] * 2


def test_a_clock_set_back_does_not_keep_a_message_waiting_for_hours(house: House, clock: ManualClock) -> None:
    house.takes(("amina", "SOS"))
    with house.database.write() as unit:
        inbox.claim(unit, holder="dead", limit=1)
    clock.advance(hours=-2)
    house.works(2)
    assert house.answered == ["SOS"]


def test_one_sender_keeps_her_order_across_a_turn_of_the_keys(house: House, clock: ManualClock) -> None:
    house.takes(("amina", "first"))
    house.keystore.turn(now=clock.now())
    house.takes(("amina", "second"), ("blerta", "SOS"))
    with house.database.write() as unit:
        urgent = house.keystore.current.index_of(b"blerta")
        batch = inbox.claim(unit, holder="w1", limit=50, first=[urgent])
    assert [inbox.open_body(house.keystore, row) for row in batch] == [b"SOS", b"first"]
    with house.database.write() as unit:
        assert inbox.claim(unit, holder="w2", limit=50) == []


def test_a_message_of_a_destroyed_epoch_blocks_nobody(house: House, clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    old = house.keystore.current.id
    house.takes(("amina", "from a restored database"))
    house.keystore.turn(now=clock.now())
    house.keystore.destroy(old)
    house.takes(("amina", "new"), ("blerta", "SOS"))
    house.works(12)
    caplog.clear()
    assert house.states() == [Inbox.PARKED.value, Inbox.DONE.value, Inbox.DONE.value]


def test_a_message_that_is_stuck_in_the_old_epoch_keeps_nobody_back_for_long(house: House, clock: ManualClock) -> None:
    house.failing["stuck"] = locked
    house.takes(("amina", "stuck"))
    house.keystore.turn(now=clock.now())
    clock.advance(minutes=2)
    house.takes(("blerta", "hello"))
    house.works(10)
    assert house.answered == ["hello"]


class TakenBack(Exception):
    """As the driver says it."""

    sqlstate = "40P01"


def test_a_batch_that_the_database_takes_back_is_answered_in_the_same_round(house: House) -> None:
    """Two transactions waited for each other: nobody waits for a second round, and nobody is answered twice."""
    house.takes(("a", "one"), ("b", "two"), ("c", "three"))

    def once() -> Exception:
        del house.failing["two"]
        return OperationalError("", {}, TakenBack())

    house.failing["two"] = once
    assert house.loop.run_once() == 3
    assert house.answered == ["one", "two", "three"]


def test_a_batch_that_is_taken_back_without_end_is_given_back(house: House) -> None:
    house.takes(("a", "one"))
    house.failing["one"] = lambda: OperationalError("", {}, TakenBack())
    with pytest.raises(OperationalError):
        house.loop.run_once()
    del house.failing["one"]
    house.works(10)
    assert house.answered == ["one"]
