"""Pages on their way: real gateways on loopback, one that is down, one that hangs; nothing expires, no one blocks another, TAKE comes back and stops."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select, update

from sos.alerts.models import AlertRow
from sos.bot.channels.intake import Intake
from sos.bot.channels.requests import pack
from sos.bot.channels.sending import TelegramAccess, open_senders
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.channels.sms.providers.generic import Generic
from sos.bot.messages import Address, Channel
from sos.clock import ManualClock
from sos.inbox import actions as inbox
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox
from sos.staff.keys import staff_key
from sos.staff.models import TaskRow
from sos.staff.reach import wording
from sos.staff.reach.models import WayRow
from sos.staff.reach.queries import ways
from sos.worker.delivery import CHANNEL_SLOTS, Delivery
from sos.worker.inbox_loop import InboxLoop, Reading
from tests.bot.talking import Line
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault
from tests.fakes.sms_gateway import FakeGateway
from tests.staff.colleagues import add_member
from tests.staff.reach.test_reach import code_in

SECRET = "s"
HER, ANA, ELA = "+38344000150", "+38344000101", "+38344000102"


class Walking(ManualClock):
    """Walks with real time, and jumps when told to: pauses of delivery pass by themselves."""

    def __init__(self, start: ManualClock) -> None:
        self._ahead, self._from = 0.0, time.monotonic()
        super().__init__(start.moment)

    def now(self):  # type: ignore[no-untyped-def]
        from datetime import timedelta

        return self.moment + timedelta(seconds=self._ahead + time.monotonic() - self._from)

    def jump(self, seconds: float) -> None:
        self._ahead += seconds


class Night:
    def __init__(self, database, keystore, clock: ManualClock, gateway: FakeGateway, api: FakeBotApi) -> None:  # type: ignore[no-untyped-def]
        self.clock = Walking(clock)
        database.clock = self.clock
        self.database, self.gateway, self.api = database, gateway, api
        self.line = Line(database, keystore, self.clock)
        self.rooms = self.line.rooms
        provider = Generic({"url": gateway.url, "secret": SECRET})
        intake = Intake(self.rooms, self.line.conversation, {"generic": provider})
        self.loop = InboxLoop(
            database=database, keystore=keystore, wake=self.rooms.wake, holder="w1",
            reading=Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park),
        )  # fmt: skip
        self.delivery = Delivery(
            database=database,
            keystore=keystore,
            survivors=self.rooms.survivors,
            tasks=self.rooms.tasks,
            wake=self.rooms.wake,
            holder="w1",
            open_senders=lambda: open_senders({"generic": provider}, sms_out=("generic",), telegram=TelegramAccess(api.token, api.root)),
            staff_fared=self.rooms.staff_fared,
        )
        self.thread = threading.Thread(target=lambda: asyncio.run(self.delivery.run()))
        self._n = 0

    def member(self, alias: str, number: str, chat: str | None = None) -> str:
        member_id = add_member(self.rooms, alias=alias)
        with self.database.write() as unit:
            self.rooms.reach.begin_sms(unit, member_id, number)
        with self.database.write() as unit:
            assert self.rooms.reach.confirm(unit, member_id, code_in(self.rooms))
            if chat:
                self.rooms.reach.link(unit, chat, self.rooms.reach.telegram_code(unit, member_id))
            self.rooms.duty.start_shift(unit, member_id)
            unit.conn.execute(update(OutboxRow).where(OutboxRow.state == "waiting").values(state="sent", body=None, address=None))
        return member_id

    def texts(self, sender: str, text: str) -> None:
        self._n += 1
        body = pack(
            RawRequest(
                "POST",
                "",
                "",
                {"content-type": "application/json"},
                json.dumps({"id": f"m{self._n}", "from": sender, "text": text}).encode(),
            )
        )
        with self.database.write() as unit:
            inbox.accept(
                unit,
                self.rooms.keystore,
                provider="generic",
                provider_id=f"{self._n}",
                sender=Address(Channel.SMS, sender).for_index(),
                body=body,
            )
        while self.loop.run_once():
            pass

    def heard_by(self, number: str) -> list[str]:
        return [one.text for one in self.gateway.received if one.to == number]

    def states(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(OutboxRow.state).where(OutboxRow.key_kind == "staff").order_by(OutboxRow.seq)).scalars())

    def taken_by(self) -> str | None:
        with self.database.read() as conn:
            return conn.execute(select(AlertRow.taken_by)).scalar()

    def stale_tasks(self) -> int:
        with self.database.read() as conn:
            return int(
                conn.execute(
                    select(func.count()).select_from(TaskRow).where(TaskRow.kind == "stale_reply", TaskRow.survivor_id.is_(None))
                ).scalar_one()
            )


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway(SECRET) as made:
        yield made


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    with FakeBotApi() as made:
        yield made


@pytest.fixture
def night(database, keystore, clock: ManualClock, gateway: FakeGateway, api: FakeBotApi) -> Iterator[Night]:  # type: ignore[no-untyped-def]
    made = Night(database, keystore, clock, gateway, api)
    yield made
    made.delivery.stop()
    if made.thread.ident is not None:
        made.thread.join(30)


def until(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_an_sos_is_paged_at_the_gateway_taken_by_an_answer_and_the_others_are_told_no_more(night: Night) -> None:
    ana = night.member("Ana", ANA)
    night.thread.start()
    night.texts(HER, "SOS")
    assert night.gateway.wait_until(lambda _: bool(night.heard_by(ANA)), 20)
    [page] = night.heard_by(ANA)
    words = re.search(r"TAKE \d+-\d+", page)
    assert words
    night.texts(ANA, words[0].lower())
    assert night.taken_by() == ana
    assert night.gateway.wait_until(lambda _: wording.taken(1) in night.heard_by(ANA), 20)
    assert until(lambda: "waiting" not in night.states())
    assert [one for one in night.heard_by(ANA) if "waits" in one] == [page]


def test_a_dead_telegram_keeps_no_page_by_sms_from_leaving_and_is_noticed(night: Night) -> None:
    night.api.plan(*[Fault.answer(500, only="sendMessage") for _ in range(60)])
    ana = night.member("Ana", ANA, "555")
    night.member("Ela", ELA, "556")
    night.thread.start()
    night.texts(HER, "SOS")
    assert night.gateway.wait_until(lambda _: bool(night.heard_by(ANA)) and bool(night.heard_by(ELA)), 20)

    def failing() -> set[str]:
        with night.database.read() as conn:
            return {way.channel for way in ways(conn, ana) if way.failing_since}

    assert until(lambda: failing() == {"telegram"})


def test_a_telegram_that_hangs_leaves_slots_for_sms(night: Night) -> None:
    """More chats than slots, all hanging: the one page by SMS, queued after them, leaves before the first of them gives up."""
    night.api.plan(*[Fault.hang(7.0, only="sendMessage") for _ in range(80)])
    ana = night.member("Ana", ANA)
    chats = []
    for n in range(CHANNEL_SLOTS + 12):
        with night.database.write() as unit:
            night.rooms.reach.link(unit, str(700 + n), night.rooms.reach.telegram_code(unit, ana))
            chats = [way for way in night.rooms.reach.ways(unit.conn, ana) if way.channel == "telegram"]
    with night.database.write() as unit:
        for chat in chats:
            night.rooms.reach.send(unit, chat, text="Task 12 waits.")
    night.thread.start()
    time.sleep(1.0)
    with night.database.write() as unit:
        [number] = [way for way in night.rooms.reach.ways(unit.conn, ana) if way.channel == "sms"]
        night.rooms.reach.send(unit, number, text="Task 12 waits.")
    started = time.monotonic()
    assert night.gateway.wait_until(lambda _: bool(night.heard_by(ANA)), 6)
    assert time.monotonic() - started < 6, "before an attempt at a chat is over"


def test_a_page_waits_out_an_outage_of_days_and_leaves_nobody_a_task(night: Night) -> None:
    night.member("Ana", ANA)
    with night.gateway.refuse():
        night.thread.start()
        night.texts(HER, "SOS")
        assert until(lambda: night.states()[-1] == Outbox.WAITING.value)
        time.sleep(1.0)
        night.clock.jump(3 * 24 * 3600)
        time.sleep(1.0)
        assert night.states()[-1] == Outbox.WAITING.value
    night.clock.jump(60)
    assert night.gateway.wait_until(lambda _: any("waits" in one for one in night.heard_by(ANA)), 20)
    assert night.stale_tasks() == 0


def test_a_page_on_telegram_sounds_and_her_reply_there_does_not(night: Night) -> None:
    colleague, her = night.api.chat(555), night.api.chat(777)
    night.member("Ana", ANA, "555")
    night.thread.start()
    with night.database.write() as unit:
        from sos.bot.messages import Incoming

        incoming = Incoming("x", Address(Channel.TELEGRAM, "777"), "telegram", unit.now, text="SOS")
        night.line.conversation.take(unit, incoming, night.line.conversation.read(incoming))
    assert until(lambda: bool(colleague.shown) and bool(her.shown))
    assert [one.silent for one in colleague.shown.values()] == [False]
    assert all(one.silent for one in her.shown.values())


@pytest.mark.expects_errors
def test_a_row_that_does_not_open_is_given_up_alone_and_its_way_is_shown_as_failing(night: Night, caplog: pytest.LogCaptureFixture) -> None:
    ana = night.member("Ana", ANA)
    with night.database.write() as unit:
        [way] = night.rooms.reach.ways(unit.conn, ana)
        broken = night.rooms.reach.send(unit, way, text="Task 12 waits.")
        unit.conn.execute(update(OutboxRow).where(OutboxRow.id == broken).values(body=b"damaged"))
        night.rooms.reach.send(unit, way, text="Task 13 waits.")
    night.thread.start()
    assert night.gateway.wait_until(lambda _: night.heard_by(ANA) == ["Task 13 waits."], 20)
    assert night.stale_tasks() == 0
    caplog.clear()


def test_a_number_of_staff_never_leaves_under_a_survivors_key(night: Night) -> None:
    night.member("Ana", ANA)
    night.texts(HER, "SOS")
    with night.database.read() as conn:
        rows = conn.execute(select(OutboxRow.__table__).where(OutboxRow.key_kind == "staff", OutboxRow.body.is_not(None))).all()
        assert conn.execute(select(func.count()).select_from(WayRow)).scalar_one() == 1
    assert rows
    assert all(row.survivor_id is None for row in rows)
    assert len(staff_key(night.rooms.keystore)) == 32
