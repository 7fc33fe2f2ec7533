"""One person's case as whoever works on it reads it: lines, way, place, prepared texts. Every reading is audited in the same transaction.

Opens her key for this one unit of work; keeps nothing. Without her key (forgotten) there are no lines, and the page says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from sos.alerts import bars
from sos.console import phrasebook, rows, transcript, words
from sos.console.transcript import Entry, Line
from sos.conversations import queries as conversations
from sos.db.database import Unit
from sos.geo.places import Place
from sos.outbox import queries as outbox
from sos.outbox import undo
from sos.outbox.states import Outbox, Purpose
from sos.rooms import Rooms
from sos.survivors.calling import CallBack, calling
from sos.survivors.keys import KeyGone, PersonKey
from sos.survivors.reaching import Reachable, reachable

UNDO: Final = timedelta(seconds=30)
CANNED: Final = "staff.canned."


@dataclass(frozen=True, slots=True)
class Canned:
    """A prepared text: in her language, and in English for who reads it here."""

    key: str
    text: str
    english: str


@dataclass(frozen=True, slots=True)
class Case:
    """What there is of one person. `untold`: what she has not been told since she was last told something."""

    survivor_id: str
    forgotten: bool
    alias: str = ""
    lines: tuple[Line, ...] = field(default=(), repr=False)
    reach: Reachable | None = None
    language: str = ""
    place: Place | None = field(default=None, repr=False)
    away: tuple[str, ...] = field(default=(), repr=False)
    police_barred: bool = False
    cover: bool = False
    untold: tuple[str, ...] = ()
    canned: tuple[Canned, ...] = ()
    phrases: tuple[Canned, ...] = ()
    mark: str = ""
    wanted: str = ""
    shared: tuple[str, ...] = ()
    """ids of the evidence that she lets colleagues see"""

    @property
    def speaks(self) -> str:
        """Her language in English."""
        return words.of(words.LANGUAGES, self.language) if self.language else "language not known"


def key_of(unit: Unit, rooms: Rooms, survivor_id: str | None) -> PersonKey | None:
    """Her key; None where it was destroyed."""
    if survivor_id is None:
        return None
    try:
        return rooms.survivors.key_of(unit, survivor_id)
    except KeyGone:
        return None


def read(unit: Unit, rooms: Rooms, survivor_id: str, *, viewer: str, entries: Sequence[Entry] = ()) -> Case:
    """Open the case for this member, and note that she read it."""
    key = key_of(unit, rooms, survivor_id)
    if key is None:
        return Case(survivor_id, forgotten=True, lines=tuple(_lines(unit, rooms, survivor_id, None, entries)))
    rooms.audit.record(unit, "case.read", subject=survivor_id, actor=viewer)
    state = rooms.conversations.state(unit, survivor_id=survivor_id, key=key.raw)
    language = str(state.get("language") or "")
    place = rooms.gazetteer.place(str(state["place"])) if state.get("place") else None
    wish: Any = state.get("wish")
    return Case(
        survivor_id,
        forgotten=False,
        alias=rooms.aliases.alias_of(unit.conn, survivor_id, key=key.raw) or "",
        lines=tuple(_lines(unit, rooms, survivor_id, key, entries)),
        reach=reachable(unit.conn, survivor_id, key, unit.now),
        language=language,
        place=place,
        away=tuple(str(one) for one in state.get("away_from") or ()),
        police_barred=bool(state.get("police_barred")),
        cover=bool(state.get("cover")),
        untold=tuple(_untold(unit, survivor_id)),
        canned=_canned(rooms, language),
        phrases=tuple(Canned(one.key, rooms.texts.say(one.key, language or "en"), one.english) for one in phrasebook.book(rooms.texts)),
        mark=mark(unit.conn, survivor_id),
        shared=tuple(rooms.evidence_reading.shared(unit.conn, survivor_id)),
        wanted=str(wish.get("category") or "") if isinstance(wish, Mapping) else "",
    )


def call_back(unit: Unit, rooms: Rooms, survivor_id: str, *, by: str) -> CallBack:
    """Her number with her rule for calls; who saw it is noted in the same transaction. The caller has seen to it that the case exists for `by`."""
    key = key_of(unit, rooms, survivor_id)
    if key is None:
        return CallBack("", known=False, said=None, hours_now=False)
    found = calling(unit.conn, survivor_id, key, unit.now, sos_open=bars.open_of(unit.conn, survivor_id) is not None)
    rooms.audit.record(unit, "survivor.number_shown" if found.value else "survivor.number_asked", subject=survivor_id, actor=by)
    return found


def of_nobody(unit: Unit, rooms: Rooms, entries: Sequence[Entry]) -> Case:
    """An alert without a person: what stands on it, and nothing else."""
    return Case("", forgotten=True, lines=tuple(_lines(unit, rooms, "", None, entries)))


def mark(conn: Connection, survivor_id: str | None) -> str:
    """What changes when a line comes, goes or is delivered. Opens nothing."""
    if survivor_id is None:
        return ""
    return f"{conversations.latest(conn, survivor_id)}-{outbox.mark(conn, survivor_id)}"


def _lines(unit: Unit, rooms: Rooms, survivor_id: str, key: PersonKey | None, entries: Sequence[Entry]) -> list[Line]:
    said = conversations.lines(unit.conn, survivor_id=survivor_id, key=key.raw) if key else []
    ids = transcript.outbox_ids(said)
    return transcript.lines(
        said,
        entries,
        states=outbox.states_of(unit.conn, ids),
        undo=undo.delayed(unit.conn, ids, unit.now),
        aliases=rows.aliases_of(unit.conn),
        places={text: where(rooms, text) for entry in entries if entry.kind == "place" and (text := entry.text or "")},
    )


def where(rooms: Rooms, place_id: str) -> str:
    """A place by name."""
    place = rooms.gazetteer.place(place_id)
    if place is None:
        return place_id
    return place.name if place.name == place.municipality else f"{place.name}, {place.municipality}"


def _untold(unit: Unit, survivor_id: str) -> list[str]:
    found = []
    for one in outbox.untold(unit.conn, survivor_id):
        what = {Purpose.STATE: "what became of her alert", Purpose.UNSOLICITED: "an unasked text"}.get(one.purpose, "an answer")
        why = {Outbox.HELD: "held, safe contact forbids it now", Outbox.EXPIRED: "too old"}.get(one.state, "failed")
        found.append(f"{what} ({why})")
    return list(dict.fromkeys(found))


def _canned(rooms: Rooms, language: str) -> tuple[Canned, ...]:
    keys = [key for key in rooms.texts.keys if key.startswith(CANNED) and not key.startswith(phrasebook.PREFIX)]
    return tuple(Canned(key, rooms.texts.say(key, language or "en"), rooms.texts.say(key, "en")) for key in keys)
