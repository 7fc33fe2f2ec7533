"""Escalation of one alert: who is paged at which level, and what happens at each of its deadlines. Gives up never; lowers nothing.

Levels go up by one and never down; each is a deadline of its own, so it fires exactly once on any number of workers. What fires late is
marked late and followed at once by what is overdue too.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from sos.alerts import synthetic
from sos.alerts.book import Book, barred
from sos.alerts.escalation import people
from sos.alerts.escalation.people import Staff
from sos.alerts.escalation.policies import Policies
from sos.alerts.escalation.policy import Policy, kept
from sos.alerts.escalation.roster import Roster
from sos.alerts.paging import codes
from sos.alerts.paging.pages import Pages
from sos.alerts.paging.states import By
from sos.alerts.states import UNTAKEN, Alert, Clockwork
from sos.conversations.herald import Herald, Told
from sos.db.database import Unit
from sos.deadlines.actions import Due, cancel, set_deadline

LATE: Final = timedelta(seconds=5)
"""From here on a level is marked late in the alert's entries."""
NOBODY: Final = "duty.nobody"
"""An entry: when it was raised nobody was on duty for it, and the first reply said so."""
ALL_WAYS: Final = tuple(by.value for by in By)


class Escalation:
    """Pages people about alerts, and tells her what became of it."""

    def __init__(self, book: Book, pages: Pages, roster: Roster, policies: Policies, herald: Callable[[], Herald]) -> None:
        self.book = book
        self.pages = pages
        self._roster = roster
        self._policies = policies
        self._herald = herald

    def policy_for(self, unit: Unit, *, language: str | None, country: str | None) -> Policy:
        """The policy that an alert raised now carries for its whole life."""
        return self._policies.choose(country=country, language=language, now=unit.now)

    def staff(self, unit: Unit, row: Row[Any]) -> Staff:
        """Who there is for this case now; for the daily test nobody but its stand-in."""
        if row.synthetic:
            return synthetic.STAFF
        return Staff(
            people=tuple(self._roster.everyone(unit.conn)),
            on_duty=self._roster.on_duty(unit.conn, unit.now),
            on_rota=self._roster.on_rota(unit.conn, unit.now) if kept(row.policy).asks_the_rota else frozenset(),
            barred=barred(unit.conn, row),
        )

    def begin(self, unit: Unit, row: Row[Any]) -> bool:
        """Page the first level in this transaction and set the deadlines; whether anybody on duty may be shown it.

        A level at which nobody can be reached is passed at once. Where everyone on duty is barred, supervisors and the next person are first.
        """
        self.leave_somebody(unit, row)
        staff = self.staff(unit, row)
        policy = kept(row.policy)
        if staff.only_barred_on_duty or staff.all_barred:
            self.supervisors_and_next(unit, row)
        if not staff.duty_answers:
            self.book.append(unit, row, NOBODY)
        self._climb(unit, row, policy, staff, 0)
        set_deadline(unit, kind=Clockwork.MISSED, subject=row.id, due=unit.now + timedelta(seconds=policy.tell_her_after[0]), level=0)
        set_deadline(unit, kind=Clockwork.SILENCE, subject=row.id, due=unit.now + timedelta(seconds=policy.silence_after), level=0)
        return staff.duty_answers

    def _climb(self, unit: Unit, row: Row[Any], policy: Policy, staff: Staff, level: int, due: Due | None = None) -> None:
        """Page `level` and, while that reaches nobody, the next ones up to the last; set the deadline of the one after."""
        while True:
            late = due is not None and due.late > LATE
            self.book.append(
                unit, row, f"level.{level}.late" if late else f"level.{level}", str(int(due.late.total_seconds())) if late and due else ""
            )
            step = policy.step(level)
            chosen = people.of_step(step, staff, language=row.language, country=row.country)
            reached = self._page(unit, row, chosen, step.channels, level, staff)
            if reached or level >= policy.last:
                break
            level += 1
            due = None
        self.book.change(unit, row.id, round=level)
        self._next_level(unit, row, policy, level, due)

    def _next_level(self, unit: Unit, row: Row[Any], policy: Policy, level: int, due: Due | None) -> None:
        """After an outage the steps not yet taken are due at once, one after the other; repeats that were missed are not made up for."""
        since = due.due if due is not None and level < policy.last else unit.now
        set_deadline(unit, kind=Clockwork.LEVEL, subject=row.id, due=since + policy.wait_before(level + 1), level=level + 1)

    def _page(self, unit: Unit, row: Row[Any], members: Sequence[str], channels: Sequence[str], level: int, staff: Staff) -> bool:
        """Page them; whether anybody was reached: a message on its way, or a console of somebody on duty."""
        if not members:
            return False
        sent = self.pages.page(
            unit,
            alert_id=row.id,
            number=row.number,
            members=members,
            channels=channels,
            round_=level,
            length=codes.digits(row.wrong_codes),
        )
        return bool(sent) or (By.CONSOLE.value in channels and not staff.on_duty.isdisjoint(members))

    def page_members(self, unit: Unit, row: Row[Any], members: Sequence[str]) -> bool:
        """Page these by every way, outside the ladder: a hand-over, a second opinion, a supervisor who is called."""
        staff = self.staff(unit, row)
        allowed = [person.id for person in staff.answering if person.id in set(members)]
        return self._page(unit, row, allowed, ALL_WAYS, row.round, staff)

    def page_everyone(self, unit: Unit, row: Row[Any]) -> None:
        """Page everyone with a working contact and go on repeating: nobody answered who had it."""
        cancel(unit, kind=Clockwork.LEVEL, subject=row.id)
        policy, staff = kept(row.policy), self.staff(unit, row)
        level = max(row.round + 1, policy.last)
        on_duty = [person.id for person in staff.answering if person.id in staff.on_duty]
        self._page(unit, row, on_duty, ALL_WAYS, level, staff)
        self._climb(unit, row, policy, staff, level)

    def page_again(self, unit: Unit, row: Row[Any]) -> None:
        """The same level with fresh codes; the deadlines stay as they are."""
        policy, staff = kept(row.policy), self.staff(unit, row)
        step = policy.step(row.round)
        chosen = people.of_step(step, staff, language=row.language, country=row.country)
        self._page(unit, row, chosen, step.channels, row.round, staff)

    def supervisors_and_next(self, unit: Unit, row: Row[Any]) -> None:
        """Nobody on duty may have it: supervisors and the next person are paged at once."""
        staff = self.staff(unit, row)
        next_on = self._roster.next_on(unit.conn, unit.now, but=staff.barred | staff.on_duty)
        self._page(unit, row, people.supervisors_and(staff, next_on), ALL_WAYS, row.round, staff)

    def leave_somebody(self, unit: Unit, row: Row[Any]) -> None:
        """No case without a person who can open it: where all are barred, her wish for another person counts no more against supervisors.
        A conflict that somebody declared always counts.
        """
        staff = self.staff(unit, row)
        supervisors = [person.id for person in staff.people if "supervisor" in person.roles and person.id in staff.barred]
        if staff.all_barred and self.book.lift_wishes(unit, row, supervisors):
            self.book.append(unit, row, "bars_lifted")
            self.book.record(unit, "alert.bars_lifted", row)

    def halt(self, unit: Unit, alert_id: str) -> None:
        """Somebody has it: no page is on its way any more, no level comes."""
        self.pages.stop(unit, alert_id)
        cancel(unit, kind=Clockwork.LEVEL, subject=alert_id)

    def tell(self, unit: Unit, row: Row[Any], told: Told, **params: object) -> bool:
        """Tell her, and keep on the alert whether she has been told. A text that fails never undoes what happened."""
        said = False
        try:
            with unit.savepoint():
                said = self._herald().tell(unit, told=told, alert_id=row.id, survivor_id=row.survivor_id, params=params)
        except (LookupError, ValueError, ArithmeticError):
            said = False
        self.book.append(unit, row, f"told.{told.value}" if said else f"not_told.{told.value}")
        return said

    def lapse(self, unit: Unit, row: Row[Any], why: str) -> None:
        """Who had it did not go on: received again, everyone is paged."""
        self.book.append(unit, row, f"lapse.{why}", by=row.taken_by or row.handed_to)
        self.book.move(unit, row, "lapse", taken_by=None, handed_to=None, turn=row.turn + 1)
        for kind in (Clockwork.REPLY, Clockwork.ACCEPT, Clockwork.IDLE):
            cancel(unit, kind=kind, subject=row.id)
        self.pages.stop(unit, row.id)
        self.book.record(unit, "alert.lapsed", row)
        self.page_everyone(unit, row)

    def fire_level(self, unit: Unit, due: Due) -> None:
        """A level is due."""
        row = self.book.row(unit, due.subject)
        if Alert(row.state) in UNTAKEN and due.level > row.round:
            self._climb(unit, row, kept(row.policy), self.staff(unit, row), due.level, due)
