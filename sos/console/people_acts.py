"""What a person may do with a contact outside an alert: write (with 30 seconds to take it back), note a time, an alias, her rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sos.access.permission_map import Signed
from sos.alerts import bars
from sos.console import case
from sos.console.times import later_today
from sos.conversations import queries as conversations
from sos.conversations.herald import CannotTell, EmptyText
from sos.db.database import Unit
from sos.outbox import undo
from sos.rooms import Rooms
from sos.staff.members import queries as members
from sos.staff.states import TaskKind
from sos.survivors.aliases.actions import AliasTaken, BadAlias
from sos.survivors.contact_rules import actions as contact_rules
from sos.survivors.contact_rules.rules import Calls, Rules, spans
from sos.survivors.keys import PersonKey

LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: who, for whom, with which form."""

    rooms: Rooms
    unit: Unit
    survivor_id: str
    by: Signed
    form: Mapping[str, str] = field(repr=False)

    def text(self, name: str = "text") -> str:
        return self.form.get(name, "").strip()[:LONGEST]

    @property
    def key(self) -> PersonKey:
        """Her key. Raises CannotTell where she was forgotten."""
        found = case.key_of(self.unit, self.rooms, self.survivor_id)
        if found is None:
            raise CannotTell
        return found

    @property
    def my_alias(self) -> str:
        found = members.member(self.unit.conn, self.by.id)
        return found.alias if found else ""


def reply(doing: Doing) -> str:
    """Her window open: an answer; else something unasked, which must be neutral and in her hours. The herald decides and the gate refuses."""
    if not doing.text():
        raise EmptyText
    line = doing.rooms.herald.write(
        doing.unit, survivor_id=doing.survivor_id, text=doing.text(), by=doing.by.id, alias=doing.my_alias, first=True
    )
    return _may_be_taken_back(doing, line)


def canned(doing: Doing) -> str:
    key = doing.form.get("key", "")
    line = doing.rooms.herald.canned(doing.unit, survivor_id=doing.survivor_id, key=key, by=doing.by.id, alias=doing.my_alias)
    return _may_be_taken_back(doing, line)


def _may_be_taken_back(doing: Doing, line_id: str) -> str:
    """An ordinary message waits 30 seconds; with an open alert it leaves at once."""
    if bars.open_of(doing.unit.conn, doing.survivor_id) is not None:
        return ""
    row = _outbox(doing, line_id)
    if row:
        undo.delay(doing.unit, row, doing.unit.now + case.UNDO)
    return ""


def take_back(doing: Doing) -> str:
    """Remove it before it leaves."""
    line_id = doing.form.get("line", "")
    row = _outbox(doing, line_id)
    if not row or not undo.take_back(doing.unit, row):
        return "Too late: it has left."
    doing.rooms.conversations.take_back(doing.unit, line_id, survivor_id=doing.survivor_id)
    doing.rooms.audit.record(doing.unit, "message.taken_back", subject=line_id, actor=doing.by.id)
    return "Taken back: it was not sent."


def _outbox(doing: Doing, line_id: str) -> str:
    said = conversations.line(doing.unit.conn, line_id, survivor_id=doing.survivor_id, key=doing.key.raw)
    return str(said.body.get("outbox") or "") if said else ""


def later(doing: Doing) -> str:
    due = later_today(doing.form.get("at", ""), doing.unit.now)
    doing.rooms.tasks.leave(
        doing.unit,
        kind=TaskKind.CONTACT_HER,
        survivor_id=doing.survivor_id,
        note=doing.text(),
        key=doing.key.raw,
        due=due,
        by=doing.by.id,
    )
    return "Left as a task. It comes into the queue at its time."


def alias(doing: Doing) -> str:
    try:
        doing.rooms.aliases.give(doing.unit, doing.survivor_id, doing.text("alias"), key=doing.key.raw, by=doing.by.id)
    except AliasTaken:
        return "Another person has this alias. Choose another one."
    except BadAlias:
        return "An alias has 1 to 40 signs and is no number."
    return ""


def rules(doing: Doing) -> str:
    """What she said: when something neutral may be written to her unasked. Nothing said means never."""
    start, end = _minute(doing.form.get("from", "")), _minute(doing.form.get("to", ""))
    hours = spans(start, end) if start is not None and end is not None else ()
    calls = doing.form.get("calls", "")
    kept = Rules(hours=hours, calls=Calls(calls) if calls in set(Calls) else Calls.NEVER)
    contact_rules.keep(doing.unit, doing.survivor_id, doing.key, kept)
    doing.rooms.audit.record(doing.unit, "survivor.contact_rules", subject=doing.survivor_id, actor=doing.by.id)
    return "Kept, as she said it."


def _minute(clock: str) -> int | None:
    hours, _, minutes = clock.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()) or int(hours) > 23 or int(minutes) > 59:
        return None
    return int(hours) * 60 + int(minutes)


ACTS: Final[Mapping[str, Callable[[Doing], str]]] = {
    "reply": reply,
    "canned": canned,
    "take-back": take_back,
    "later": later,
    "alias": alias,
    "rules": rules,
}
