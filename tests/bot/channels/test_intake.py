"""A message that cannot be taken is parked, and whoever wrote it is answered all the same. On the real rooms and the worker's own loop."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.bot.channels.intake import Intake
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.channels.sms.providers.generic import Generic
from sos.bot.messages import Address, Channel
from sos.clock import ManualClock
from sos.db.database import Database
from sos.encryption import open_sealed
from sos.inbox import actions as inbox
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.worker.inbox_loop import InboxLoop, Reading
from tests.bot.talking import Line

pytestmark = [pytest.mark.story, pytest.mark.expects_errors]
ANA = "+38344000101"


class House:
    """A line behind a real inbox, by SMS and Telegram."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.line = Line(database, keystore, clock)
        self.database, self.keystore, self.clock = database, keystore, clock
        self.intake = Intake(self.line.rooms, self.line.conversation, {"generic": Generic({"url": "http://127.0.0.1:1", "secret": "s"})})
        reading = Reading(prepare=self.intake.prepare, is_sos=self.intake.is_sos, park=self.intake.park)
        self.loop = InboxLoop(database, keystore, self.line.rooms.wake, reading, "w")
        self._n = 0

    def texts(self, text: str, *, sender: str = ANA) -> None:
        body = json.dumps({"id": f"m{self._n}", "from": sender, "text": text}).encode()
        self.comes("generic", sender, pack(RawRequest("POST", "", "", {"content-type": "application/json"}, body)))

    def comes(self, provider: str, sender: str, body: bytes, channel: Channel = Channel.SMS) -> None:
        self._n += 1
        address = Address(channel, sender).for_index()
        with self.database.write() as unit:
            inbox.accept(unit, self.keystore, provider=provider, provider_id=f"{self._n}", sender=address, body=body)
        for _ in range(8):
            self.loop.run_once()
            self.clock.advance(seconds=1)

    def replies(self) -> list[str]:
        rooms = self.line.rooms
        with self.database.write() as unit:
            rows = unit.conn.execute(select(OutboxRow.__table__).order_by(OutboxRow.seq)).all()
            return [
                json.loads(
                    open_sealed(rooms.survivors.key_of(unit, row.survivor_id).raw, row.body, table="outbox", column="body", row=row.id)
                )["text"]
                for row in rows
            ]

    def parked(self) -> int:
        with self.database.read() as conn:
            return inbox.count(conn, Inbox.PARKED)

    def alerts(self) -> list[tuple[bool, int]]:
        """(whether it stands at an address, how often it was raised)"""
        with self.database.read() as conn:
            rows = conn.execute(select(AlertRow.address, AlertRow.count.label("times"))).all()
        return [(row.address is not None, row.times) for row in rows]


@pytest.fixture
def house(database: Database, keystore: Keystore, clock: ManualClock) -> House:
    return House(database, keystore, clock)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """From now on this part of the conversation fails."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    return lambda name: monkeypatch.setattr(name, broken)


def test_the_control_a_message_that_can_be_taken_is_not_parked(house: House) -> None:
    house.texts("hello")
    assert house.parked() == 0
    assert "information line" in house.replies()[0]


def test_words_that_nothing_can_take_are_answered_with_numbers(house: House, failing: Callable[[str], None]) -> None:
    failing("sos.bot.conversation.respond")
    house.texts("hello")
    assert house.parked() == 1
    (reply,) = house.replies()
    assert "me fjale te tjera" in reply, "the language that her number suggests"
    assert "112" in reply
    assert "unreadable" in house.line.tasks()
    assert house.alerts() == []


@pytest.mark.parametrize("where", ["sos.bot.conversation.respond", "sos.bot.conversation.Conversation.read"])
def test_an_sos_that_nothing_can_take_is_one_alert_on_her_address(house: House, failing: Callable[[str], None], where: str) -> None:
    house.texts("SOS")
    failing(where)
    house.texts("SOS he is back")
    assert house.parked() == 1
    assert house.alerts() == [(True, 2)]
    assert "2" in house.replies()[1]
    assert "112" in house.replies()[1]


def test_the_first_answer_to_such_an_sos_is_complete(house: House, failing: Callable[[str], None]) -> None:
    failing("sos.bot.conversation.respond")
    house.texts("SOS")
    assert house.alerts() == [(True, 1)]
    (reply,) = house.replies()
    for part in ("askush nuk eshte ne detyre", "112 ose 192", "ende askush nuk e ka lexuar"):
        assert part in reply


@pytest.mark.parametrize("where", ["sos.bot.unread._said", "sos.directory.jurisdictions.Jurisdictions.numbers"])
def test_where_even_the_numbers_fail_she_is_answered_without_them(house: House, failing: Callable[[str], None], where: str) -> None:
    failing("sos.bot.conversation.respond")
    failing(where)
    house.texts("SOS")
    assert house.alerts() == [(True, 1)]
    assert "askush nuk eshte ne detyre" in house.replies()[0]


def test_where_no_person_can_be_met_the_alert_and_the_task_are_left_all_the_same(house: House, failing: Callable[[str], None]) -> None:
    failing("sos.survivors.actions.Survivors.meet")
    house.texts("SOS")
    assert house.alerts() == [(False, 1)]
    assert house.line.tasks() == {"unreadable"}


def test_whoever_wrote_before_is_answered_even_if_nothing_of_the_message_can_be_read(house: House) -> None:
    house.texts("hello")
    house.comes("generic", ANA, b"\xff SOS \xff")
    assert house.parked() == 1
    assert house.alerts() == [(True, 1)]
    assert "Received" in house.replies()[1]


def test_an_unreadable_message_of_nobody_known_leaves_an_alert_without_address(house: House) -> None:
    house.comes("generic", "nobody", b"\xff SOS \xff")
    assert house.alerts() == [(False, 1)]
    assert house.replies() == []


def test_in_cover_the_answer_is_the_office(house: House, failing: Callable[[str], None]) -> None:
    for text in ("hello", "1", "1", "5", "2", "tomatoes", "tomatoes"):
        house.texts(text)
    failing("sos.bot.conversation.respond")
    house.texts("SOS")
    assert house.alerts() == [(True, 1)]
    assert "office" in house.replies()[-1]


def test_who_wants_no_police_reads_no_number_of_theirs(house: House, failing: Callable[[str], None]) -> None:
    house.texts("I do not want the police")
    failing("sos.bot.conversation.respond")
    house.texts("SOS")
    house.texts("xyz")
    assert not any(number in text for text in house.replies() for number in ("192", "112"))


def test_a_replay_from_long_ago_is_not_answered(house: House) -> None:
    body = json.dumps({"update_id": 1, "message": {"message_id": 1, "date": int(house.clock.now().timestamp()) - 40 * 86400,
            "chat": {"id": 44, "type": "private"}, "from": {"id": 44, "is_bot": False}, "text": "hello"}}).encode()  # fmt: skip
    house.comes("telegram", "44", pack(RawRequest("POST", "", "", {"content-type": "application/json"}, body)), Channel.TELEGRAM)
    assert house.parked() == 1
    assert house.replies() == []


def test_nothing_of_her_message_reaches_a_log(house: House, failing: Callable[[str], None], caplog: pytest.LogCaptureFixture) -> None:
    failing("sos.bot.conversation.respond")
    house.texts("SOS xylophone")
    assert house.parked() == 1
    assert "xylophone" not in caplog.text
    assert "44000101" not in caplog.text
