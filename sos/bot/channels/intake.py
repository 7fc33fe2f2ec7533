"""From a stored request to an answered message: what the worker's inbox loop calls. Reads by channel, hands over to the conversation.

A message that cannot be read is never dropped: it is parked by the loop, and an SOS word in its raw text still raises an alert.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import unquote_plus

from sos.alerts import synthetic
from sos.bot import unread
from sos.bot.channels.loopback import SYNTHETIC, DailyTest, Echo, Loopback, OwnPage
from sos.bot.channels.requests import unpack
from sos.bot.channels.sms.provider import DeliveryReport, DeliveryState, RawRequest, SmsProvider, Unreadable
from sos.bot.channels.telegram import updates
from sos.bot.channels.webchat import reading as webchat
from sos.bot.commands import Command
from sos.bot.conversation import Conversation, Reading
from sos.bot.messages import Address, Channel, Incoming, Kind
from sos.bot.staff_desk import StaffDesk
from sos.bot.staff_words import Link, Take
from sos.bot.staff_words import read as read_staff_word
from sos.bot.understanding.intents import Intent
from sos.db.database import Unit
from sos.inbox.actions import KEPT, Claimed
from sos.inbox.states import Source
from sos.outbox import actions as outbox
from sos.outbox.queries import staff_way
from sos.outbox.states import Outbox
from sos.rooms import Rooms
from sos.staff.reach.states import Fate
from sos.survivors import queries as survivors

_TYPED = frozenset({Kind.TEXT, Kind.BUTTON})
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_REPORTED = {DeliveryState.DELIVERED: Outbox.DELIVERED, DeliveryState.FAILED: Outbox.FAILED}
_FARED = {Outbox.DELIVERED: Fate.DELIVERED, Outbox.FAILED: Fate.FAILED}


@dataclass(frozen=True, slots=True)
class Message:
    """A message of hers, read and understood, ready to be answered."""

    conversation: Conversation
    staff: StaffDesk
    incoming: Incoming = field(repr=False)
    reading: Reading = field(repr=False)

    def take(self, unit: Unit) -> None:
        understood, command = self.reading.understood, self.reading.command
        if command is not None and command.command is Command.SOS:  # "505" is a word of ours that no lexicon holds
            understood = replace(understood, intent=Intent.SOS)
        if not self.staff.ordinary(unit, self.incoming, understood):
            self.conversation.take(unit, self.incoming, self.reading)


@dataclass(frozen=True, slots=True)
class StaffWord:
    """A page answered or a chat linked from a phone. Whoever sent it is not met as a survivor."""

    staff: StaffDesk
    incoming: Incoming = field(repr=False)
    said: Take | Link = field(repr=False)

    def take(self, unit: Unit) -> None:
        self.staff.word(unit, self.incoming, self.said)


@dataclass(frozen=True, slots=True)
class Report:
    """What a carrier says of a message of ours."""

    report: DeliveryReport
    rooms: Rooms

    def take(self, unit: Unit) -> None:
        state = _REPORTED.get(self.report.state)
        if state is None or not outbox.report(unit, self.report.id, state):
            return
        way = staff_way(unit.conn, self.report.id)
        if way is not None:
            self.rooms.staff_fared(unit, self.report.id, way, _FARED[state])


@dataclass(frozen=True, slots=True)
class Nothing:
    """Something that asks for no answer: a group, a service note."""

    def take(self, _: Unit) -> None:
        return


class Intake:
    """Reads rows of the inbox for one process."""

    def __init__(
        self, rooms: Rooms, conversation: Conversation, providers: Mapping[str, SmsProvider], loopback: Loopback | None = None
    ) -> None:
        self._rooms = rooms
        self._staff = StaffDesk(rooms)
        self._conversation = conversation
        self._providers = providers
        self._loopback = loopback or Loopback(rooms.keystore, {})

    def prepare(self, row: Claimed, opened: bytes) -> Message | StaffWord | Report | Nothing | Echo:
        """Read and understand, touching no database. Raises Unreadable."""
        if row.kind is Source.STATUS:
            return Report(self._provider(row).read_status(unpack(opened)), self._rooms)
        incoming = self._incoming(row, opened)
        if incoming is None:
            return Nothing()
        ours = self._ours(row, incoming)
        if isinstance(ours, Echo | StaffWord):
            return ours
        incoming = ours
        if _is_old_replay(incoming):
            raise Unreadable("a replay from before the once-only keys that are still kept")
        incoming = replace(incoming, id=row.once_key.hex())
        said = read_staff_word(incoming.text) if incoming.kind in _TYPED and incoming.address.channel is not Channel.WEB else None
        if said is not None:
            return StaffWord(self._staff, incoming, said)
        language = webchat.language_of(opened) if row.provider == webchat.PROVIDER else None
        return Message(self._conversation, self._staff, incoming, self._conversation.read(incoming, language=language))

    def _incoming(self, row: Claimed, opened: bytes) -> Incoming | None:
        if row.provider == webchat.PROVIDER:
            return webchat.read_web(opened, received_at=row.received_at)
        if row.provider == SYNTHETIC:
            nobody = synthetic.sender(self._rooms.keystore)
            return Incoming(row.once_key.hex(), nobody, row.provider, row.received_at, text=opened.decode("utf-8", "replace"))
        raw = unpack(opened)
        if row.provider == updates.PROVIDER:
            return _telegram(raw, row)
        sms = self._provider(row).read(raw)
        return Incoming(sms.id, Address(Channel.SMS, sms.sender), row.provider, row.received_at, text=sms.text, sent_at=sms.sent_at)

    def _ours(self, row: Claimed, incoming: Incoming) -> Incoming | StaffWord | Echo:
        """A message of our own that came back through a gateway is no survivor's; every other one as it is."""
        if incoming.address.channel is not Channel.SMS:
            return incoming
        ours = self._loopback.read(incoming.provider, incoming.address.value, incoming.text, now=row.received_at)
        if isinstance(ours, DailyTest):
            return replace(incoming, address=synthetic.sender(self._rooms.keystore), text="SOS")
        if isinstance(ours, OwnPage):
            said = read_staff_word(ours.answer)
            return StaffWord(self._staff, incoming, said) if said is not None else Echo(incoming.provider, None)
        return ours or incoming

    def _provider(self, row: Claimed) -> SmsProvider:
        provider = self._providers.get(row.provider)
        if provider is None:
            raise Unreadable("the gateway is not set up any more")
        return provider

    def is_sos(self, opened: bytes) -> bool:
        """Whether an SOS word stands in the raw request, however it is escaped."""
        return any(self._conversation.sos_words(text) for text in _raw_texts(opened))

    def park(self, unit: Unit, row: Claimed, opened: bytes | None, danger: bool) -> None:  # noqa: FBT001
        """Leave a person a task; raise an alert where an SOS word was seen in what could not be read; answer whoever wrote it, if that is known.

        Raises only where the database or the keystore is away.
        """
        unread.left_to_a_person(
            unit,
            self._rooms,
            lambda: self._sender(unit, row, opened, danger=danger),
            words=self._words(row, opened) if danger else None,
        )

    def _sender(self, unit: Unit, row: Claimed, opened: bytes | None, *, danger: bool) -> tuple[Address, str] | None:
        """Who wrote it, and by which gateway: as the message says; where it cannot be read, whoever wrote from this address before.

        A member's own phone is nobody's here, unless it cries for help.
        """
        if row.kind is Source.STATUS:
            return None
        incoming = self._readable(row, opened)
        if incoming is not None:
            is_hers = incoming.kind is not Kind.BLOCKED and not _is_old_replay(incoming)
            is_hers = is_hers and (danger or not self._staff.is_staff(unit, incoming.address))
            return (incoming.address, incoming.provider) if is_hers else None
        contact = survivors.contact_of(unit.conn, row.sender_key)
        if contact is None:
            return None
        key = self._rooms.survivors.key_of(unit, contact.survivor_id)
        address = key.open(contact.address, table="contacts", column="address", row=contact.id).decode()
        return Address(Channel(contact.channel), address), row.provider

    def _readable(self, row: Claimed, opened: bytes | None) -> Incoming | None:
        try:
            return self._incoming(row, opened) if opened is not None else None
        except Exception:  # noqa: BLE001 - whatever it is that cannot be read
            return None

    def _words(self, row: Claimed, opened: bytes | None) -> str:
        """Her words, or the raw text in which an SOS word was seen; empty where even the search for it fails."""
        incoming = self._readable(row, opened)
        if incoming is not None and incoming.text:
            return incoming.text
        try:
            return next((text for text in _raw_texts(opened or b"") if self._conversation.sos_words(text)), "")
        except Exception:  # noqa: BLE001 - the alert counts without them
            return ""


def _is_old_replay(incoming: Incoming) -> bool:
    """Whether it was sent so long ago that a repeat would not be recognised. A time before this program is a gateway without a clock."""
    sent = incoming.sent_at
    return sent is not None and _FIRST_DAY < sent < incoming.received_at - KEPT


def _telegram(raw: RawRequest, row: Claimed) -> Incoming | None:
    try:
        json.loads(raw.body)
    except (ValueError, RecursionError):
        raise Unreadable("update") from None
    return updates.read(raw.body, received_at=row.received_at)


def _raw_texts(opened: bytes) -> list[str]:
    """The request as text: as it stands, and with its escapes undone."""
    try:
        raw = unpack(opened)
        parts = [raw.body, raw.query.encode()]
    except Unreadable:
        parts = [opened]
    found: list[str] = []
    for text in (part.decode("utf-8", "replace") for part in parts if part):
        found += [text, unquote_plus(text), *_strings(text)]
    return found


def _strings(text: str) -> list[str]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    waiting = [content]
    while waiting:  # gateways nest her words at any depth
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict | list):
            waiting.extend(one.values() if isinstance(one, dict) else one)
    return found
