"""The daily test SOS goes all the way and leaves nothing: through a real gateway on HTTP where it can write to itself, else from the inbox on."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import func, select

from sos.alerts import bars, queries
from sos.alerts import synthetic as daily
from sos.alerts.models import AlertEntryRow, AlertRow
from sos.alerts.paging.models import PageRow
from sos.bot.channels.intake import Intake
from sos.bot.channels.loopback import SYNTHETIC, Loopback, Word
from sos.bot.channels.requests import pack
from sos.bot.channels.rerouting import rerouted
from sos.bot.channels.sending import open_senders
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.channels.sms.providers.generic import Generic
from sos.bot.channels.vitals import Gateways
from sos.conversations.models import MessageRow
from sos.db.database import Database
from sos.db.wake import Topic
from sos.deadlines import heartbeats
from sos.deadlines.actions import fire_due
from sos.deadlines.models import DeadlineRow
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.staff.members.queries import members
from sos.staff.members.states import Role
from sos.staff.models import TaskRow
from sos.survivors.address import Address, Channel
from sos.survivors.models import ContactRow, SurvivorRow
from sos.watch import untaken
from sos.worker import schedule
from sos.worker.delivery import Delivery
from sos.worker.inbox_loop import InboxLoop, Reading
from sos.worker.synthetic import DAILY, GIVEN_UP, Synthetic
from tests.bot.talking import Line
from tests.fakes.sms_gateway import FakeGateway
from tests.fakes.web_desk import MovableClock

OURS, STAFF, HERS = "+38344000199", "+38344000188", "+38344000101"
LEFT = (AlertRow, AlertEntryRow, PageRow, SurvivorRow, ContactRow, MessageRow, TaskRow)


class House:
    """A whole line with an operator on duty whose telephone must stay silent."""

    def __init__(self, url: str, folder: Path, gateway: FakeGateway, *, number: str | None) -> None:
        self.clock, self.gateway = MovableClock(), gateway
        self.database = Database(url, self.clock)
        self.keystore = Keystore.create(folder / "keys", now=self.clock.now())
        self.line = Line(self.database, self.keystore, self.clock)
        self.rooms = self.line.rooms
        self.providers = {"generic": Generic({"url": gateway.url, "secret": "s"})}
        loopback = Loopback(self.keystore, {"generic": number} if number else {})
        self.gateways = Gateways(self.providers, loopback)
        intake = Intake(self.rooms, self.line.conversation, self.providers, loopback)
        reading = Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park)
        self.loop = InboxLoop(self.database, self.keystore, self.rooms.wake, reading, "w")
        nobody = daily.sender(self.keystore).value
        self.delivery = Delivery(
            database=self.database,
            keystore=self.keystore,
            survivors=self.rooms.survivors,
            tasks=self.rooms.tasks,
            wake=self.rooms.wake,
            holder="w",
            open_senders=lambda: rerouted(open_senders(self.providers, sms_out=(), telegram=None), nobody=nobody, numbers=loopback.numbers),
        )
        self.test = Synthetic(self.rooms, self.begin, number)
        self.number = number
        self.untouched: dict[type, int] = {}
        self.somebody_on_duty()

    def begin(self, now: datetime) -> None:
        if self.number:
            asyncio.run(self.gateways.write_to_ourselves(["generic"], now, Word.SYNTHETIC))
            return
        text = self.gateways.loopback.text(SYNTHETIC, now, Word.SYNTHETIC)
        self.takes(SYNTHETIC, text, daily.sender(self.keystore), text.encode())

    def takes(self, provider: str, provider_id: str, address: Address, body: bytes) -> None:
        with self.database.write() as unit:
            inbox.accept(unit, self.keystore, provider=provider, provider_id=provider_id, sender=address.for_index(), body=body)
            self.rooms.wake.ring(unit, Topic.INBOX)

    def texts(self, sender: str, text: str) -> None:
        body = json.dumps({"id": f"m{time.monotonic_ns()}", "from": sender, "text": text}).encode()
        packed = pack(RawRequest("POST", "", "", {"content-type": "application/json"}, body))
        self.takes("generic", f"{time.monotonic_ns()}", Address(Channel.SMS, sender), packed)

    def somebody_on_duty(self) -> None:
        with self.database.write() as unit:
            member = self.rooms.members.add(unit, "Mara", [Role.OPERATOR], ["sq"], ["XK"], None)
            self.rooms.members.join(unit, member)
            self.rooms.reach.stand_in(unit, member, STAFF)
            self.rooms.duty.start_shift(unit, member)

    def __enter__(self) -> Self:
        self.over = threading.Event()
        self.threads = [threading.Thread(target=lambda: asyncio.run(self.delivery.run())), threading.Thread(target=self.work)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.delivery.stop()
        for thread in self.threads:
            thread.join(20)
        self.database.dispose()

    def work(self) -> None:
        while not self.over.wait(0.02):
            self.loop.run_once()
            fire_due(self.database, schedule.handlers(self.rooms))

    def runs_until(self, holds: Callable[[], object], seconds: float = 12.0) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.test.tend()
            if holds():
                return True
            time.sleep(0.1)
        return False

    def done(self) -> datetime | None:
        with self.database.read() as conn:
            return heartbeats.youngest(conn, "synthetic")

    def rows(self, table: type) -> int:
        with self.database.read() as conn:
            return conn.execute(select(func.count()).select_from(table)).scalar_one()

    def alerts(self) -> list[bool]:
        with self.database.read() as conn:
            return list(conn.execute(select(AlertRow.synthetic).order_by(AlertRow.number)).scalars())

    def heard_by_staff(self) -> list[str]:
        return [one.text for one in self.gateway.received if one.to == STAFF]


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway("s") as made:
        yield made


@pytest.fixture
def looped(database_url: str, tmp_path: Path, gateway: FakeGateway) -> Iterator[House]:
    with House(database_url, tmp_path, gateway, number=OURS) as house:
        gateway.own_number = OURS
        gateway.post_inbound = lambda sender, text, **_: house.texts(sender, text)
        yield house


@pytest.fixture
def inward(database_url: str, tmp_path: Path, gateway: FakeGateway) -> Iterator[House]:
    with House(database_url, tmp_path, gateway, number=None) as house:
        yield house


def test_it_goes_out_and_in_by_the_gateway_is_paged_taken_answered_and_closed_and_nothing_is_left(looped: House) -> None:
    assert looped.runs_until(looped.done), looped.alerts()
    to_us = [one.text for one in looped.gateway.received if one.to == OURS]
    assert to_us[0].startswith("syn ")
    assert any("TAKE " in text for text in to_us), "the page left by the gateway"
    assert [looped.rows(table) for table in LEFT] == [0] * len(LEFT)
    assert looped.rows(DeadlineRow) == 0


def test_it_wakes_nobody_and_writes_to_no_strange_number(looped: House) -> None:
    assert looped.runs_until(looped.done)
    assert looped.heard_by_staff() == []
    assert {one.to for one in looped.gateway.received} == {OURS}


def test_the_control_a_real_sos_wakes_whoever_is_on_duty(looped: House) -> None:
    looped.texts(HERS, "SOS")
    assert looped.gateway.wait_until(lambda _: looped.heard_by_staff() != [])
    assert looped.alerts() == [False]


def test_where_no_gateway_writes_to_itself_it_begins_in_the_inbox_and_sends_nothing(inward: House) -> None:
    assert inward.runs_until(inward.done)
    assert inward.gateway.received == []
    assert [inward.rows(table) for table in LEFT] == [0] * len(LEFT)


def test_while_it_runs_it_exists_for_nobody_and_counts_as_nothing(looped: House) -> None:
    looped.gateway.own_number = ""
    looped.texts(OURS, looped.gateways.loopback.text("generic", looped.clock.now(), Word.SYNTHETIC))
    assert looped.runs_until(lambda: looped.alerts() == [True])
    with looped.database.read() as conn:
        (member,) = members(conn)
        ((alert_id, number),) = conn.execute(select(AlertRow.id, AlertRow.number)).all()
        assert queries.waiting(conn, viewer=member.id, now=looped.clock.now()) == []
        assert (queries.untaken(conn, viewer=member.id), untaken.oldest(conn)) == (0, None)
        assert (bars.seen(conn, alert_id, member.id), bars.find(conn, number, member.id)) == (None, None)


def test_the_control_a_real_sos_stands_in_the_queue(looped: House) -> None:
    looped.texts(HERS, "SOS")
    assert looped.gateway.wait_until(lambda _: looped.heard_by_staff() != [])
    with looped.database.read() as conn:
        (member,) = members(conn)
        (row,) = queries.waiting(conn, viewer=member.id, now=looped.clock.now())
        assert queries.untaken(conn, viewer=member.id) == 1
        assert bars.seen(conn, row.id, member.id) is not None


def test_it_runs_once_a_day(inward: House) -> None:
    assert inward.runs_until(inward.done)
    first = inward.done()
    inward.test.tend()
    time.sleep(0.2)
    assert (inward.done(), inward.alerts()) == (first, [])
    inward.clock.advance(seconds=DAILY.total_seconds())
    assert inward.runs_until(lambda: inward.done() != first)


def test_a_dead_gateway_leaves_no_sign_of_life_and_no_alert(looped: House) -> None:
    with looped.gateway.refuse():
        assert not looped.runs_until(looped.done, 1.5)
        assert looped.alerts() == []


@pytest.mark.expects_errors
def test_one_that_nobody_takes_pages_no_person_and_is_forgotten(looped: House) -> None:
    looped.gateway.own_number = ""  # goes out, never comes back
    text = looped.gateways.loopback.text("generic", looped.clock.now(), Word.SYNTHETIC)
    looped.texts(OURS, text)
    assert looped.runs_until(lambda: looped.alerts() == [True])
    for _ in range(12):
        looped.clock.advance(seconds=50)
        time.sleep(0.1)
    assert looped.heard_by_staff() == [], "the ladder climbed, and woke nobody"
    looped.clock.advance(seconds=GIVEN_UP.total_seconds())
    assert looped.runs_until(lambda: looped.alerts() == [])
    assert looped.done() is None
    assert [looped.rows(table) for table in LEFT if table is not TaskRow] == [0] * (len(LEFT) - 1)


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        pytest.param("synthetic", "SOS", id="a sender who calls herself so"),
        pytest.param("+38344000102", "syn 6750a000 00000000000000000000", id="a guessed proof"),
    ],
)
def test_nobody_can_make_her_own_sos_vanish_or_a_test_of_her_own(looped: House, sender: str, text: str) -> None:
    looped.texts(sender, text)
    looped.texts("+38344000103", "SOS")
    assert looped.gateway.wait_until(lambda _: looped.heard_by_staff() != [])
    assert True not in looped.alerts()


def test_an_old_test_message_that_is_sent_again_raises_nothing(looped: House) -> None:
    text = looped.gateways.loopback.text("generic", looped.clock.now() - timedelta(minutes=16), Word.SYNTHETIC)
    looped.texts(HERS, text)
    looped.texts(HERS, "hello")
    assert looped.gateway.wait_until(lambda received: any(one.to == HERS for one in received))
    assert looped.alerts() == []


def test_beside_a_real_sos_only_the_test_is_forgotten(looped: House) -> None:
    looped.texts(HERS, "SOS")
    assert looped.gateway.wait_until(lambda _: looped.heard_by_staff() != [])
    assert looped.runs_until(looped.done)
    assert looped.alerts() == [False]
    assert looped.rows(OutboxRow) > 0
