"""One message of hers, from reading to queued replies, inside the unit of work that the worker gives.

`read` is pure and happens before any lock. `take` does everything else: who writes, where she stands, what follows, and what she reads. It knows
no gateway; what cannot be told apart from outside (known or new, right or wrong word, something open or nothing) it answers with the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from sos.bot.answering import Replies, renderer_for
from sos.bot.commands import BY_CATALOGUE, Commands, Said
from sos.bot.desk import RoomsDesk
from sos.bot.engine import State, fell_silent, locked_away, on_another_device
from sos.bot.flows import evidence, join, own_plan
from sos.bot.flows.desk import Turn
from sos.bot.flows.routing import respond
from sos.bot.flows.shared import LIVE, MOVING
from sos.bot.flows.words import may_be_a_word
from sos.bot.messages import Channel, Incoming, Kind
from sos.bot.rendering import Renderer
from sos.bot.understanding.intents import Intent, Understanding
from sos.bot.understanding.normalise import is_cyrillic
from sos.bot.understanding.understander import Understander
from sos.conversations.actions import Direction
from sos.db.database import Unit
from sos.geo.naming import folded_name
from sos.geo.places import Located, Place
from sos.rooms import Rooms
from sos.survivors import phrases
from sos.survivors.actions import Known
from sos.survivors.words import Word, plain
from sos.texts.catalogue import Texts
from sos.texts.script import Script

_FEW_WORDS: Final = 3
_ONE_FOR_THE_OTHER: Final = {"sr", "bs"}
"""Too near each other to change over from a guess."""

_BEFORE_A_PLACE: Final = frozenset(
    {"u", "iz", "kod", "blizu", "na", "ne", "nga", "afer", "prej", "te", "in", "from", "near", "at", "mestu", "mjestu", "selu", "fshatin"}
)
"""Folded words that stand before the name of a place."""
_LONGEST_NAME: Final = 3
_PLAIN_NAME: Final = "Prizren,"
"""A name that sounds like nothing else; the comma parts it from what follows, as a name in a message often is."""
_SURE: Final = 0.95
_BY_ITSELF: Final = MOVING | {Kind.BLOCKED}
"""What her phone or Telegram sends, not she: it does not tell where she writes now."""
_KEPT_ELSEWHERE: Final = frozenset({own_plan.WRITING, evidence.WRITING, evidence.SENDING})
"""Steps at which what she writes stands where she wishes it kept, and nowhere else: so it can be erased alone, and no colleague reads it."""


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
        code = language.partition("-")[0] if language else None
        understood = self._understander.understand(incoming.text, code)
        located = self._rooms.gazetteer.locate(incoming.text)
        if _is_a_place(incoming.text, located):
            understood = Understanding(incoming.text, Intent.UNKNOWN, language=understood.language)
        elif understood.danger is not None and located.place is not None:
            understood = self._beside_the_place(understood, located.place, code)
        return Reading(understood, self._commands.command_of(incoming.text), located, language)

    def _beside_the_place(self, understood: Understanding, place: Place, language: str | None) -> Understanding:
        """The same, unless it is the name of a place alone that sounds like danger ("jam ne Bariljeve" holds no wound)."""
        words = understood.text.split()
        for start in range(1, len(words)):
            if folded_name(words[start - 1]) not in _BEFORE_A_PLACE:
                continue
            for end in range(min(start + _LONGEST_NAME, len(words)), start, -1):
                found = self._rooms.gazetteer.locate(" ".join(words[start:end]))
                if found.place is not None and found.place.id == place.id and found.confidence >= _SURE:
                    rest = self._understander.understand(" ".join([*words[:start], _PLAIN_NAME, *words[end:]]), language)
                    return understood if rest.danger is not None else replace(rest, text=understood.text)
        return understood

    def take(self, unit: Unit, incoming: Incoming, reading: Reading) -> None:
        """Answer the message: all writes of it happen here, in `unit`, or none."""
        rooms = self._rooms
        known = rooms.survivors.meet(unit, incoming.address, incoming.provider)
        returned = self._returned(unit, incoming, known)
        if returned is not None:  # household words mean nothing here, whatever a lexicon makes of them
            known, incoming = returned, replace(incoming, text="")
            reading = Reading(Understanding("", Intent.UNKNOWN), language=reading.language)
        state = State.from_json(rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw))
        desk = RoomsDesk(rooms, unit, known)
        by_itself = incoming.kind in _BY_ITSELF
        before = locked_away(state) if returned else state if by_itself else _met_here(state, desk)
        if incoming.kind is not Kind.BLOCKED and not (incoming.kind is Kind.LIVE_LOCATION and LIVE in before.told):
            hidden = _is_secret(before, incoming, desk)
            desk.record(_line(incoming, hidden=hidden), Direction.IN)
        here = _spoken(before, incoming, reading)
        answer = respond(_turn(here, desk, incoming, reading, renderer_for(rooms, here, known)))
        answer = replace(answer, state=replace(answer.state, here=state.here if by_itself else known.contact_id))
        Replies(unit, desk, known, here, answer, tap=incoming.tap).send()

    def _returned(self, unit: Unit, incoming: Incoming, known: Known) -> Known | None:
        """Who comes back by her code phrase: the same person, an empty box (DOMAIN 12). On the web only, and only into a new box."""
        words = plain(incoming.text).split()
        is_phrase = len(words) == phrases.COUNT and set(words) <= set(phrases.WORDS)
        if not (incoming.address.channel is Channel.WEB and known.new and is_phrase):
            return None
        return self._rooms.survivors.return_by_phrase(unit, incoming.address, incoming.text)


def _met_here(state: State, desk: RoomsDesk) -> State:
    return on_another_device(state, desk.known.contact_id, has_word=desk.has_word(Word.CHECK))


def _line(incoming: Incoming, *, hidden: bool) -> dict[str, Any]:
    """Her line of the transcript. On Telegram with its id, by which she may have it deleted from the chat."""
    body: dict[str, Any] = {"text": "" if hidden else incoming.text, "kind": incoming.kind.value}
    if hidden:
        body["masked"] = True
    if incoming.address.channel is Channel.TELEGRAM and incoming.provider_ref:
        body["ref"] = incoming.provider_ref
    return body


def _is_secret(state: State, incoming: Incoming, desk: RoomsDesk) -> bool:
    """Whether the transcript keeps only that something was written: her agreed words, what is tried as one, and what she has kept elsewhere."""
    if state.step in _KEPT_ELSEWHERE and not state.cover and incoming.kind in (Kind.TEXT, Kind.ATTACHMENT):
        return True
    if incoming.kind is not Kind.TEXT:
        return False
    if join.code_in(incoming.text) is not None:
        return True
    asked = state.step in ("words.write", "check") or (not state.cover and fell_silent(state, desk.now) and desk.has_word(Word.CHECK))
    tried = asked and may_be_a_word(incoming.text)
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
        state,
        desk,
        reading.understood,
        incoming.text,
        incoming.kind,
        reading.command,
        reading.located,
        point,
        incoming.sent_at,
        incoming.received_at,
        incoming.file,
        labels=renderer.labels,
    )


def _spoken(state: State, incoming: Incoming, reading: Reading) -> State:
    """Her language and script as this message tells them, until she chooses."""
    said = reading.understood.language if any(letter.isalpha() for letter in incoming.text) else None
    if not state.chosen and said:
        another = {said, state.language} != _ONE_FOR_THE_OTHER and said != state.language
        plainly = len(incoming.text.split()) >= _FEW_WORDS and reading.understood.intent is not Intent.UNKNOWN
        if state.language is None or (another and plainly):
            state = replace(state, language=said)
    code, _, script = (reading.language or "").partition("-")
    if state.language is None and code:
        state = replace(state, language=code)
    if not state.chosen and script == "Cyrl" and state.language == code:
        state = replace(state, script=Script.CYRILLIC)
    if incoming.address.channel is not Channel.SMS and not state.chosen and is_cyrillic(incoming.text):
        state = replace(state, script=Script.CYRILLIC)
    return state
