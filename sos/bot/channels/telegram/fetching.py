"""The worker's loop that fetches what she wishes kept as evidence, seals it, and tells her so on her channel. No transaction is open while it fetches.

What cannot be fetched is given up after five tries and she is told; nothing of it stays. Never opens a file, never logs a word of it.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sos.bot.answering import Replies
from sos.bot.channels.telegram.files import FileTooLarge, NotFetched, fetch
from sos.bot.desk import RoomsDesk
from sos.bot.engine import Answer, State
from sos.bot.messages import Reply
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved
from sos.db.wake import Topic
from sos.encryption import CannotOpen
from sos.rooms import Rooms
from sos.survivors.evidence.actions import TRIES, Due, Original, Wanted
from sos.survivors.evidence.errors import NoSuchEvidence, TooLarge
from sos.survivors.evidence.states import MOST_BYTES
from sos.survivors.keys import KeyGone

PAUSE: Final = 0.5
"""Seconds between two looks."""
_GONE: Final = (KeyGone, NoSuchEvidence, CannotOpen, AlreadyMoved)
"""She was forgotten, or erased it meanwhile."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Fetches for one worker. `api_url`: SOS_TELEGRAM_API_URL."""

    rooms: Rooms
    token: str = field(repr=False)
    api_url: str

    def run_once(self) -> int:
        """Fetch what is due; returns how many were dealt with."""
        with self.rooms.database.write() as unit:
            due = self.rooms.evidence.claim(unit)
        for one in due:
            self._fetch(one)
        return len(due)

    def _fetch(self, due: Due) -> None:
        try:
            with self.rooms.database.write() as unit:
                wanted = self.rooms.evidence.wanted(unit, due, key=self.rooms.survivors.key_of(unit, due.survivor_id))
        except _GONE:
            return self._drop(due)
        try:
            body = asyncio.run(fetch(self.token, self.api_url, wanted.reference, most=MOST_BYTES))
        except NotFetched as refusal:
            if refusal.for_good or due.attempt >= TRIES:
                large = isinstance(refusal, FileTooLarge)
                limit = {"limit": MOST_BYTES // (1024 * 1024)}
                self._give_up(due, wanted, Reply("evidence.too_large", limit) if large else Reply("evidence.failed"))
            return None
        return self._keep(due, wanted, body)

    def _keep(self, due: Due, wanted: Wanted, body: bytes) -> None:
        original = Original(wanted.medium, body, wanted.channel, wanted.received_at, wanted.sent_at, wanted.name, wanted.media_type)
        try:
            with self.rooms.database.write() as unit:
                key = self.rooms.survivors.key_of(unit, due.survivor_id)
                item = self.rooms.evidence.fetched(unit, due, original, key=key)
                self._tell(unit, wanted, Reply("evidence.kept.file", {"n": item.n, "time": unit.now}))
        except TooLarge:
            self._give_up(due, wanted, Reply("evidence.too_large", {"limit": MOST_BYTES // (1024 * 1024)}))
        except _GONE:
            self._drop(due)

    def _give_up(self, due: Due, wanted: Wanted, reply: Reply) -> None:
        with self.rooms.database.write() as unit:
            if self.rooms.evidence.give_up(unit, due.id):
                self._tell(unit, wanted, reply)

    def _drop(self, due: Due) -> None:
        with self.rooms.database.write() as unit:
            self.rooms.evidence.give_up(unit, due.id)

    def _tell(self, unit: Unit, wanted: Wanted, reply: Reply) -> None:
        """In her language, through the same gate and reply window as any answer; under cover nothing is said."""
        known = self.rooms.survivors.known_at(unit, wanted.contact_id)
        if known is None:
            return
        state = State.from_json(self.rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw))
        if state.cover:
            return
        Replies(unit, RoomsDesk(self.rooms, unit, known), known, state, Answer(state, (reply,))).send()
        self.rooms.wake.ring(unit, Topic.OUTBOX)


def fetching_loop(rooms: Rooms, *, token: str, api_url: str) -> Callable[[threading.Event], None]:
    """One of a worker's side loops: fetches until its event is set."""
    fetching = Fetching(rooms, token, api_url)

    def run(stopping: threading.Event) -> None:
        while not stopping.wait(PAUSE):
            while fetching.run_once():
                pass

    return run
