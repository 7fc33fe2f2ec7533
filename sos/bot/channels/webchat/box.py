"""What the page reads of her own conversation, and how she leaves it. Touches no table itself; never makes a person by looking."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sos import logs
from sos.bot.channels.webchat.reading import PROVIDER
from sos.bot.channels.webchat.thread import Thread, thread
from sos.clock import Clock
from sos.conversations.actions import transcript
from sos.db.database import Database
from sos.encryption import CannotOpen
from sos.inbox import queries as inbox
from sos.keys.keystore import Keystore
from sos.rooms import Rooms
from sos.survivors.address import Address, Channel

_LINES = 60
"""The page is for an old phone on a bad line: what is older is not sent again and again."""
Once = Callable[[Address], Sequence[Mapping[str, Any]]]
"""Answers that stand in no transcript (an ERASE is confirmed, a code phrase), as bodies {text, buttons, ...}; each is given a single time."""


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

    def __init__(self, house: House, once: Once) -> None:
        self._house = house
        self._once = once

    def thread(self, token: str) -> Thread:
        """What may be shown to this browser now."""
        address = Address(Channel.WEB, token)
        house = self._house
        with house.database.read() as conn:
            known = house.rooms.survivors.find(conn, address)
            try:
                said = transcript(conn, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, limit=_LINES) if known else []
            except CannotOpen:
                said = []  # her key was destroyed between the two reads
        return thread(said, self._once(address), house.clock.now())

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
