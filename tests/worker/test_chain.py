"""From the inbox to the gateway with a conversation that only echoes: leases, lanes, crashes, a gateway that fails in every way it can."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sos.audit.actions import Audit
from sos.bot.channels.sending import open_senders
from sos.bot.channels.sms.providers.generic import Generic
from sos.clock import SystemClock
from sos.db.database import Database, Unit
from sos.db.wake import Topic, Wake
from sos.inbox import actions as inbox
from sos.inbox.actions import Claimed
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.outbox.states import KeyKind, Lane, Outbox
from sos.staff.actions import Tasks
from sos.staff.models import TaskRow
from sos.survivors.actions import REPLY_WINDOW, Survivors
from sos.survivors.address import Address, Channel
from sos.worker.delivery import Delivery
from sos.worker.inbox_loop import InboxLoop, Reading
from tests.fakes.http_server import Fault
from tests.fakes.sms_gateway import FakeGateway

SECRET = "s"


@dataclass
class Echo:
    chain: "Chain"
    sender: str
    text: str

    def take(self, unit: Unit) -> None:
        if self.text == "crash":
            raise RuntimeError
        lane = Lane.SOS if self.text == "SOS" else Lane.REPLY
        known = self.chain.survivors.meet(unit, Address(Channel.SMS, self.sender), "generic")
        outbox.queue(
            unit,
            key=known.key.raw,
            key_kind=KeyKind.PERSON,
            survivor_id=known.id,
            contact_id=known.contact_id,
            channel="sms",
            provider="generic",
            address=self.sender,
            body=json.dumps({"text": f"echo {self.text}"}).encode(),
            lane=lane,
            expires_at=unit.now + REPLY_WINDOW,
        )


class Chain:
    def __init__(self, url: str, folder: Path, gateway: FakeGateway) -> None:
        self.database = Database(url, SystemClock())
        self.keystore = Keystore.create(folder / "keys", now=self.database.clock.now())
        self.wake = Wake(self.database)
        audit = Audit(self.keystore.audit_key)
        self.survivors, self.tasks = Survivors(self.keystore, audit), Tasks(audit)
        self.parked: list[bool] = []
        self.loop = InboxLoop(
            database=self.database,
            keystore=self.keystore,
            wake=self.wake,
            reading=Reading(prepare=self.prepare, is_sos=lambda opened: b"SOS" in opened, park=self.park),
            holder="w1",
        )
        provider = Generic({"url": gateway.url, "secret": SECRET})
        self.delivery = Delivery(
            database=self.database,
            keystore=self.keystore,
            survivors=self.survivors,
            tasks=self.tasks,
            wake=self.wake,
            holder="w1",
            open_senders=lambda: open_senders({"generic": provider}, sms_out=(), telegram=None),
        )
        self.thread = threading.Thread(target=lambda: asyncio.run(self.delivery.run()))

    def prepare(self, _: Claimed, opened: bytes) -> Echo:
        return Echo(self, *opened.decode().split("|"))

    def park(self, _: Unit, __: Claimed, ___: bytes | None, danger: bool) -> None:
        self.parked.append(danger)

    def takes(self, sender: str, text: str) -> None:
        with self.database.write() as unit:
            inbox.accept(
                unit,
                self.keystore,
                provider="generic",
                provider_id=f"{sender}{text}{time.monotonic_ns()}",
                sender=sender.encode(),
                body=f"{sender}|{text}".encode(),
            )
            self.wake.ring(unit, Topic.INBOX)

    def works(self) -> None:
        while self.loop.run_once():
            pass

    def states(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(OutboxRow.state).order_by(OutboxRow.seq)).scalars())


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway(SECRET) as made:
        yield made


@pytest.fixture
def chain(database_url: str, tmp_path: Path, gateway: FakeGateway) -> Iterator[Chain]:
    made = Chain(database_url, tmp_path, gateway)
    made.thread.start()
    yield made
    made.delivery.stop()
    made.thread.join(20)
    made.database.dispose()


def test_what_comes_in_is_answered_and_leaves_nothing_behind(chain: Chain, gateway: FakeGateway) -> None:
    chain.takes("+38344000101", "hello")
    chain.works()
    assert gateway.wait_until(lambda received: len(received) == 1)
    assert (gateway.received[0].to, gateway.received[0].text, gateway.received[0].repeat) == ("+38344000101", "echo hello", False)
    assert eventually(lambda: chain.states() == [Outbox.SENT.value])


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.answer(503), id="a gateway that is down for a moment"),
        pytest.param(Fault.answer(429, retry_after="1"), id="a gateway that asks for patience"),
        pytest.param(Fault.drop(), id="a gateway that hangs up"),
    ],
)
def test_a_failed_attempt_is_repeated_with_the_same_id_and_marked(chain: Chain, gateway: FakeGateway, fault: Fault) -> None:
    gateway.plan(fault)
    chain.takes("+38344000101", "SOS")
    chain.works()
    assert gateway.wait_until(lambda received: len(received) == 1)
    assert gateway.received[0].repeat is True


def test_a_gateway_that_takes_it_and_loses_the_line_gets_it_again_marked(chain: Chain, gateway: FakeGateway) -> None:
    gateway.plan(Fault.accept_then_drop())
    chain.takes("+38344000101", "SOS")
    chain.works()
    assert gateway.wait_until(lambda received: len(received) == 2)
    first, second = gateway.received
    assert (first.id, first.repeat, second.repeat) == (second.id, False, True)


def test_hanging_attempts_do_not_keep_an_sos_back(chain: Chain, gateway: FakeGateway) -> None:
    gateway.plan(*[Fault.hang(6.0) for _ in range(32)])
    for n in range(32):
        chain.takes(f"+383440002{n:02}", "ordinary")
    chain.works()
    assert eventually(lambda: gateway.server.faults_left() == 0)
    chain.takes("+38344000101", "SOS")
    started = time.monotonic()
    chain.works()
    assert gateway.wait_until(lambda received: any(one.text == "echo SOS" for one in received), 4)
    assert time.monotonic() - started < 4, "the SOS lane has slots of its own"


@pytest.mark.expects_errors
def test_a_message_that_makes_the_worker_fail_is_parked_alone_after_three_tries(
    chain: Chain, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    chain.takes("+38344000101", "crash")
    chain.takes("+38344000102", "innocent")
    deadline = time.monotonic() + 10
    while not chain.parked and time.monotonic() < deadline:
        chain.works()
        time.sleep(0.05)
    assert chain.parked == [False]
    assert gateway.wait_until(lambda received: [one.text for one in received] == ["echo innocent"])
    with chain.database.read() as conn:
        assert inbox.count(conn, Inbox.PARKED) == 1
    caplog.clear()


@pytest.mark.expects_errors
def test_a_parked_message_with_an_sos_word_is_told_so(chain: Chain) -> None:
    chain.loop.reading = Reading(prepare=_unreadable, is_sos=chain.loop.reading.is_sos, park=chain.park)
    chain.takes("+38344000101", "x SOS x")
    deadline = time.monotonic() + 10
    while not chain.parked and time.monotonic() < deadline:
        chain.works()
        time.sleep(0.05)
    assert chain.parked == [True]


def test_outside_her_reply_window_nothing_is_sent_and_a_person_is_told(chain: Chain, gateway: FakeGateway, database_url: str) -> None:
    from sqlalchemy import update

    from sos.survivors.models import ContactRow

    with gateway.refuse():
        chain.takes("+38344000101", "hello")
        chain.works()
        time.sleep(0.3)
        with chain.database.write() as unit:
            unit.conn.execute(update(ContactRow).values(window_until=unit.now))
        assert eventually(lambda: chain.states() == [Outbox.HELD.value])
    with chain.database.read() as conn:
        assert conn.execute(select(func.count()).select_from(TaskRow).where(TaskRow.kind == "stale_reply")).scalar_one() == 1
    assert gateway.received == []


def _unreadable(_: Claimed, __: bytes) -> Echo:
    raise ValueError


def eventually(holds: object, seconds: float = 8.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(Exception):
            if holds():
                return True
        time.sleep(0.03)
    return False
