"""What the page reads of her own conversation, and how she leaves it. Touches no table itself; never makes a person by looking."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sos import logs
from sos.bot.channels.webchat.reading import PROVIDER
from sos.bot.channels.webchat.thread import Thread, thread
from sos.clock import Clock
from sos.conversations.actions import transcript
from sos.db.database import Database
from sos.encryption import CannotOpen, open_sealed
from sos.inbox import queries as inbox
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.actions import Leased
from sos.outbox.states import Outbox
from sos.rooms import Rooms
from sos.survivors.actions import Known
from sos.survivors.address import Address, Channel

_LINES = 60
"""The page is for an old phone on a bad line: what is older is not sent again and again."""


class House(Protocol):
    """What the web chat stands on."""

    @property
    def database(self) -> Database: ...
    @property
    def keystore(self) -> Keystore: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def rooms(self) -> Rooms: ...


class Box:
    """Her conversation, as seen from one browser."""

    def __init__(self, house: House) -> None:
        self._house = house

    def thread(self, token: str) -> Thread:
        """What may be shown to this browser now."""
        house = self._house
        with house.database.read() as conn:
            known = house.rooms.survivors.find(conn, Address(Channel.WEB, token))
            if known is None:
                return Thread()
            try:
                said = transcript(conn, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, limit=_LINES)
            except CannotOpen:
                return Thread()  # her key was destroyed between the two reads
            waiting = outbox.waiting_at(conn, known.contact_id)
        return thread(said, self._shown_once(known, waiting), house.clock.now())

    def _shown_once(self, known: Known, waiting: Sequence[Leased]) -> list[Mapping[str, Any]]:
        """Answers that stand in no transcript, a code phrase above all: they wait in the outbox and are given a single time."""
        if not waiting:
            return []
        bodies: list[Mapping[str, Any]] = []
        with self._house.database.write() as unit:
            for leased in waiting:
                late = leased.expires_at <= unit.now
                if outbox.settle(unit, leased, Outbox.EXPIRED if late else Outbox.SENT) and not late:
                    bodies.append(json.loads(open_sealed(known.key.raw, leased.body, table="outbox", column="body", row=leased.id)))
        return bodies

    def is_waiting(self, reference: str) -> bool:
        """Whether this message has no answer yet."""
        with self._house.database.read() as conn:
            return inbox.is_waiting(conn, self._house.keystore, provider=PROVIDER, provider_id=reference)

    def leave(self, token: str) -> None:
        """From now on this token opens nothing. Called after the answer has left: nobody waits for a database to get away."""
        try:
            with self._house.database.write() as unit:
                self._house.rooms.survivors.detach(unit, Address(Channel.WEB, token))
        except Exception as error:  # noqa: BLE001 - she is already gone; the cookie, too
            logs.event("web.failed", endpoint="chat.leave", error=type(error).__name__)
