"""What leaves after one message: rendered, looked at by the gate, recorded, queued. Never decides what is said, never asks a gateway."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sos.bot.desk import RoomsDesk
from sos.bot.engine import Answer, State
from sos.bot.messages import Channel, Reply
from sos.bot.rendering import Rendered, Renderer
from sos.conversations.actions import Direction
from sos.db.database import Unit
from sos.db.types import new_id
from sos.outbox import actions as outbox
from sos.outbox import offers
from sos.outbox.states import KeyKind, Lane, Purpose
from sos.rooms import Rooms
from sos.staff.states import TaskKind
from sos.survivors.actions import REPLY_WINDOW, Known
from sos.texts.gate import Refusal, refusal

SHREDDED_AFTER: Final = timedelta(hours=1)
BY_PREFIX: Final[Mapping[str, str]] = {"+383": "sq", "+381": "sr", "+387": "bs", "+90": "tr"}
"""The language of a first answer, where her words did not tell hers."""


def renderer_for(rooms: Rooms, state: State, known: Known) -> Renderer:
    """How this person reads."""
    zone = rooms.jurisdictions.zone(state.country)
    default = next((code for prefix, code in BY_PREFIX.items() if known.address.value.startswith(prefix)), None)
    channel = known.address.channel
    return Renderer.for_state(state, rooms.texts, channel, zone, default=default if channel is Channel.SMS else None)


@dataclass(slots=True)
class Replies:
    """Renders, checks, records and queues what follows from one message."""

    unit: Unit
    desk: RoomsDesk
    known: Known
    before: State
    answer: Answer
    tap: str | None = None  #: the id of the tap that these replies answer

    def send(self) -> None:
        """Keep the state first: after an ERASE there is nobody to keep it for."""
        if self.desk.erased:
            self._send_as_stranger()
        else:
            self._send_to_her()
        if self.tap:
            self._queue_in_transit(new_id(), {"tap": self.tap}, Lane.REPLY)
        if self.desk.to_delete:
            self._delete_chat()

    def _send_to_her(self) -> None:
        rooms, state = self.desk.rooms, self.answer.state
        rooms.conversations.keep_state(self.unit, state.to_json(), survivor_id=self.known.id, key=self.known.key.raw)
        page = self.known.address.channel is Channel.WEB
        curtain = _curtain(self.before, state)
        for n, reply in enumerate(self.answer.replies):
            drawn = "drop" if reply.closes else curtain if n == 0 else ""
            rendered = replace(self._rendered(reply), curtain=drawn if page else "")  # elsewhere it would tell words apart by their size
            if not reply.secret:
                self.desk.record(rendered.as_body(), Direction.OUT)
            if self.known.address.channel is not Channel.WEB or reply.secret:
                self._queue(reply, rendered, key=self.known.key.raw, key_kind=KeyKind.PERSON, survivor_id=self.known.id, row=new_id())

    def _rendered(self, reply: Reply) -> Rendered:
        """Through the gate; what it refuses is replaced, and a person is told. An SOS is never held back."""
        state = self.answer.said_in or self.answer.state
        renderer = renderer_for(self.desk.rooms, state, self.known)
        rendered = renderer.render(reply, state.step)
        if refused(self.desk, state, rendered) is None:
            return rendered
        if not self.desk.erased:
            self.desk.leave_task(TaskKind.BLOCKED_TEXT)
        return renderer.stand_in(reply, state.step)

    def _send_as_stranger(self) -> None:
        """After an ERASE: by a transit key, shredded when sent; on the web into a new, empty box."""
        rooms = self.desk.rooms
        if self.known.address.channel is Channel.WEB:
            self.known = rooms.survivors.meet(self.unit, self.known.address, self.known.provider)
            self.answer = replace(self.answer, state=replace(self.answer.state, here=self.known.contact_id))
            self.desk = RoomsDesk(rooms, self.unit, self.known)
            self._send_to_her()
            return
        if self.answer.state.cover:
            self._keep_the_office()
        for reply in self.answer.replies:
            row = new_id()
            key = rooms.keystore.new_transit_key(row, until=self.unit.now + SHREDDED_AFTER)
            self._queue(reply, self._rendered(reply), key=key, key_kind=KeyKind.TRANSIT, survivor_id=None, row=row)

    def _keep_the_office(self) -> None:
        """Cover outlasts the ERASE: whoever writes next on this device meets an office still. A new person, of whom nothing else is kept."""
        rooms = self.desk.rooms
        nobody = rooms.survivors.meet(self.unit, self.known.address, self.known.provider)
        state = replace(self.answer.state, here=nobody.contact_id)
        rooms.conversations.keep_state(self.unit, state.to_json(), survivor_id=nobody.id, key=nobody.key.raw)

    def _delete_chat(self) -> None:
        """One row for all messages. By a transit key and in no queue of hers: an ERASE after it does not stop it, and no answer waits behind it."""
        row = self.desk.offer or new_id()
        self._queue_in_transit(row, {"delete": self.desk.to_delete}, Lane.SERVICE)
        if self.desk.offer:
            offers.hold(self.unit, row)

    def _queue_in_transit(self, row: str, body: Mapping[str, object], lane: Lane) -> None:
        """Something for Telegram that holds no word of hers."""
        outbox.queue(
            self.unit,
            key=self.desk.rooms.keystore.new_transit_key(row, until=self.unit.now + SHREDDED_AFTER),
            key_kind=KeyKind.TRANSIT,
            survivor_id=None,
            contact_id=row,
            channel=self.known.address.channel.value,
            provider=self.known.provider,
            address=self.known.address.value,
            body=json.dumps(body).encode(),
            lane=lane,
            expires_at=self.unit.now + SHREDDED_AFTER,
            outbox_id=row,
        )

    def _queue(self, reply: Reply, rendered: Rendered, *, key: bytes, key_kind: KeyKind, survivor_id: str | None, row: str) -> None:
        tap, self.tap = self.tap, None  # the first answer carries it
        parcel = rendered.as_bytes(tap=tap)
        lane = Lane.SOS if reply.urgent else Lane.REPLY
        queue_for(self.unit, self.known, parcel, key=key, key_kind=key_kind, survivor_id=survivor_id, lane=lane, outbox_id=row)


def refused(desk: RoomsDesk, state: State, rendered: Rendered) -> Refusal | None:
    """What the gate says of a whole message, its buttons too, for who stands there."""
    barred = desk.barred_numbers() if state.police_barred else ()
    return refusal(" \n".join([rendered.text, *(button.label for button in rendered.buttons)]), barred_numbers=barred)


def queue_for(
    unit: Unit,
    known: Known,
    body: bytes,
    *,
    key: bytes,
    key_kind: KeyKind,
    survivor_id: str | None,
    lane: Lane,
    outbox_id: str,
    purpose: Purpose = Purpose.REPLY,
    lasts: timedelta = REPLY_WINDOW,
) -> None:
    """Queue one message to the address she wrote from, by the gateway that brought her in; one that nobody asked for by the gateways for such."""
    outbox.queue(
        unit,
        key=key,
        key_kind=key_kind,
        survivor_id=survivor_id,
        contact_id=known.contact_id,
        channel=known.address.channel.value,
        provider="" if purpose is Purpose.UNSOLICITED and known.address.channel is Channel.SMS else known.provider,
        address=known.address.value,
        body=body,
        lane=lane,
        expires_at=unit.now + lasts,
        outbox_id=outbox_id,
        purpose=purpose,
    )


def _curtain(before: State, after: State) -> str:
    """What the web page does with earlier lines: hidden when cover is put on, shown again by the check word."""
    if after.cover and not before.cover:
        return "drop"
    return "lift" if after.verified and not before.verified and not after.cover else ""
