"""What a person may do with an alert, by the name in the address. Each returns the sentence that is said after it; empty where the page shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sos.access.permission_map import Signed
from sos.alerts.bars import Found
from sos.alerts.errors import OutcomeNeeded
from sos.alerts.states import Alert, Outcome
from sos.alerts.triage import Urgency
from sos.console import case
from sos.console.times import later_today
from sos.conversations.herald import CannotTell, EmptyText
from sos.db.database import Unit
from sos.rooms import Rooms
from sos.staff.duty import rests
from sos.staff.members import queries as members
from sos.staff.states import TaskKind
from sos.survivors.aliases.actions import AliasTaken, BadAlias

LONGEST: Final = 2000
NUISANCE_DAYS: Final = (1, 3, 7)
RESTS: Final = "You are on a break: ordinary matters wait for others. End it above the queue to take this one."
LEAVES: Final = frozenset({"close", "false-alarm", "hand-over", "conflict"})
"""Acts after which the person goes back to the queue."""
NAMES_ANOTHER: Final = frozenset({"hand-over", "second-opinion"})
"""Acts that name a colleague, for whom the case may not exist."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: who, on what, with which form."""

    rooms: Rooms
    unit: Unit
    alert: Found
    by: Signed
    form: Mapping[str, str] = field(repr=False)

    @property
    def alert_id(self) -> str:
        return self.alert.id

    def text(self, name: str = "text") -> str:
        return self.form.get(name, "").strip()[:LONGEST]

    @property
    def alias(self) -> str:
        found = members.member(self.unit.conn, self.by.id)
        return found.alias if found else ""


def claim(doing: Doing) -> str:
    """Theirs; the answer to it is the case itself, whose showing is "opened"."""
    if doing.alert.urgency is Urgency.ORDINARY and doing.by.id in rests.resting(doing.unit.conn, doing.unit.now):
        return RESTS
    doing.rooms.alerts.take(doing.unit, doing.alert_id, doing.by.id, reads_at_once=True)
    return ""


def reply(doing: Doing) -> str:
    """An answer to an SOS leaves at once: it can never be taken back."""
    herald, who = doing.rooms.herald, _her(doing)
    herald.write(doing.unit, survivor_id=who, text=_written(doing), by=doing.by.id, alias=doing.alias, first=False)
    _answered(doing)
    return ""


def canned(doing: Doing) -> str:
    key = doing.form.get("key", "")
    if not key.startswith(case.CANNED) or key not in doing.rooms.texts.keys:
        raise EmptyText
    doing.rooms.herald.canned(doing.unit, survivor_id=_her(doing), key=key, by=doing.by.id, alias=doing.alias)
    _answered(doing)
    return ""


def spoken(doing: Doing) -> str:
    """She was answered by voice: by telephone or face to face."""
    if doing.text():
        doing.rooms.alerts.note(doing.unit, doing.alert_id, doing.by.id, doing.text())
    _answered(doing)
    return "Noted: you have spoken with her."


def hand_over(doing: Doing) -> str:
    to = doing.form.get("to") or None
    doing.rooms.alerts.hand_over(doing.unit, doing.alert_id, doing.by.id, to, doing.text())
    return "Handed over. It stands in the queue until the other person takes it."


def second_opinion(doing: Doing) -> str:
    doing.rooms.alerts.second_opinion(doing.unit, doing.alert_id, doing.by.id, doing.form.get("of", ""), doing.text())
    return "Asked for a second opinion. The alert stays yours."


def supervisor(doing: Doing) -> str:
    doing.rooms.alerts.call_supervisor(doing.unit, doing.alert_id, doing.by.id, doing.text())
    return "A supervisor is being paged. The alert stays yours."


def close(doing: Doing) -> str:
    chosen = doing.form.get("outcome", "")
    if chosen not in set(Outcome) - {Outcome.FALSE_ALARM}:
        raise OutcomeNeeded
    doing.rooms.alerts.close(doing.unit, doing.alert_id, doing.by.id, Outcome(chosen), doing.text())
    return "Closed."


def false_alarm(doing: Doing) -> str:
    doing.rooms.alerts.false_alarm(doing.unit, doing.alert_id, doing.by.id, doing.text())
    return "Closed as a false alarm."


def nuisance(doing: Doing) -> str:
    days = int(doing.form.get("days", "0")) if doing.form.get("days", "").isdecimal() else 0
    if days not in NUISANCE_DAYS:
        days = NUISANCE_DAYS[0]
    doing.rooms.alerts.mark_nuisance(doing.unit, doing.alert_id, doing.by.id, days)
    return f"Marked as a nuisance for {days} d: it stands lower, it is never hidden."


def note(doing: Doing) -> str:
    if not doing.text():
        raise EmptyText
    doing.rooms.alerts.note(doing.unit, doing.alert_id, doing.by.id, doing.text())
    return ""


def later(doing: Doing) -> str:
    """A task to write to her at a time of the hotline's clock."""
    due = later_today(doing.form.get("at", ""), doing.unit.now)
    who = _her(doing)
    key = case.key_of(doing.unit, doing.rooms, who)
    doing.rooms.tasks.leave(
        doing.unit,
        kind=TaskKind.CONTACT_HER,
        survivor_id=who,
        note=doing.text(),
        key=key.raw if key else None,
        due=due,
        alert_id=doing.alert_id,
        by=doing.by.id,
    )
    return "Left as a task. It comes into the queue at its time."


def alias(doing: Doing) -> str:
    who = _her(doing)
    key = case.key_of(doing.unit, doing.rooms, who)
    if key is None:
        raise CannotTell
    try:
        doing.rooms.aliases.give(doing.unit, who, doing.text("alias"), key=key.raw, by=doing.by.id)
    except AliasTaken:
        return "Another person has this alias. Choose another one."
    except BadAlias:
        return "An alias has 1 to 40 signs and is no number."
    return ""


def conflict(doing: Doing) -> str:
    """She (or he) is known to this person: from now on this case does not exist for this person."""
    doing.rooms.alerts.declare_conflict(doing.unit, doing.alert_id, doing.by.id)
    return "Noted. This case is no longer shown to you; a supervisor and the next person are being told."


def _answered(doing: Doing) -> None:
    """The first answer of the person who has it moves it on; an answer of somebody else's is no such move."""
    if doing.alert.taken_by == doing.by.id and doing.alert.state in (Alert.TAKEN, Alert.OPENED, Alert.ANSWERED):
        doing.rooms.alerts.answered(doing.unit, doing.alert_id, doing.by.id)


def _her(doing: Doing) -> str:
    if doing.alert.survivor_id is None:
        raise CannotTell
    return doing.alert.survivor_id


def _written(doing: Doing) -> str:
    if not doing.text():
        raise EmptyText
    return doing.text()


ACTS: Final[Mapping[str, Callable[[Doing], str]]] = {
    "claim": claim,
    "reply": reply,
    "canned": canned,
    "spoken": spoken,
    "hand-over": hand_over,
    "second-opinion": second_opinion,
    "supervisor": supervisor,
    "close": close,
    "false-alarm": false_alarm,
    "nuisance": nuisance,
    "note": note,
    "later": later,
    "alias": alias,
    "conflict": conflict,
}
