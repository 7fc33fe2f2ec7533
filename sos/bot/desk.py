"""The rooms as one message sees them: `Desk` of the flows, on the real rooms. Narrows them to her and to this unit of work; decides nothing."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sos.alerts.actions import OpenAlert, Raised
from sos.alerts.states import Mark, Note
from sos.bot.messages import Channel
from sos.conversations import queries as conversations
from sos.conversations.actions import Direction
from sos.db.database import Unit
from sos.db.types import new_id
from sos.directory.categories import Category
from sos.directory.jurisdictions import Number
from sos.directory.matching.answer import Matched
from sos.directory.matching.wish import Wish
from sos.encryption import CannotOpen
from sos.geo.naming import folded_name
from sos.geo.places import Place
from sos.outbox import offers
from sos.outbox import queries as outbox
from sos.rooms import Rooms
from sos.staff.states import TaskKind
from sos.survivors.actions import Known
from sos.survivors.words import Word

COUNTRY_OF: Final[Mapping[str, str]] = {"+383": "XK", "+381": "RS"}
STILL_DELETABLE: Final = timedelta(hours=47)
"""Telegram lets messages be deleted for 48 hours; an hour is left for the way."""


@dataclass(slots=True)
class RoomsDesk:
    """The rooms as one message sees them: `Desk` of the flows, on the real rooms."""

    rooms: Rooms
    unit: Unit
    known: Known
    erased: bool = field(default=False)
    to_delete: tuple[int, ...] = field(default=(), repr=False)  #: messages of this chat that she wants gone
    offer: str = ""  #: the outbox id under which they wait for her choice
    _said: dict[str, Word | None] = field(default_factory=dict, repr=False)

    @property
    def now(self) -> datetime:
        return self.unit.now

    @property
    def channel(self) -> Channel:
        return self.known.address.channel

    @property
    def home(self) -> str | None:
        if self.channel is not Channel.SMS:
            return None
        return next((country for prefix, country in COUNTRY_OF.items() if self.known.address.value.startswith(prefix)), None)

    @property
    def categories(self) -> Mapping[str, Category]:
        return self.rooms.categories.by_slug

    @property
    def languages(self) -> tuple[str, ...]:
        return self.rooms.texts.languages

    def record(self, body: dict[str, Any], direction: Direction) -> None:
        """Add a line to the transcript."""
        known = self.known
        self.rooms.conversations.record(
            self.unit, body, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, direction=direction
        )

    def open_alert(self) -> OpenAlert | None:
        return self.rooms.alerts.open_for(self.unit, self.known.address)

    def raise_alert(self, reason: str, words: str) -> Raised:
        return self.rooms.alerts.raise_alert(self.unit, address=self.known.address, survivor_id=self.known.id, reason=reason, words=words)

    def add(self, kind: Note, text: str) -> None:
        self.rooms.alerts.add(self.unit, self.known.address, kind, text)

    def mark(self, kind: Mark) -> None:
        self.rooms.alerts.mark(self.unit, self.known.address, kind)

    def leave_task(self, kind: TaskKind, note: str = "") -> None:
        self.rooms.tasks.leave(self.unit, kind=kind, survivor_id=self.known.id, note=note, key=self.known.key.raw)

    def said_word(self, text: str) -> Word | None:
        if text not in self._said:
            self._said[text] = self.rooms.survivors.said_word(self.unit, self.known, text)
        return self._said[text]

    def has_word(self, kind: Word) -> bool:
        return self.rooms.survivors.has_word(self.unit, self.known, kind)

    def agree_word(self, kind: Word, word: str) -> None:
        self.rooms.survivors.agree_word(self.unit, self.known, kind, word)

    def code_phrase(self) -> str:
        return self.rooms.survivors.code_phrase(self.unit, self.known)

    def revoke_phrase(self) -> None:
        self.rooms.survivors.revoke_phrase(self.unit, self.known)

    def erase(self, *, verified: bool) -> None:
        self.rooms.erasure.erase(self.unit, self.known, verified=verified)
        self.erased = True

    def delete_chat(self) -> None:
        self.to_delete = self._in_this_chat()

    def offer_chat(self) -> str | None:
        self.to_delete = self._in_this_chat()
        self.offer = new_id() if self.to_delete else ""
        return self.offer or None

    def accept_offer(self, offer: str) -> bool:
        address = offers.address_of(self.unit, self.rooms.keystore, offer)
        return address == self.known.address.value and offers.accept(self.unit, offer)

    def _in_this_chat(self) -> tuple[int, ...]:
        """Every message of the last two days in this chat, hers and ours, that we know by its id. Asked before her key is destroyed."""
        known, since = self.known, self.unit.now - STILL_DELETABLE
        found = conversations.references(self.unit.conn, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, since=since)
        for row, sealed in outbox.references(self.unit.conn, survivor_id=known.id, contact_id=known.contact_id, since=since):
            with contextlib.suppress(CannotOpen, UnicodeDecodeError):  # one damaged row must not keep the others in her chat
                found += known.key.open(sealed, table="outbox", column="provider_ref", row=row).decode().split(",")
        return tuple(sorted({int(reference) for reference in found if reference.isascii() and reference.isdecimal()}))

    def match(self, wish: Wish, *, without_authorities: bool) -> Matched:
        return self.rooms.match(self.unit.conn, wish, self.unit.now, without_authorities=without_authorities)

    def numbers(self, country: str | None, purposes: Iterable[str], *, without_authorities: bool) -> tuple[Number, ...]:
        return self.rooms.jurisdictions.numbers(
            country, at=self.unit.now, without_authorities=without_authorities, purposes=tuple(purposes)
        )

    def barred_numbers(self) -> frozenset[str]:
        """Every number of an authority, anywhere."""
        found = self.rooms.jurisdictions.by_country.values()
        return frozenset(number.number for one in found for number in one.numbers if number.authority)

    def place(self, place_id: str) -> Place | None:
        return self.rooms.gazetteer.place(place_id)

    def municipality_at(self, latitude: float, longitude: float) -> Place | None:
        return self.rooms.gazetteer.municipality_at(latitude, longitude)

    def fold(self, name: str) -> str:
        return folded_name(name)
