"""A message to ourselves proves that a gateway carries both ways. Nobody else can write one, and it is nobody's message."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sos.alerts.models import AlertRow
from sos.bot.channels.intake import Intake
from sos.bot.channels.loopback import Loopback
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.channels.sms.providers.generic import Generic
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines import heartbeats
from sos.encryption import index
from sos.inbox import actions as inbox
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.staff.models import TaskRow
from sos.survivors.address import Address, Channel
from sos.survivors.models import SurvivorRow
from sos.worker.inbox_loop import InboxLoop, Reading
from tests.bot.talking import Line

OURS, STRANGER = "+38344000199", "+38344000101"


class Door:
    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.database, self.keystore, self.clock = database, keystore, clock
        line = Line(database, keystore, clock)
        self.loopback = Loopback(keystore, {"generic": OURS})
        intake = Intake(line.rooms, line.conversation, {"generic": Generic({"secret": "s"})}, self.loopback)
        reading = Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park)
        self.loop = InboxLoop(database, keystore, line.rooms.wake, reading, "w")
        self.n = 0

    def texts(self, sender: str, text: str) -> None:
        self.n += 1
        body = json.dumps({"id": f"m{self.n}", "from": sender, "text": text}).encode()
        packed = pack(RawRequest("POST", "", "", {"content-type": "application/json"}, body))
        address = Address(Channel.SMS, sender).for_index()
        with self.database.write() as unit:
            inbox.accept(unit, self.keystore, provider="generic", provider_id=str(self.n), sender=address, body=packed)
        self.loop.run_once()

    def heard(self) -> object:
        with self.database.read() as conn:
            return heartbeats.youngest(conn, "gateway:generic")

    def rows(self, table: type) -> int:
        with self.database.read() as conn:
            return conn.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def door(database: Database, keystore: Keystore, clock: ManualClock) -> Door:
    return Door(database, keystore, clock)


def nobody_wrote(door: Door) -> bool:
    with door.database.read() as conn:
        answered = inbox.count(conn, Inbox.DONE)
    return answered == door.n and not any(door.rows(table) for table in (SurvivorRow, AlertRow, TaskRow, OutboxRow))


def test_the_control_somebody_elses_text_is_a_survivors_message(door: Door) -> None:
    door.texts(STRANGER, "SOS")
    assert (door.rows(SurvivorRow), door.rows(AlertRow), door.rows(OutboxRow) > 0) == (1, 1, True)


def test_our_own_message_is_a_heartbeat_of_its_own_time_and_nobodys_message(door: Door) -> None:
    sent = door.clock.now()
    text = door.loopback.text("generic", sent)
    door.clock.advance(minutes=3)
    door.texts(OURS, text)
    assert door.heard() == sent
    assert nobody_wrote(door)


def test_a_gateway_that_rewrites_our_sender_or_case_is_heard_all_the_same(door: Door) -> None:
    door.texts("Office", f" {door.loopback.text('generic', door.clock.now()).upper()}\n")
    assert door.heard() == door.clock.now()
    assert nobody_wrote(door)


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda door: f"chk {int(door.clock.now().timestamp()):x} {'0' * 20}", id="a guessed proof"),
        pytest.param(
            lambda door: "chk " + f"{int(door.clock.now().timestamp()):x} " + index(b"k" * 32, b"loopback")[:10].hex(), id="another key"
        ),
        pytest.param(lambda door: _later(door.loopback.text("generic", door.clock.now()), 300), id="a genuine proof with a later time"),
        pytest.param(lambda door: door.loopback.text("kannel", door.clock.now()), id="the proof of another gateway"),
    ],
)
def test_nobody_else_can_make_a_heartbeat_nor_an_alert(door: Door, forge: object) -> None:
    door.texts(STRANGER, forge(door))
    assert door.heard() is None
    assert door.rows(AlertRow) == 0


def test_a_copy_sent_again_proves_nothing_new(door: Door) -> None:
    sent = door.clock.now()
    text = door.loopback.text("generic", sent)
    door.texts(OURS, text)
    door.clock.advance(minutes=30)
    door.texts(STRANGER, text)
    assert door.heard() == sent
    assert nobody_wrote(door)


def test_a_time_that_lies_ahead_proves_nothing(door: Door) -> None:
    door.texts(OURS, door.loopback.text("generic", door.clock.now() + timedelta(hours=2)))
    assert door.heard() is None


def test_our_own_number_never_talks_to_itself(door: Door) -> None:
    door.texts(OURS, "SOS")
    assert nobody_wrote(door)
    assert door.heard() is None


def _later(text: str, seconds: int) -> str:
    word, at, proof = text.split()
    return f"{word} {int(at, 16) + seconds:x} {proof}"
