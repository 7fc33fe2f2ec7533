"""What people on duty do with an alert: take, open, answer, hand over, ask, end. Each act is a move by compare-and-set: of two who take at once
one gets it, the other AlreadyMoved. For whom the case is barred it does not exist. Only a person ends an alert, and says how it ended.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, func, select, update

from sos.alerts.book import ALERTS, Book, bar, barred
from sos.alerts.errors import AlreadyMoved, AtCapacity, Conflicted, NotYours, OutcomeNeeded
from sos.alerts.escalation.levels import Escalation
from sos.alerts.escalation.watching import raise_row
from sos.alerts.models import AlertRow
from sos.alerts.states import DEADLINES, FINAL, HELD, UNTAKEN, Alert, Clockwork, Note, Outcome
from sos.alerts.triage import Urgency
from sos.conversations.herald import Told
from sos.db.database import Unit
from sos.deadlines.actions import cancel, set_deadline

_WORKED_ON: Final = frozenset({Alert.TAKEN, Alert.OPENED, Alert.ANSWERED, Alert.HANDED_OVER})
LONGEST_NUISANCE: Final = timedelta(days=30)


class Handling:
    """The writes that people cause. `by`: member id. Every act raises NoSuchAlert (Conflicted), AlreadyMoved, sos.transitions.IllegalMove."""

    def __init__(self, book: Book, escalation: Escalation, *, closing: Callable[[Unit, str], None], load_cap: int) -> None:
        self._book = book
        self._escalation = escalation
        self._closing = closing
        self._load_cap = load_cap

    def take(self, unit: Unit, alert_id: str, by: str, *, reads_at_once: bool = False) -> None:
        """She takes it: no page goes on, and she has three minutes to answer. Raises AtCapacity for an ordinary matter only.

        `reads_at_once`: the case opens before her with this click, so the survivor hears one thing, from `opened`: that a person has read it.
        """
        row = self._book.row_for(unit, alert_id, by)
        if Alert(row.state) not in UNTAKEN and Alert(row.state) is not Alert.HANDED_OVER:
            raise AlreadyMoved("alerts")
        if Urgency(row.urgency) is Urgency.ORDINARY and row.handed_to != by and self.load(unit, by) >= self._load_cap:
            raise AtCapacity
        turn = row.turn + 1
        self._book.move(unit, row, "take", taken_by=by, handed_to=None, turn=turn, acted_at=unit.now)
        self._escalation.halt(unit, row.id)
        cancel(unit, kind=Clockwork.ACCEPT, subject=row.id)
        self._wait(unit, row, Alert.TAKEN, turn)
        self._did(unit, row, "taken", by)
        if not reads_at_once:
            self._escalation.tell(unit, row, Told.TAKEN)

    def opened(self, unit: Unit, alert_id: str, by: str) -> None:
        """She has opened and read it; only now is the survivor told that a person has. Opening again changes nothing but the time."""
        row = self._book.row_for(unit, alert_id, by)
        if row.taken_by != by:
            raise NotYours
        if Alert(row.state) is not Alert.TAKEN:
            self._book.change(unit, row.id, opened_at=unit.now)
            return
        self._book.move(unit, row, "open", opened_at=unit.now, acted_at=unit.now)
        self._did(unit, row, "opened", by)
        self._escalation.tell(unit, row, Told.OPENED, alias=self._alias(unit, row, by))

    def answered(self, unit: Unit, alert_id: str, by: str) -> None:
        """A person has written or spoken to her; the three minutes are kept."""
        row = self._mine(unit, alert_id, by)
        now = {"answered_at": unit.now, "opened_at": row.opened_at or unit.now, "acted_at": unit.now}
        if Alert(row.state) is Alert.ANSWERED:
            self._book.change(unit, row.id, **now)
            return
        turn = row.turn + 1
        self._book.move(unit, row, "answer", turn=turn, **now)
        cancel(unit, kind=Clockwork.REPLY, subject=row.id)
        self._wait(unit, row, Alert.ANSWERED, turn)
        self._did(unit, row, "answered", by)

    def hand_over(self, unit: Unit, alert_id: str, by: str, to: str | None, note: str) -> None:
        """Offer it to another person (None: everyone else on duty), with a note. Not taken in three minutes, everyone is paged again."""
        row = self._mine(unit, alert_id, by)
        staff = self._escalation.staff(unit, row)
        if to is not None and (to == by or to not in {person.id for person in staff.answering}):
            raise Conflicted
        turn = row.turn + 1
        self._book.move(unit, row, "hand_over", taken_by=None, handed_to=to, turn=turn, acted_at=unit.now)
        for kind in (Clockwork.REPLY, Clockwork.IDLE):
            cancel(unit, kind=kind, subject=row.id)
        self._wait(unit, row, Alert.HANDED_OVER, turn)
        self._did(unit, row, Note.HAND_OVER.value, by, note)
        others = [to] if to is not None else [person.id for person in staff.answering if person.id in staff.on_duty and person.id != by]
        if not self._escalation.page_members(unit, row, others):
            self._escalation.supervisors_and_next(unit, row)
        self._escalation.tell(unit, row, Told.HANDED_OVER, **({"alias": self._alias(unit, row, to)} if to else {}))

    def second_opinion(self, unit: Unit, alert_id: str, by: str, of: str, note: str) -> None:
        """Ask a colleague to look; who has it keeps it. Raises Conflicted where the case does not exist for the colleague."""
        row = self._mine(unit, alert_id, by)
        if of not in {person.id for person in self._escalation.staff(unit, row).answering}:
            raise Conflicted
        self._did(unit, row, Note.SECOND_OPINION.value, by, note)
        self._escalation.page_members(unit, row, [of])

    def call_supervisor(self, unit: Unit, alert_id: str, by: str, note: str) -> None:
        """Page the supervisors at once; who has it keeps it."""
        row = self._book.row_for(unit, alert_id, by)
        self._did(unit, row, Note.SUPERVISOR.value, by, note)
        self._escalation.supervisors_and_next(unit, row)

    def note(self, unit: Unit, alert_id: str, by: str, text: str) -> None:
        """Write something down for colleagues; she never sees it."""
        self._did(unit, self._book.row_for(unit, alert_id, by), Note.STAFF.value, by, text)

    def raise_urgency(self, unit: Unit, alert_id: str, why: str) -> None:
        """One reason more; it may raise the urgency and never lowers it."""
        row = self._book.row(unit, alert_id)
        raise_row(self._book, unit, row, why[:32])

    def close(self, unit: Unit, alert_id: str, by: str, outcome: Outcome, note: str) -> None:
        """A person who has opened it ends it and says how it ended. Raises OutcomeNeeded."""
        if not isinstance(outcome, Outcome) or outcome is Outcome.FALSE_ALARM:
            raise OutcomeNeeded
        self._end(unit, alert_id, by, "close", outcome, note)

    def false_alarm(self, unit: Unit, alert_id: str, by: str, note: str) -> None:
        """A person who has opened it found that it is none."""
        self._end(unit, alert_id, by, "false_alarm", Outcome.FALSE_ALARM, note)

    def _end(self, unit: Unit, alert_id: str, by: str, move: str, outcome: Outcome, note: str) -> None:
        row = self._mine(unit, alert_id, by)
        self._book.move(unit, row, move, closed_at=unit.now, closed_by=by, acted_at=unit.now, outcome=outcome.value)
        self._did(unit, row, Note.OUTCOME.value, by, note)
        self._escalation.halt(unit, row.id)
        for kind in Clockwork:
            cancel(unit, kind=kind, subject=row.id)
        if self._book.drop_points(unit, row.id):
            self._escalation.tell(unit, row, Told.STOP_SHARING)
        self._escalation.tell(unit, row, Told.CLOSED)
        if row.survivor_id is not None:
            self._closing(unit, row.survivor_id)

    def mark_nuisance(self, unit: Unit, alert_id: str, by: str, days: int) -> None:
        """For so many days (1 to 30) it stands lower in the queue; it is neither hidden nor paged less. Raises ValueError."""
        if not 1 <= days <= LONGEST_NUISANCE.days:
            raise ValueError("a nuisance mark lasts 1 to 30 days")
        row = self._mine(unit, alert_id, by)
        self._book.change(unit, row.id, nuisance_until=unit.now + timedelta(days=days))
        self._did(unit, row, "nuisance", by)

    def declare_conflict(self, unit: Unit, alert_id: str, member_id: str, by: str | None = None) -> None:
        """From now on her case does not exist for this member. Whoever is left on duty goes on; where nobody is, supervisors and the next
        person are paged at once (DOMAIN 33); after the very last one who could open it administrators too.
        """
        row = self._book.row(unit, alert_id)
        bar(unit, member_id=member_id, alert_id=row.id, survivor_id=row.survivor_id, by=by or member_id)
        self._did(unit, row, "conflict", by or member_id)
        self._escalation.pages.stop(unit, row.id, member_id=member_id)
        if Alert(row.state) in FINAL:
            return
        self._escalation.leave_somebody(unit, row)
        if member_id in (row.taken_by, row.handed_to):
            self._escalation.lapse(unit, row, "conflict")
        staff = self._escalation.staff(unit, row)
        if staff.all_barred or not staff.duty_answers:
            self._escalation.supervisors_and_next(unit, row)

    def shown(self, unit: Unit, alert_ids: Collection[str], member_id: str) -> None:
        """These alerts stand in a visible tab of this member, who is on duty. What is barred for her is passed over."""
        for alert_id in sorted(set(alert_ids)):
            row = unit.conn.execute(select(ALERTS).where(ALERTS.c.id == alert_id).with_for_update()).one_or_none()
            if row is not None and member_id not in barred(unit.conn, row):
                self._escalation.pages.shown(unit, [alert_id], member_id)
                if Alert(row.state) is Alert.RECEIVED and member_id in self._escalation.staff(unit, row).on_duty:
                    self.being_shown(unit, row)

    def being_shown(self, unit: Unit, row: Row[Any]) -> None:
        """Somebody's screen or phone has it; paging goes on until a person takes it."""
        self._book.move(unit, row, "show")
        self._book.append(unit, row, "shown")
        self._book.record(unit, "alert.shown", row)
        self._escalation.tell(unit, row, Told.BEING_SHOWN)

    def load(self, unit: Unit, member_id: str) -> int:
        """How many ordinary matters she holds; an SOS is never counted."""
        held = (
            select(func.count()).select_from(ALERTS).where(ALERTS.c.taken_by == member_id, ALERTS.c.state.in_([one.value for one in HELD]))
        )
        return int(unit.conn.execute(held.where(ALERTS.c.urgency == Urgency.ORDINARY.value)).scalar() or 0)

    def _mine(self, unit: Unit, alert_id: str, by: str) -> Row[Any]:
        """The alert, if this person has it or is a supervisor."""
        row = self._book.row_for(unit, alert_id, by)
        if Alert(row.state) not in _WORKED_ON:
            raise AlreadyMoved("alerts")
        if row.taken_by != by and "supervisor" not in self._roles(unit, row, by):
            raise NotYours
        return row

    def _roles(self, unit: Unit, row: Row[Any], member_id: str) -> frozenset[str]:
        return next((one.roles for one in self._escalation.staff(unit, row).people if one.id == member_id), frozenset())

    def _alias(self, unit: Unit, row: Row[Any], member_id: str) -> str:
        return next((one.alias for one in self._escalation.staff(unit, row).people if one.id == member_id), "")

    def _wait(self, unit: Unit, row: Row[Any], state: Alert, turn: int) -> None:
        wait = DEADLINES[state]
        if wait.after is not None:
            set_deadline(unit, kind=wait.kind, subject=row.id, due=unit.now + wait.after, level=turn)

    def _did(self, unit: Unit, row: Row[Any], kind: str, by: str, text: str = "") -> None:
        """An act of a person: on the alert and in the audit."""
        self._book.append(unit, row, kind, text, by=by)
        if Alert(row.state) not in FINAL:
            unit.conn.execute(update(AlertRow).where(AlertRow.id == row.id).values(acted_at=unit.now))
        self._book.record(unit, f"alert.{kind}", row, by)
