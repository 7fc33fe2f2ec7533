"""One message of hers, from reading to queued replies, inside the unit of work that the worker gives.

`read` is pure and happens before any lock. `take` does everything else: who writes, where she stands, what follows, and what she reads. It knows
no gateway; what cannot be told apart from outside (known or new, right or wrong word, something open or nothing) it answers with the same bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from sos.alerts.actions import OpenAlert, Raised
from sos.alerts.states import Mark, Note
from sos.bot.commands import BY_CATALOGUE, Commands, Said
from sos.bot.engine import Answer, State, locked_away
from sos.bot.flows.desk import Turn
from sos.bot.flows.routing import respond
from sos.bot.flows.words import may_be_a_word
from sos.bot.messages import Channel, Incoming, Kind, Reply
from sos.bot.rendering import Rendered, Renderer
from sos.bot.understanding.intents import Intent, Understanding
from sos.bot.understanding.normalise import is_cyrillic
from sos.bot.understanding.understander import Understander
from sos.conversations.actions import Direction
from sos.db.database import Unit
from sos.db.types import new_id
from sos.directory.categories import Category
from sos.directory.jurisdictions import Number
from sos.directory.matching.answer import Matched
from sos.directory.matching.wish import Wish
from sos.geo.naming import folded_name
from sos.geo.places import Located, Place
from sos.outbox import actions as outbox
from sos.outbox.states import KeyKind, Lane
from sos.rooms import Rooms
from sos.staff.states import TaskKind
from sos.survivors import phrases
from sos.survivors.actions import REPLY_WINDOW, Known
from sos.survivors.words import Word, plain
from sos.texts.catalogue import Texts
from sos.texts.gate import refusal
from sos.texts.script import Script

SHREDDED_AFTER: Final = timedelta(hours=1)
BY_PREFIX: Final[Mapping[str, str]] = {"+383": "sq", "+381": "sr", "+387": "bs", "+90": "tr"}
"""The language of a first answer, where her words did not tell hers."""
COUNTRY_OF: Final[Mapping[str, str]] = {"+383": "XK", "+381": "RS"}
_FEW_WORDS: Final = 3
_ONE_FOR_THE_OTHER: Final = {"sr", "bs"}
"""Too near each other to change over from a guess."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read, before anybody is looked up. `language`: what the page was shown in, where it says."""

    understood: Understanding
    command: Said | None = None
    located: Located | None = None
    language: str | None = None


class Conversation:
    """The conversation of one process."""

    def __init__(self, rooms: Rooms, understander: Understander) -> None:
        self._rooms = rooms
        self._understander = understander
        self._commands = Commands(_words(rooms.texts))

    @classmethod
    def load(cls, rooms: Rooms) -> Self:
        """With the lexicons of this installation."""
        return cls(rooms, Understander.load(rooms.config / "languages"))

    def sos_words(self, text: str) -> bool:
        """Whether an unmistakable word for help stands in a raw text: for what waits, and for what cannot be read."""
        return self._understander.sos_words(text)

    def read(self, incoming: Incoming, *, language: str | None = None) -> Reading:
        """What the message means. Pure; never raises for any text."""
        if incoming.kind is not Kind.TEXT:
            return Reading(Understanding(incoming.text, Intent.UNKNOWN), language=language)
        understood = self._understander.understand(incoming.text, language)
        located = self._rooms.gazetteer.locate(incoming.text)
        if _is_a_place(incoming.text, located):
            understood = Understanding(incoming.text, Intent.UNKNOWN, language=understood.language)
        return Reading(understood, self._commands.command_of(incoming.text), located, language)

    def take(self, unit: Unit, incoming: Incoming, reading: Reading) -> None:
        """Answer the message: all writes of it happen here, in `unit`, or none."""
        rooms = self._rooms
        known = rooms.survivors.meet(unit, incoming.address, incoming.provider)
        returned = self._returned(unit, incoming, known)
        if returned is not None:  # household words mean nothing here, whatever a lexicon makes of them
            known, incoming = returned, replace(incoming, text="")
            reading = Reading(Understanding("", Intent.UNKNOWN), language=reading.language)
        state = State.from_json(rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw))
        before = locked_away(state) if returned else state
        desk = RoomsDesk(rooms, unit, known)
        if incoming.kind is not Kind.BLOCKED:
            hidden = _is_secret(before, incoming, desk)
            desk.record({"text": "" if hidden else incoming.text, "kind": incoming.kind.value}, Direction.IN)
        here = _spoken(before, incoming, reading)
        answer = respond(_turn(here, desk, incoming, reading, self.renderer(here, known)))
        _Replies(self, unit, desk, known, here, answer).send()

    def _returned(self, unit: Unit, incoming: Incoming, known: Known) -> Known | None:
        """Who comes back by her code phrase: the same person, an empty box (DOMAIN 12). On the web only, and only into a new box."""
        words = plain(incoming.text).split()
        is_phrase = len(words) == phrases.COUNT and set(words) <= set(phrases.WORDS)
        if not (incoming.address.channel is Channel.WEB and known.new and is_phrase):
            return None
        return self._rooms.survivors.return_by_phrase(unit, incoming.address, incoming.text)

    def renderer(self, state: State, known: Known) -> Renderer:
        """How this person reads."""
        zone = self._rooms.jurisdictions.zone(state.country)
        default = next((code for prefix, code in BY_PREFIX.items() if known.address.value.startswith(prefix)), None)
        channel = known.address.channel
        return Renderer.for_state(state, self._rooms.texts, channel, zone, default=default if channel is Channel.SMS else None)


@dataclass(slots=True)
class _Replies:
    """Renders, checks, records and queues what follows from one message."""

    conversation: Conversation
    unit: Unit
    desk: "RoomsDesk"
    known: Known
    before: State
    answer: Answer

    def send(self) -> None:
        """Keep the state first: after an ERASE there is nobody to keep it for."""
        rooms = self.desk.rooms
        state = self.answer.state
        if self.desk.erased:
            self._send_as_stranger()
            return
        rooms.conversations.keep_state(self.unit, state.to_json(), survivor_id=self.known.id, key=self.known.key.raw)
        curtain = _curtain(self.before, state)
        for n, reply in enumerate(self.answer.replies):
            rendered = replace(self._rendered(reply), curtain=curtain if n == 0 else "")
            if not reply.secret:
                self.desk.record(rendered.as_body(), Direction.OUT)
            if self.known.address.channel is not Channel.WEB or reply.secret:
                self._queue(reply, rendered, key=self.known.key.raw, key_kind=KeyKind.PERSON, survivor_id=self.known.id, row=new_id())

    def _rendered(self, reply: Reply) -> Rendered:
        """Through the gate; what it refuses is replaced, and a person is told. An SOS is never held back."""
        state = self.answer.state
        renderer = self.conversation.renderer(state, self.known)
        rendered = renderer.render(reply, state.step)
        barred = self.desk.barred_numbers() if state.police_barred else ()
        why = refusal(" \n".join([rendered.text, *(button.label for button in rendered.buttons)]), barred_numbers=barred)
        if why is None:
            return rendered
        if not self.desk.erased:
            self.desk.leave_task(TaskKind.BLOCKED_TEXT)
        return renderer.stand_in(reply, state.step)

    def _send_as_stranger(self) -> None:
        """After an ERASE: by a transit key, shredded when sent; on the web into a new, empty box, which holds no number of hers."""
        rooms = self.desk.rooms
        if self.known.address.channel is Channel.WEB:
            self.known = rooms.survivors.meet(self.unit, self.known.address, self.known.provider)
            self.desk = RoomsDesk(rooms, self.unit, self.known)
            self.send()
            return
        for reply in self.answer.replies:
            row = new_id()
            key = rooms.keystore.new_transit_key(row, until=self.unit.now + SHREDDED_AFTER)
            self._queue(reply, self._rendered(reply), key=key, key_kind=KeyKind.TRANSIT, survivor_id=None, row=row)

    def _queue(self, reply: Reply, rendered: Rendered, *, key: bytes, key_kind: KeyKind, survivor_id: str | None, row: str) -> None:
        outbox.queue(
            self.unit,
            key=key,
            key_kind=key_kind,
            survivor_id=survivor_id,
            contact_id=self.known.contact_id,
            channel=self.known.address.channel.value,
            provider=self.known.provider,
            address=self.known.address.value,
            body=rendered.as_bytes(),
            lane=Lane.SOS if reply.urgent else Lane.REPLY,
            expires_at=self.unit.now + REPLY_WINDOW,
            outbox_id=row,
        )


@dataclass(slots=True)
class RoomsDesk:
    """The rooms as one message sees them: `Desk` of the flows, on the real rooms."""

    rooms: Rooms
    unit: Unit
    known: Known
    erased: bool = field(default=False)
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
        sealed = self.known.key.seal(note.encode(), table="tasks", column="note", row=self.known.id) if note else None
        self.rooms.tasks.leave(self.unit, kind=kind, survivor_id=self.known.id, note=sealed)

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


def _is_secret(state: State, incoming: Incoming, desk: "RoomsDesk") -> bool:
    """Whether the transcript keeps only that something was written: her agreed words, and what is tried as one."""
    if incoming.kind is not Kind.TEXT:
        return False
    tried = state.step in ("words.write", "check") and may_be_a_word(incoming.text)
    return tried or (may_be_a_word(incoming.text) and desk.said_word(incoming.text) is not None)


def _is_a_place(text: str, located: Located) -> bool:
    """Whether the whole message is the name of a place: some towns are called like words of danger (Gjakova holds "blood")."""
    name = folded_name(text)
    place = located.place
    return (
        place is not None
        and bool(name)
        and name in {folded_name(one) for one in (place.name, place.name_sq, place.name_sr, place.name_en, place.name_tr)}
    )


def _words(texts: Texts) -> Iterable[tuple[str, Any, list[str]]]:
    """Each language's own command words, from its catalogue."""
    for language in texts.languages:
        for command in BY_CATALOGUE:
            if texts.has(f"command.{command.value}", language):
                yield language, command, texts.say(f"command.{command.value}", language).split(",")


def _turn(state: State, desk: RoomsDesk, incoming: Incoming, reading: Reading, renderer: Renderer) -> Turn:
    point = None
    if incoming.latitude is not None and incoming.longitude is not None:
        point = incoming.latitude, incoming.longitude
    return Turn(
        state, desk, reading.understood, incoming.text, incoming.kind, reading.command, reading.located, point, labels=renderer.labels
    )


def _spoken(state: State, incoming: Incoming, reading: Reading) -> State:
    """Her language and script as this message tells them, until she chooses."""
    said = reading.understood.language
    if not state.chosen and said:
        another = {said, state.language} != _ONE_FOR_THE_OTHER and said != state.language
        plainly = len(incoming.text.split()) >= _FEW_WORDS and reading.understood.intent is not Intent.UNKNOWN
        if state.language is None or (another and plainly):
            state = replace(state, language=said)
    if state.language is None and reading.language:
        code, _, script = reading.language.partition("-")
        state = replace(state, language=code, script=Script.CYRILLIC if script == "Cyrl" else state.script)
    if incoming.address.channel is not Channel.SMS and not state.chosen and is_cyrillic(incoming.text):
        state = replace(state, script=Script.CYRILLIC)
    return state


def _curtain(before: State, after: State) -> str:
    """What the web page does with earlier lines: hidden when cover is put on, shown again by the check word."""
    if after.cover and not before.cover:
        return "drop"
    return "lift" if after.verified and not before.verified and not after.cover else ""
