"""`flask bot chat`: a conversation in the terminal. Runs the engine itself on the real rooms; nothing leaves this machine.

A person at a terminal reads replies as she would; a program gets one JSON line for each line in: `{"text", "replies": [{"text", "buttons", ...}]}`.
"""

import json
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click
from flask.cli import with_appcontext

from sos.bot.channels.sms.numbers import normalise
from sos.bot.conversation import Conversation
from sos.bot.messages import Address, Channel, Incoming, Kind
from sos.cli.context import ready
from sos.conversations.actions import Direction, transcript
from sos.db.database import Unit
from sos.encryption import open_sealed
from sos.factory import House
from sos.outbox import actions as outbox
from sos.outbox.states import KeyKind, Outbox

PROVIDER = "terminal"


@click.command("chat")
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]), default=Channel.SMS.value, show_default=True)
@click.option("--from", "sender", metavar="ID", help="Who writes; the same ID goes on where it stopped. Default: somebody new.")
@with_appcontext
def chat(channel: str, sender: str | None) -> None:
    """Write as a survivor would; each line is one message. Ends at end of input, after the last reply."""
    house = ready()
    talk = Talk(house, Conversation.load(house.rooms), _address(Channel(channel), sender))
    person = sys.stdout.isatty()
    for line in _lines():
        replies = talk.says(line)
        if person:
            click.echo("\n".join(_readable(reply) for reply in replies) + "\n")
        else:
            sys.stdout.buffer.write(json.dumps({"text": line, "replies": replies}, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()


@dataclass(slots=True)
class Talk:
    """One conversation at the terminal."""

    house: House
    conversation: Conversation
    address: Address
    _buttons: set[str] = field(default_factory=set)
    _shown: int = 0

    def says(self, text: str) -> list[dict[str, Any]]:
        """Her message; the replies to it, taken out of the outbox in the same unit, so that no worker sends them anywhere."""
        kind = Kind.BUTTON if text in self._buttons else Kind.TEXT
        incoming = Incoming(uuid.uuid4().hex, self.address, PROVIDER, self.house.clock.now(), text=text, kind=kind)
        reading = self.conversation.read(incoming)
        with self.house.database.write() as unit:
            self.conversation.take(unit, incoming, reading)
            replies = [*self._from_page(unit), *self._from_outbox(unit)]
        self._buttons = {str(button["value"]) for reply in replies for button in reply.get("buttons", ())}
        return replies

    def _from_outbox(self, unit: Unit) -> Iterator[dict[str, Any]]:
        for leased in outbox.waiting_by(unit, PROVIDER):
            if leased.key_kind is KeyKind.TRANSIT:
                key = self.house.keystore.transit_key(leased.id)
                self.house.keystore.shred_transit([leased.id], now=unit.now)
            else:
                key = self.house.rooms.survivors.key_of(unit, str(leased.survivor_id)).raw
            body: dict[str, Any] = json.loads(open_sealed(key, leased.body, table="outbox", column="body", row=leased.id))
            outbox.settle(unit, leased, Outbox.SENT)
            yield body

    def _from_page(self, unit: Unit) -> list[dict[str, Any]]:
        """On the web the replies stand in the transcript, which her page shows."""
        known = self.house.rooms.survivors.find(unit.conn, self.address) if self.address.channel is Channel.WEB else None
        if known is None:
            return []
        said = transcript(unit.conn, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, limit=40)
        last = max((n for n, line in enumerate(said) if line.direction is Direction.IN), default=-1)
        return [line.body for line in said[last + 1 :]]


def _address(channel: Channel, sender: str | None) -> Address:
    if sender is None:
        return Address(channel, f"{PROVIDER}-{uuid.uuid4().hex[:12]}")
    return Address(channel, normalise(sender) if channel is Channel.SMS else sender)


def _lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")


def _readable(reply: dict[str, Any]) -> str:
    buttons = "".join(f"\n  [{button['label']}]  ({button['value']})" for button in reply.get("buttons", ()))
    return f"{reply['text']}{buttons}"
