"""Pages as others use them: page, acknowledge by code, follow what became of them. Anyone may send a code; only a right one does anything,
and a wrong one is answered like a right one.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from sos.alerts.book import ALERTS, ROWS, Book, barred
from sos.alerts.errors import AlreadyMoved, AtCapacity
from sos.alerts.escalation.levels import Escalation
from sos.alerts.models import AlertEntryRow, AlertRow
from sos.alerts.paging import codes
from sos.alerts.paging.pages import Paged, Pages
from sos.alerts.paging.states import Page
from sos.alerts.states import FINAL, UNTAKEN, Alert
from sos.db.database import Unit
from sos.db.statements import skip_locked

_BIGGEST = 2**31


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Whose page it was. `taken`: by this code; False: a colleague was first."""

    alert_id: str
    number: int
    member_id: str
    taken: bool


class Paging:
    """`take` and `show`: the acts of the alerts room that a code and a delivered page stand for."""

    def __init__(
        self,
        book: Book,
        pages: Pages,
        escalation: Escalation,
        *,
        take: Callable[[Unit, str, str], None],
        show: Callable[[Unit, Row[Any]], None],
    ) -> None:
        self._book = book
        self._pages = pages
        self._escalation = escalation
        self._take = take
        self._show = show

    def acknowledge(self, unit: Unit, number: int, code: str) -> Acknowledged | None:
        """`TAKE <number>-<code>`: the member whose page it was takes the alert. None: no such page, whatever the reason.

        The code of an earlier page still proves who has it: where the alert waits again it takes it, for "taken already" would not be true. Who
        has let this alert lapse takes it in the console only: a stolen phone would hold everybody's pages back again and again.
        """
        if not 0 < number < _BIGGEST or not code.isascii() or not code.isdigit():
            return None
        row = unit.conn.execute(ROWS.where(ALERTS.c.number == number).with_for_update()).one_or_none()
        if row is None or Alert(row.state) in FINAL:
            return None
        page = self._pages.find(unit.conn, row.id, code)
        if page is None:
            self._guessed(unit, row)
            return None
        if page.member_id in barred(unit.conn, row) or _let_it_lapse(unit.conn, row.id, page.member_id):
            return None
        try:
            taken = (page.live or self._waits_again(unit, row, page)) and self._claim(unit, page)
        except AtCapacity:
            return None
        return Acknowledged(row.id, row.number, page.member_id, taken=taken)

    def _waits_again(self, unit: Unit, row: Row[Any], page: Paged) -> bool:
        answering = {person.id for person in self._escalation.staff(unit, row).answering}
        return Alert(row.state) in UNTAKEN and page.member_id in answering

    def _claim(self, unit: Unit, page: Paged) -> bool:
        """False: a colleague was faster. Raises AtCapacity."""
        try:
            with unit.savepoint():
                self._pages.claimed(unit, page.id)
                self._take(unit, page.alert_id, page.member_id)
        except AlreadyMoved:
            return False
        return True

    def _guessed(self, unit: Unit, row: Row[Any]) -> None:
        """A wrong code is counted; after a few the codes under way are void, and the same people are paged with longer ones."""
        wrong = row.wrong_codes + 1
        unit.conn.execute(update(AlertRow).where(AlertRow.id == row.id).values(wrong_codes=wrong))
        self._book.record(unit, "alert.wrong_code", row)
        if codes.lengthens(wrong) and Alert(row.state) in UNTAKEN:
            self._book.append(unit, row, "codes_guessed")
            self._pages.stop(unit, row.id, into=Page.EXPIRED)
            self._escalation.page_again(unit, self._book.row(unit, row.id))

    def page_everyone(self, unit: Unit, alert_id: str) -> None:
        """Page everyone with a working contact now."""
        self._escalation.page_everyone(unit, self._book.row(unit, alert_id))

    def stop(self, unit: Unit, alert_id: str) -> int:
        """End every unclaimed page of this alert; how many there were."""
        return self._pages.stop(unit, alert_id)

    def delivered(self, unit: Unit, outbox_id: str) -> None:
        """A carrier confirmed a message; when it was a page, its alert is being shown. Anything else is passed over."""
        self._follow(unit, [outbox_id])

    def has_news(self, conn: Connection) -> bool:
        """Whether `follow` has anything to take over."""
        return bool(self._pages.news(conn))

    def follow(self, unit: Unit) -> None:
        """Take over what became of all pages under way: every second, by the clockwork."""
        self._follow(unit, None)

    def _follow(self, unit: Unit, outbox_ids: Collection[str] | None) -> None:
        """An alert is locked before its pages, as every act does; one that another hand holds is left for the next second, never waited for."""
        news = self._pages.news(unit.conn, outbox_ids)
        if not news:
            return
        touched = sorted({one.alert_id for one in news})
        rows = unit.conn.execute(skip_locked(ROWS.where(ALERTS.c.id.in_(touched)).order_by(ALERTS.c.id))).all()
        ours = {row.id for row in rows}
        delivered = self._pages.follow(unit, [one for one in news if one.alert_id in ours])
        for row in rows:
            if row.id in delivered and Alert(row.state) is Alert.RECEIVED:
                self._show(unit, row)


def _let_it_lapse(conn: Connection, alert_id: str, member_id: str) -> bool:
    lapsed = (AlertEntryRow.alert_id == alert_id, AlertEntryRow.kind == "lapse.no_reply", AlertEntryRow.by == member_id)
    return conn.execute(select(AlertEntryRow.id).where(*lapsed).limit(1)).first() is not None
