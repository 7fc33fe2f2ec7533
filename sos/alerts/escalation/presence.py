"""Tells her when the last person goes off duty, or the first one comes, while nobody has read her alert. Once for each change that
lasts; never what is not so.

Looks at what stands, not at who clicked: a shift that was forgotten and ceased to count is seen, too. Every alert has a transaction of its own, so
that nobody who starts or ends a shift waits for a survivor's row.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from sos.alerts.book import ALERTS, ENTRIES, Book, barred_from
from sos.alerts.errors import NoSuchAlert
from sos.alerts.escalation.levels import NOBODY, Escalation
from sos.alerts.escalation.roster import Roster
from sos.alerts.escalation.watching import has_been_read
from sos.alerts.states import UNTAKEN, Alert
from sos.conversations.herald import Told
from sos.db.database import Database, Unit

_SAID: Final = {
    NOBODY: False,
    **{
        f"{how}.{told.value}": told is Told.ON_DUTY_AGAIN
        for how in ("told", "not_told")
        for told in (Told.NOBODY_ON_DUTY, Told.ON_DUTY_AGAIN)
    },
}
"""Kind of an entry -> whether it says that somebody is on duty. None of them: somebody was when the alert was raised."""
_UNTAKEN: Final = (
    ALERTS.c.state.in_([state.value for state in UNTAKEN]),
    ALERTS.c.synthetic.is_(False),
)
CALM: Final = timedelta(minutes=2)
"""Between two such texts: a browser that comes and goes must not write to her each time."""
_ENTRIES = select(ENTRIES.c.alert_id, ENTRIES.c.kind, ENTRIES.c.at).where(ENTRIES.c.kind.in_(sorted(_SAID))).order_by(ENTRIES.c.seq)


class Presence:
    """Compares what she was told of who is on duty with who is."""

    def __init__(self, book: Book, escalation: Escalation, roster: Roster) -> None:
        self._book = book
        self._escalation = escalation
        self._roster = roster

    def follow(self, database: Database) -> int:
        """Tell whoever must be told now; how many. Opens no writing transaction while nothing seems to have changed."""
        with database.read() as conn:
            waiting = self._perhaps(conn, database)
        told = 0
        for alert_id in waiting:
            with database.write() as unit:
                told += self._look(unit, alert_id)
        return told

    def _perhaps(self, conn: Connection, database: Database) -> list[str]:
        untaken = conn.execute(select(ALERTS.c.id, ALERTS.c.survivor_id).where(*_UNTAKEN).order_by(ALERTS.c.number)).all()
        if not untaken:
            return []
        theirs = _ENTRIES.where(ENTRIES.c.alert_id.in_(select(ALERTS.c.id).where(*_UNTAKEN)))
        said = {row.alert_id: _SAID[row.kind] for row in conn.execute(theirs)}
        here = self._roster.on_duty(conn, database.clock.now())
        return [row.id for row in untaken if said.get(row.id, True) != bool(here and here - barred_from(conn, row.id, row.survivor_id))]

    def _look(self, unit: Unit, alert_id: str) -> bool:
        try:
            row = self._book.row(unit, alert_id)
        except NoSuchAlert:
            return False
        staff = self._escalation.staff(unit, row)
        if Alert(row.state) not in UNTAKEN or has_been_read(row) or not self._is_news(unit, row, staff.duty_answers):
            return False
        if not staff.duty_answers:
            self._escalation.tell(unit, row, Told.NOBODY_ON_DUTY)
            return True
        asked = [person.id for person in staff.answering if person.id in staff.on_duty]
        self._escalation.page_members(unit, row, asked)
        self._escalation.tell(unit, row, Told.ON_DUTY_AGAIN)
        return True

    def _is_news(self, unit: Unit, row: Row[Any], somebody: bool) -> bool:  # noqa: FBT001
        """Whether she knows otherwise, and was not told just now."""
        said = unit.conn.execute(_ENTRIES.where(ENTRIES.c.alert_id == row.id)).all()
        if not said:
            return not somebody
        just_told = said[-1].kind != NOBODY and unit.now - said[-1].at < CALM
        return _SAID[said[-1].kind] != somebody and not just_told
