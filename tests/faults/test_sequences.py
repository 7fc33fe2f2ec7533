"""Random lives of an installation: messages, repeats, crashes, lapsed leases, turns of the keys and erasures in any order keep what is promised."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from sos.alerts.actions import Alerts
from sos.alerts.check_ins.actions import CheckIns
from sos.alerts.models import AlertEntryRow, AlertRow
from sos.audit import chain
from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.conversations.actions import Conversations
from sos.conversations.models import ConversationRow
from sos.db.database import Database, Unit
from sos.db.wake import Wake
from sos.deadlines.models import DeadlineRow
from sos.inbox import actions as inbox
from sos.inbox.actions import Claimed
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore
from sos.privacy.epochs import Epochs
from sos.privacy.erasure import Erasure
from sos.staff.actions import Tasks
from sos.survivors.actions import Survivors
from sos.survivors.address import Address, Channel
from sos.survivors.models import ContactRow, SurvivorRow
from sos.worker.inbox_loop import CRASHES, InboxLoop, Reading
from tests.conftest import START
from tests.referrals.agencies import sharing_of

SENDERS = 3
STEPS = st.one_of(
    st.tuples(st.just("post"), st.integers(0, SENDERS - 1), st.sampled_from(["hello", "SOS", "ERASE"])),
    st.tuples(st.just("repeat"), st.integers(0, 30), st.just("")),
    st.tuples(st.sampled_from(["work", "crash", "commit fails"]), st.integers(0, 1), st.just("")),
    st.tuples(st.sampled_from(["wait", "clock back", "turn", "day"]), st.just(0), st.just("")),
)


@dataclass
class Answer:
    life: "Life"
    number: int
    sender: int
    text: str

    def take(self, unit: Unit) -> None:
        life, address = self.life, Address(Channel.SMS, f"+3834400010{self.sender}")
        known = life.survivors.meet(unit, address, "generic")
        life.conversations.keep_state(unit, {"n": self.number}, survivor_id=known.id, key=known.key.raw)
        if self.text == "SOS":
            life.alerts.raise_alert(unit, address=address, survivor_id=known.id, reason="sos", words=self.text)
        if self.text == "ERASE":
            life.erasure.erase(unit, known)
        unit.on_commit(lambda: life.answered.append((self.sender, self.number)))


class Life:
    def __init__(self, url: str, folder: Path) -> None:
        self.clock = ManualClock(START)
        self.database = Database(url, self.clock)
        self.keystore = Keystore.create(folder, now=START)
        audit = Audit(self.keystore.audit_key)
        self.survivors, self.conversations = Survivors(self.keystore, audit), Conversations()
        self.alerts = Alerts(self.keystore, audit)
        tasks = Tasks(audit)
        sharing = sharing_of(self.keystore, self.survivors, audit, closing=lambda *_: None)
        check_ins = CheckIns(self.survivors, self.alerts, tasks, audit)
        self.erasure = Erasure(self.survivors, self.conversations, self.alerts, tasks, check_ins, *sharing, lambda: self.keystore.place_key)
        self.epochs = Epochs(self.database, self.keystore, audit)
        self.posted: list[tuple[int, str]] = []
        self.answered: list[tuple[int, int]] = []
        self.lives, self.crashes, self.turned = 0, 0, False
        self.workers = [self.worker(), self.worker()]

    def worker(self) -> InboxLoop:
        self.lives += 1
        reading = Reading(prepare=self.prepare, is_sos=lambda opened: b"SOS" in opened, park=lambda *_: None)
        return InboxLoop(database=self.database, keystore=self.keystore, wake=Wake(self.database), reading=reading, holder=f"w{self.lives}")

    def prepare(self, _: Claimed, opened: bytes) -> Answer:
        number, sender, text = opened.decode().split("|")
        return Answer(self, int(number), int(sender), text)

    def accept(self, number: int) -> bool:
        sender, text = self.posted[number]
        with self.database.write() as unit:
            return inbox.accept(
                unit,
                self.keystore,
                provider="g",
                provider_id=str(number),
                sender=f"sms\x1f{sender}".encode(),
                body=f"{number}|{sender}|{text}".encode(),
            )

    def step(self, what: str, which: int, text: str) -> None:
        self.turned |= what in ("turn", "day")
        if what == "post":
            self.posted.append((which, text))
            assert self.accept(len(self.posted) - 1)
        elif what == "repeat" and self.posted:
            assert not self.accept(which % len(self.posted)), "a repeated delivery is the same message"
        elif what == "work":
            self.workers[which].run_once()
        elif what == "crash":  # killed between the claim and the answer; its successor starts on the same host
            self.crashes += 1
            with self.database.write() as unit:
                inbox.claim(unit, holder=self.workers[which].holder, limit=50)
            dead, self.workers[which] = self.workers[which].holder, self.worker()
            with self.database.write() as unit:
                inbox.void_leases(unit, [dead])
        elif what == "commit fails":
            self._fail(self.workers[which])
        elif what == "turn":
            self.keystore.turn(now=self.clock.now())
            self.epochs.tend()
        elif what == "day":
            self.clock.advance(days=1)
            self.epochs.tend()
        elif what in ("wait", "clock back"):
            self.clock.advance(seconds=6 if what == "wait" else -7200)

    def _fail(self, worker: InboxLoop) -> None:
        ring = worker.wake.ring

        def away(*_: object) -> None:
            raise OperationalError("", {}, Exception("away"))

        worker.wake.ring = away
        try:
            worker.run_once()
        except OperationalError:
            pass
        finally:
            worker.wake.ring = ring

    def ends(self) -> None:
        for _ in range(3 * len(self.posted) + 6):
            with self.database.read() as conn:
                if inbox.oldest_waiting(conn) is None:
                    return
            self.clock.advance(seconds=6)
            for worker in self.workers:
                worker.run_once()

    def keeps_its_promises(self) -> None:
        assert max(Counter(self.answered).values(), default=1) == 1, "nobody is answered twice"
        with self.database.read() as conn:
            parked = inbox.count(conn, Inbox.PARKED)
        assert len(self.answered) + parked == len(self.posted), "each is answered, or set aside for a person"
        assert not parked or self.turned or self.crashes > CRASHES, "set aside only what crashed again and again or lost its keys"
        for sender in range(0 if self.turned else SENDERS):  # across a turn an SOS may overtake her own older message
            hers = [number for one, number in self.answered if one == sender]
            assert hers == sorted(hers), "one person's messages keep their order"
        with self.database.read() as conn:
            assert chain.verify(conn, self.keystore.audit_key) == []
            alerts = conn.execute(select(func.count(), func.count(AlertRow.fold_index.distinct())).select_from(AlertRow)).one()
            raised = {sender for sender, number in self.answered if self.posted[number][1] == "SOS"}
            assert alerts[0] == alerts[1] == len(raised), "one open alert an address"

    def clear(self) -> None:
        with self.database.write() as unit:
            for table in (InboxRow, AlertEntryRow, AlertRow, ContactRow, SurvivorRow, ConversationRow, DeadlineRow):
                unit.conn.execute(delete(table))


@pytest.mark.expects_errors
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=4, max_size=20))
def test_each_message_is_answered_once_in_order_with_one_alert_an_address(
    database_url: str, tmp_path: Path, steps: list[tuple[str, int, str]]
) -> None:
    life = Life(database_url, tmp_path / "keys")
    try:
        with life.database.read() as conn:
            before = conn.execute(select(func.count()).select_from(InboxRow)).scalar_one()
        assert before == 0
        for step in steps:
            life.step(*step)
        life.ends()
        with life.database.read() as conn:
            assert inbox.count(conn, Inbox.WAITING) == 0
        life.keeps_its_promises()
    finally:
        life.clear()
        life.database.dispose()
