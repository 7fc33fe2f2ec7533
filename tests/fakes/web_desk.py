"""The web chat on loopback: real door, real database, real inbox. `WebDesk` answers with the test's own words, `TalkingDesk` with the conversation.

`hold()` lets messages lie, as on a night when the worker is down.
"""

import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from flask import Flask
from werkzeug.serving import make_server

from config.settings import Settings
from sos.bot.channels.intake import Intake
from sos.bot.channels.webchat.reading import read_web
from sos.bot.conversation import Conversation
from sos.bot.messages import Incoming
from sos.clock import SystemClock
from sos.conversations.actions import Direction
from sos.factory import House, create_app
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore
from sos.worker.inbox_loop import InboxLoop, Reading

Bodies = Sequence[Mapping[str, Any]]


class MovableClock:
    """The real time, and what a test adds to it."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._real.now() + self._ahead

    def advance(self, **by: float) -> None:
        self._ahead += timedelta(**by)


def echo(incoming: Incoming) -> Bodies:
    """The simplest answer."""
    return [{"text": f"Noted: {incoming.text}"}]


class WebDesk:
    """A running web chat. `url`: its address; `seen`: every message that came in, in order."""

    def __init__(self, folder: Path, template: Path, *, public_url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, folder / "sos.db")
        environ = {"SOS_INSTANCE": str(folder)} | ({"SOS_PUBLIC_URL": public_url} if public_url else {})
        self.clock = MovableClock()
        Keystore.create(folder / "keys", now=self.clock.now())
        self.app: Flask = create_app(Settings.from_environ(environ), self.clock)
        self.house: House = self.app.extensions["sos"]
        self.answer: Callable[[Incoming], Bodies] = echo
        self.seen: list[Incoming] = []
        self.url = ""
        self._held, self._over = threading.Event(), threading.Event()

    def __enter__(self) -> Self:
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._threads = [threading.Thread(target=self._server.serve_forever), threading.Thread(target=self._work)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join(10)
        self._server.server_close()
        self.house.database.dispose()

    def hold(self) -> None:
        """From now on messages lie unanswered."""
        self._held.set()

    def release(self) -> None:
        """They are answered again."""
        self._held.clear()

    def answer_all(self) -> None:
        """Answer what lies in the inbox."""
        house = self.house
        with house.database.write() as unit:
            for row in inbox.claim(unit, holder="stand-in", limit=20):
                incoming = read_web(inbox.open_body(house.keystore, row), received_at=row.received_at)
                self.seen.append(incoming)
                known = house.rooms.survivors.meet(unit, incoming.address, incoming.provider)
                whose: dict[str, Any] = {"survivor_id": known.id, "key": known.key.raw, "contact_id": known.contact_id}
                house.rooms.conversations.record(unit, {"text": incoming.text}, direction=Direction.IN, **whose)
                for body in self.answer(incoming):
                    house.rooms.conversations.record(unit, dict(body), direction=Direction.OUT, **whose)
                inbox.finish(unit, row, holder="stand-in")

    def say_to_last(self, body: Mapping[str, Any]) -> None:
        """Write to whoever wrote last, unasked."""
        house = self.house
        with house.database.write() as unit:
            known = house.rooms.survivors.meet(unit, self.seen[-1].address, self.seen[-1].provider)
            house.rooms.conversations.record(
                unit, dict(body), survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, direction=Direction.OUT
            )

    def waiting(self) -> int:
        """How many messages lie unanswered."""
        with self.house.database.read() as conn:
            return len(inbox.waiting(conn, after_seq=0, limit=100))

    def _work(self) -> None:
        while not self._over.wait(0.02):
            if not self._held.is_set():
                self.answer_all()


class TalkingDesk(WebDesk):
    """The same with the real conversation and the worker's own loop behind it, on the demonstration directory."""

    def __init__(self, folder: Path, template: Path) -> None:
        super().__init__(folder, template)
        house = self.house
        house.prepare()
        intake = Intake(house.rooms, Conversation.load(house.rooms), house.providers)
        reading = Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park)
        self._loop = InboxLoop(house.database, house.keystore, house.rooms.wake, reading, "talking desk")

    def answer_all(self) -> None:
        self._loop.run_once()
