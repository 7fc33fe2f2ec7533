"""Telegram from end to end in one process: our polling, inbox loop, conversation and delivery, over real HTTP against the fake Bot API."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select

from config.settings import Settings
from sos.bot.channels.intake import Intake
from sos.bot.channels.sending import TelegramAccess, open_senders
from sos.bot.channels.telegram.side_loop import polling_loop
from sos.bot.conversation import Conversation
from sos.factory import House
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox
from sos.worker.delivery import Delivery
from sos.worker.inbox_loop import InboxLoop, Reading
from tests.bot.plain_desk import gazetteer, texts, understander
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.telegram_person import Person
from tests.fakes.web_desk import MovableClock


class TelegramDesk:
    """A running line on Telegram. `clock` can be turned forward."""

    def __init__(self, api: FakeBotApi, folder: Path, database_url: str) -> None:
        self.api = api
        self.clock = MovableClock()
        Keystore.create(folder / "keys", now=self.clock.now())
        environ = {"SOS_INSTANCE": str(folder), "SOS_DATABASE_URL": database_url}
        self.house = House(Settings.from_environ(environ), self.clock)
        self.house.rooms.load_demonstration()
        self.house.rooms.__dict__ |= {"gazetteer": gazetteer(), "texts": texts()}
        rooms = self.house.rooms
        self.conversation = Conversation(rooms, understander())
        intake = Intake(rooms, self.conversation, self.house.providers)
        reading = Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park)
        self._loop = InboxLoop(self.house.database, self.house.keystore, rooms.wake, reading, "desk")
        access = TelegramAccess(api.token, api.root)
        self._delivery = Delivery(
            database=self.house.database,
            keystore=self.house.keystore,
            survivors=rooms.survivors,
            tasks=rooms.tasks,
            wake=rooms.wake,
            holder="desk",
            open_senders=lambda: open_senders({}, sms_out=(), telegram=access),
        )
        self._polling = polling_loop(token=api.token, api_url=api.root, accept=self.house.accept, pulse=lambda _: None, long_poll=1.0)
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._threads = [
            threading.Thread(target=self._polling, args=(self._over,)),
            threading.Thread(target=self._work),
            threading.Thread(target=lambda: asyncio.run(self._delivery.run())),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._delivery.stop()
        for thread in self._threads:
            thread.join(20)
        self.house.database.dispose()

    def person(self, chat_id: int = 44) -> "Talker":
        return Talker(self, Person(self.api, chat_id))

    def rows(self, *columns: Any, order: Any = OutboxRow.seq) -> list[Any]:
        with self.house.database.read() as conn:
            return list(conn.execute(select(*columns).order_by(order)))

    def is_still(self) -> bool:
        """Whether nothing waits any more: looked at in the order of a message's way, so that none slips through between two looks."""
        if self.api.waiting():
            return False
        with self.house.database.read() as conn:
            if conn.execute(select(InboxRow.seq).where(InboxRow.state == Inbox.WAITING.value).limit(1)).first():
                return False
            return conn.execute(select(OutboxRow.seq).where(OutboxRow.state == Outbox.WAITING.value).limit(1)).first() is None

    def rests(self, seconds: float = 15.0) -> None:
        """Wait until everything is answered and sent."""
        until = time.monotonic() + seconds
        while not self.is_still():
            assert time.monotonic() < until, "something still waits"
            time.sleep(0.03)

    def _work(self) -> None:
        while not self._over.wait(0.02):
            while self._loop.run_once():
                pass


class Talker:
    """She does something, and everything that follows has happened when it returns what she then reads anew."""

    def __init__(self, desk: TelegramDesk, phone: Person) -> None:
        self.desk = desk
        self.phone = phone

    def types(self, text: str) -> list[str]:
        return self._after(lambda: self.phone.types(text))

    def taps(self, label: str) -> list[str]:
        return self._after(lambda: self.phone.taps(label))

    def does(self, doing: Any) -> list[str]:
        return self._after(doing)

    def _after(self, doing: Any) -> list[str]:
        seen = {one.message_id for one in self.phone.reads()}
        doing()
        self.desk.rests()
        return [one.text for one in self.phone.reads() if one.message_id not in seen]
