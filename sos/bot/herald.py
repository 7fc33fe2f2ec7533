"""Tells her what became of her alert, and brings a person's words to her: in her language, through the gate, within safe contact.

Nothing here decides about an alert. Whoever holds her phone learns nothing that she would not have learnt by writing: under cover, after silence,
after she left, or outside her reply window she is not told, and the outbox says so (DOMAIN 4, 7, 8, 9, 17).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sos.bot.answering import queue_for, refused, renderer_for
from sos.bot.desk import RoomsDesk
from sos.bot.engine import State, fell_silent
from sos.bot.flows import numbers
from sos.bot.flows.leave import LEFT
from sos.bot.flows.sos import RAISED_HERE
from sos.bot.messages import Channel, Reply
from sos.bot.rendering import Rendered
from sos.conversations.actions import Direction
from sos.conversations.herald import NEEDS_ALIAS, CannotTell, EmptyText, Refused, Told
from sos.db.database import Unit
from sos.db.types import new_id
from sos.db.wake import Topic
from sos.outbox import keeping
from sos.outbox.states import KeyKind, Lane, Purpose
from sos.rooms import Rooms
from sos.staff.states import TaskKind
from sos.survivors import safe_contact
from sos.survivors.actions import Known
from sos.survivors.contact_rules import actions as contact_rules
from sos.survivors.safe_contact import Verdict
from sos.texts.gate import refusal
from sos.texts.script import Script
from sos.texts.segments import plain_letters

STATE_LASTS: Final = timedelta(minutes=10)
"""What became of an alert is true for so long; a person's words as long as her window."""
UNASKED_LASTS: Final = timedelta(hours=1)
LONGEST: Final = 1_000
"""Letters of one message of a person: seven SMS."""
_WITH_NUMBERS: Final = frozenset({Told.MISSED, Told.NOBODY_ON_DUTY})
_OF_ALERTS: Final = frozenset(Told) - {Told.CHECK_IN_GAP, Told.CHECK_IN_STAFFED}
_UNASKED: Final = "unasked.changed"


@dataclass(frozen=True, slots=True)
class _Her:
    """Who is told, for this unit of work."""

    known: Known
    window_until: datetime
    state: State
    desk: RoomsDesk

    @property
    def hears(self) -> bool:
        """Whether her own message lets anything through now."""
        return self.desk.now <= self.window_until


class BotHerald:
    """The herald of one process."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def tell(self, unit: Unit, *, told: Told, alert_id: str, survivor_id: str | None, params: Mapping[str, object]) -> bool:
        """See `sos.conversations.herald.Herald`."""
        her = self._her(unit, survivor_id)
        if her is None:
            return False
        if told in NEEDS_ALIAS and not params.get("alias"):
            raise ValueError(f"{told.value} needs an alias")
        rendered = self._rendered(her, _reply(told, her, params))
        why = _silent(her, of_alert=told in _OF_ALERTS) or ("hold" if not her.hears else None)
        if rendered is None:
            her.desk.leave_task(TaskKind.BLOCKED_TEXT)
            return False
        if why == "hold" and told is Told.CHECK_IN_GAP and self._unasked(unit, her):
            return False  # she knows that something changed; what it is she reads when she writes
        line = rendered.as_body() | {"told": told.value, "about": alert_id}
        self._leave(unit, her, line, rendered.as_bytes(), purpose=Purpose.STATE, lane=Lane.SOS, lasts=STATE_LASTS, why=why)
        return why is None

    def write(self, unit: Unit, *, survivor_id: str, text: str, by: str, alias: str, first: bool) -> str:
        """See `sos.conversations.herald.Herald`."""
        her = self._her(unit, survivor_id)
        if her is None:
            raise CannotTell
        words = " ".join(text.split()) if her.known.address.channel is Channel.SMS else text.strip()
        if not words or len(words) > LONGEST:
            raise EmptyText
        return self._say(unit, her, words, her.state.language or "", by=by, alias=alias, first=first)

    def canned(self, unit: Unit, *, survivor_id: str, key: str, by: str, alias: str) -> str:
        """See `sos.conversations.herald.Herald`."""
        her = self._her(unit, survivor_id)
        if her is None:
            raise CannotTell
        if not (key.startswith("staff.canned.") or self._rooms.texts.is_neutral(key)) or key not in self._rooms.texts.keys:
            raise EmptyText
        rendered = renderer_for(self._rooms, her.state, her.known).render(Reply(key, bare=True), "")
        return self._say(unit, her, rendered.text, rendered.language, by=by, alias=alias, first=self._rooms.texts.is_neutral(key))

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> bool:
        """See `sos.conversations.herald.Herald`."""
        her = self._her(unit, survivor_id)
        if her is None:
            return False
        said = " ".join(words.split())
        if her.known.address.channel is Channel.SMS and her.state.script is not Script.CYRILLIC:
            said = plain_letters(said, her.state.language or "")
        if not said or refusal(said, neutral=True, not_neutral=self._not_neutral()) is not None:
            her.desk.leave_task(TaskKind.BLOCKED_TEXT)
            return False
        sends = self._verdict(unit, her, Purpose.UNSOLICITED) is Verdict.SEND
        why = "cover" if her.state.cover else None if sends else "hold"
        rendered = Rendered(said, neutral_line=self._neutral_line(her), language=her.state.language or "")
        line = rendered.as_body() | {"reminder": True}
        self._leave(unit, her, line, rendered.as_bytes(), purpose=Purpose.UNSOLICITED, lane=Lane.SERVICE, lasts=UNASKED_LASTS, why=why)
        return why is None

    def _say(self, unit: Unit, her: _Her, words: str, language: str, *, by: str, alias: str, first: bool) -> str:
        """A person's words, as they are: plain letters where her phone needs them, refused where the gate refuses them."""
        unasked = first and not her.hears
        code = her.state.language or ""
        if her.known.address.channel is Channel.SMS and her.state.script is not Script.CYRILLIC:
            words = plain_letters(words, code)
        rendered = Rendered(words, neutral_line=self._neutral_line(her), language=language)
        not_neutral = self._not_neutral() if unasked else ()
        barred = her.desk.barred_numbers() if her.state.police_barred else ()
        found = refusal(words, barred_numbers=barred, neutral=unasked, not_neutral=not_neutral)
        if found is not None:
            raise Refused(found.value)
        purpose = Purpose.UNSOLICITED if unasked else Purpose.STATE
        why = _silent(her, of_alert=False) if not unasked else ("cover" if her.state.cover else None)
        why = why or ("hold" if self._verdict(unit, her, purpose) is not Verdict.SEND else None)
        line = rendered.as_body() | {"by": by, "alias": alias}
        lane, lasts = (Lane.SERVICE, UNASKED_LASTS) if unasked else (Lane.SOS, her.window_until - unit.now)
        return self._leave(unit, her, line, rendered.as_bytes(), purpose=purpose, lane=lane, lasts=lasts, why=why)

    def _unasked(self, unit: Unit, her: _Her) -> bool:
        """A neutral word that something has changed, where her own rules let it leave; False where they do not."""
        if her.state.cover or self._verdict(unit, her, Purpose.UNSOLICITED) is not Verdict.SEND:
            return False
        rendered = renderer_for(self._rooms, her.state, her.known).render(Reply(_UNASKED, bare=True), "")
        if refusal(rendered.text, neutral=True, not_neutral=self._not_neutral()) is not None:
            return False
        body = rendered.as_body()
        self._leave(unit, her, body, rendered.as_bytes(), purpose=Purpose.UNSOLICITED, lane=Lane.SERVICE, lasts=UNASKED_LASTS, why=None)
        return True

    def _leave(
        self, unit: Unit, her: _Her, line: dict[str, Any], body: bytes, *, purpose: Purpose, lane: Lane, lasts: timedelta, why: str | None
    ) -> str:
        """Into the transcript and on its way; or kept back, so that the console shows that she has not been told. Returns the line's id."""
        row, page = new_id(), her.known.address.channel is Channel.WEB
        queue_for(
            unit,
            her.known,
            body,
            key=her.known.key.raw,
            key_kind=KeyKind.PERSON,
            survivor_id=her.known.id,
            lane=lane,
            outbox_id=row,
            purpose=purpose,
            lasts=lasts,
        )
        if why is not None:
            keeping.keep_back(unit, row, why=why)
        elif page:
            keeping.shown(unit, row)
        unseen = {"unseen": True} if why is not None and page else {}
        line_id = self._rooms.conversations.record(
            unit,
            line | {"outbox": row} | unseen,
            survivor_id=her.known.id,
            key=her.known.key.raw,
            contact_id=her.known.contact_id,
            direction=Direction.OUT,
        )
        self._rooms.wake.ring(unit, Topic.OUTBOX)
        return line_id

    def _her(self, unit: Unit, survivor_id: str | None) -> _Her | None:
        found = self._rooms.survivors.reached(unit, survivor_id) if survivor_id else None
        if found is None:
            return None
        known, window_until = found
        state = State.from_json(self._rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw))
        return _Her(known, window_until, state, RoomsDesk(self._rooms, unit, known))

    def _rendered(self, her: _Her, reply: Reply) -> Rendered | None:
        """Through the gate; None where it refuses: a text that is not true, or not hers to read, is not replaced by another."""
        rendered = renderer_for(self._rooms, her.state, her.known).render(reply, "")  # urgent: no button stands beside it
        return rendered if refused(her.desk, her.state, rendered) is None else None

    def _neutral_line(self, her: _Her) -> str:
        if her.known.address.channel is not Channel.TELEGRAM:
            return ""
        return renderer_for(self._rooms, her.state, her.known).say("telegram.line")

    def _verdict(self, unit: Unit, her: _Her, purpose: Purpose) -> Verdict:
        rules = contact_rules.rules_of(unit.conn, her.known.id, her.known.key) if purpose is Purpose.UNSOLICITED else None
        return safe_contact.ask(
            now=unit.now,
            window_until=her.window_until,
            expires_at=unit.now + UNASKED_LASTS,
            purpose=purpose,
            rules=rules,
            channel=her.known.address.channel,
        )

    def _not_neutral(self) -> tuple[str, ...]:
        return self._rooms.texts.telling_words()


def _silent(her: _Her, *, of_alert: bool) -> str | None:
    """Why nothing of hers may show on this device now, although she could be reached; None where it may."""
    state = her.state
    if state.cover:
        return "cover"
    if LEFT in state.told:
        return "left"
    if state.locked or fell_silent(state, her.desk.now) or (of_alert and RAISED_HERE not in state.told):
        return "silence"
    return None


def _reply(told: Told, her: _Her, params: Mapping[str, object]) -> Reply:
    """The text of a change, with the numbers of where she is; none of an authority for who wants no police."""
    key, values = f"told.{told.value}", {"time": her.desk.now, **params}
    if told in _WITH_NUMBERS:
        call, doctor = numbers.danger(her.state, her.desk), numbers.ambulance(her.state, her.desk)
        if call:
            values |= {"danger": call}
        elif doctor:
            key, values = f"{key}.no_police", values | {"ambulance": doctor}
        else:
            key = f"{key}.no_number"
    elif told is Told.HANDED_OVER and not params.get("alias"):
        key = f"{key}.next"
    return Reply(key, values, urgent=True)
