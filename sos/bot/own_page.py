"""What the page of her own things may do for a browser: take her word, and tell whether it is open. Shows nothing by itself.

A right and a wrong word are taken the same way and answered with the same bytes (DOMAIN 8); the duress word raises an alert and looks like a wrong one.
After ten words in an hour that were not right the check word opens nothing any more, which nobody can see; the duress word is heard all the same.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from sos.alerts.states import Mark
from sos.bot.desk import RoomsDesk
from sos.bot.engine import State, fell_silent, unlocked
from sos.bot.flows import check
from sos.bot.flows.words import may_be_a_word
from sos.conversations import queries as conversations
from sos.db.database import Unit
from sos.rooms import Rooms
from sos.survivors.actions import Known
from sos.survivors.address import Address, Channel
from sos.survivors.keys import KeyGone
from sos.survivors.words import Word


def opened(rooms: Rooms, conn: Connection, token: str, now: datetime) -> Known | None:
    """She, where her check word was said and nothing fell silent since; None for everybody else, known or not."""
    known = rooms.survivors.find(conn, Address(Channel.WEB, token))
    if known is None:
        return None
    state = State.from_json(conversations.state_of(conn, survivor_id=known.id, key=known.key.raw))
    proven = state.verified and state.here == known.contact_id and not state.cover and not state.locked and not fell_silent(state, now)
    return known if proven else None


def opened_to_write(rooms: Rooms, unit: Unit, token: str) -> Known | None:
    """The same with her row locked, for what changes something of hers."""
    known = opened(rooms, unit.conn, token, unit.now)
    return replace(known, key=rooms.survivors.key_of(unit, known.id)) if known else None


def say(rooms: Rooms, unit: Unit, token: str, text: str) -> None:
    """Take what was typed as her word. Never tells whether it was one."""
    known = rooms.survivors.find(unit.conn, Address(Channel.WEB, token))
    if known is None:
        return
    try:
        rooms.survivors.key_of(unit, known.id)  # locks her row
    except KeyGone:
        return
    desk = RoomsDesk(rooms, unit, known)
    state = State.from_json(rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw))
    word = desk.said_word(text) if may_be_a_word(text) else None
    if word is Word.CHECK and len(check.tries(state, unit.now)) >= check.MOST_TRIES:
        word = None
    after = _after(desk, state, word)
    rooms.conversations.keep_state(unit, after.to_json(), survivor_id=known.id, key=known.key.raw)


def _after(desk: RoomsDesk, state: State, word: Word | None) -> State:
    if word is Word.CHECK:
        desk.check_word_said()
        shown = unlocked(state) if state.locked else state
        return replace(shown, verified=True, cover=False, at=desk.now.isoformat(), here=desk.known.contact_id)
    if word is Word.COVER:
        return replace(state, cover=True, verified=False)
    if word is Word.DURESS:
        if desk.open_alert() is None:
            desk.raise_alert("duress_word", "")
        desk.mark(Mark.DURESS)
        return state
    desk.mark(Mark.WRONG_WORD)
    return check.tried_again(state, desk.now)
