"""What happens when a person who has an alert does not go on, when nobody reads it, and when she falls silent. Each looks again before it acts:
a deadline that no longer fits the alert does nothing.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from sos.alerts.book import Book
from sos.alerts.escalation.levels import Escalation
from sos.alerts.escalation.policy import kept
from sos.alerts.states import DEADLINES, FINAL, Alert, Clockwork
from sos.alerts.triage import Assessment, Urgency, raised
from sos.conversations.herald import Told
from sos.db.database import Unit
from sos.deadlines.actions import Due, Handler, set_deadline

_WAITS_FOR_REPLY: Final = frozenset({Alert.TAKEN, Alert.OPENED})


class Watching:
    """The handlers of an alert's own deadlines."""

    def __init__(self, book: Book, escalation: Escalation) -> None:
        self._book = book
        self._escalation = escalation

    def handlers(self) -> dict[str, Handler]:
        """Kind -> what it does, for the clockwork."""
        return {
            Clockwork.LEVEL.value: self._escalation.fire_level,
            Clockwork.REPLY.value: self.fire_reply,
            Clockwork.ACCEPT.value: self.fire_accept,
            Clockwork.IDLE.value: self.fire_idle,
            Clockwork.MISSED.value: self.fire_missed,
            Clockwork.SILENCE.value: self.fire_silence,
        }

    def fire_reply(self, unit: Unit, due: Due) -> None:
        """Three minutes after taking no person has answered."""
        row = self._book.row(unit, due.subject)
        if Alert(row.state) in _WAITS_FOR_REPLY and row.turn == due.level:
            self._escalation.lapse(unit, row, "no_reply")
            self._escalation.tell(unit, row, Told.REPAGED)

    def fire_accept(self, unit: Unit, due: Due) -> None:
        """Nobody has taken what was handed over."""
        row = self._book.row(unit, due.subject)
        if Alert(row.state) is Alert.HANDED_OVER and row.turn == due.level:
            self._escalation.lapse(unit, row, "not_accepted")
            self._escalation.tell(unit, row, Told.REPAGED)

    def fire_idle(self, unit: Unit, due: Due) -> None:
        """Answered, open, and for a whole shift nobody has touched it."""
        row = self._book.row(unit, due.subject)
        wait = DEADLINES[Alert.ANSWERED].after or timedelta(hours=8)
        if Alert(row.state) is not Alert.ANSWERED or row.turn != due.level:
            return
        touched = max(row.acted_at or row.raised_at, row.last_at)
        self._book.change(unit, row.id, turn=row.turn + 1)
        if touched + wait > unit.now:
            set_deadline(unit, kind=Clockwork.IDLE, subject=row.id, due=touched + wait, level=row.turn + 1)
            return
        self._book.append(unit, row, "idle")
        self._escalation.supervisors_and_next(unit, row)
        set_deadline(unit, kind=Clockwork.IDLE, subject=row.id, due=unit.now + wait, level=row.turn + 1)

    def fire_missed(self, unit: Unit, due: Due) -> None:
        """A fixed moment: she is told that nobody has read it, if that is true."""
        row = self._book.row(unit, due.subject)
        if Alert(row.state) in FINAL:
            return
        if not has_been_read(row):
            self._escalation.tell(unit, row, Told.MISSED, minutes=int((unit.now - row.raised_at).total_seconds() // 60))
        moments = kept(row.policy).tell_her_after
        later = [n for n in range(due.level + 1, len(moments)) if row.raised_at + timedelta(seconds=moments[n]) > unit.now]
        if later:  # of several that an outage passed over, she gets one
            at = row.raised_at + timedelta(seconds=moments[later[0]])
            set_deadline(unit, kind=Clockwork.MISSED, subject=row.id, due=at, level=later[0])

    def fire_silence(self, unit: Unit, due: Due) -> None:
        """She has not written for a while although it is open."""
        row = self._book.row(unit, due.subject)
        if Alert(row.state) in FINAL:
            return
        quiet_until = row.last_at + timedelta(seconds=kept(row.policy).silence_after)
        if quiet_until > unit.now:
            set_deadline(unit, kind=Clockwork.SILENCE, subject=row.id, due=quiet_until, level=due.level + 1)
            return
        raise_row(self._book, unit, row, "silence")


def has_been_read(row: Row[Any]) -> bool:
    """Whether a person has opened it since her last word."""
    return row.opened_at is not None and row.opened_at >= row.last_at


def raise_row(book: Book, unit: Unit, row: Row[Any], why: str) -> None:
    """Note one reason more; the urgency may rise by it."""
    known = Assessment(Urgency(row.urgency), tuple(row.reasons))
    after = raised(known, why)
    if after != known:
        book.change(unit, row.id, urgency=after.urgency.value, reasons=list(after.reasons))
        book.append(unit, row, f"urgency.{after.urgency.value}", why)
