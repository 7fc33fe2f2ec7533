"""The book of alerts: finds a row, opens its key, moves it by compare-and-set, appends to it. Decides nothing about when."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, or_, select, update

from sos.alerts.errors import Conflicted, NoSuchAlert
from sos.alerts.models import AlertBarRow, AlertEntryRow, AlertRow
from sos.alerts.points import actions as points
from sos.alerts.states import FINAL, MOVES, Alert, Note
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.survivors.address import Address
from sos.survivors.keys import KeyGone, PersonKey, unwrap
from sos.survivors.models import SurvivorRow

ALERTS = table_of(AlertRow)
ENTRIES = table_of(AlertEntryRow)
IS_OPEN = ALERTS.c.state.not_in([state.value for state in FINAL])
ROWS = select(ALERTS, ALERTS.c.count.label("times"))  # a row's own `count` is a method
_OPEN = ROWS.where(ALERTS.c.fold_index.in_(bindparam("indexes", expanding=True)), IS_OPEN).with_for_update().limit(1)
_ONE = ROWS.where(ALERTS.c.id == bindparam("alert")).with_for_update()
_HER = (
    select(SurvivorRow.id)
    .where(SurvivorRow.id == select(ALERTS.c.survivor_id).where(ALERTS.c.id == bindparam("alert")).scalar_subquery())
    .with_for_update()
)
_APPEND = insert(ENTRIES)
_BARS = table_of(AlertBarRow)
_BARRED = select(_BARS.c.member_id).where(or_(_BARS.c.alert_id == bindparam("alert"), _BARS.c.survivor_id == bindparam("survivor")))


class Book:
    """Reads and writes one alert at a time, in the unit of work that it is given."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def row(self, unit: Unit, alert_id: str) -> Row[Any]:
        """The alert, locked until the end of this unit, and her row before it: as her own messages do, so that neither waits for the other.
        Raises NoSuchAlert.
        """
        unit.conn.execute(_HER, {"alert": alert_id})
        found = unit.conn.execute(_ONE, {"alert": alert_id}).one_or_none()
        if found is None:
            raise NoSuchAlert
        return found

    def row_for(self, unit: Unit, alert_id: str, member_id: str) -> Row[Any]:
        """The alert as this person may see it. Raises Conflicted where it does not exist for her, NoSuchAlert."""
        found = self.row(unit, alert_id)
        if member_id in barred(unit.conn, found):
            raise Conflicted
        return found

    def open_row(self, unit: Unit, address: Address) -> Row[Any] | None:
        """The one open alert of an address."""
        indexes = [epoch.index_of(address.for_index()) for epoch in self._keystore.epochs]
        return unit.conn.execute(_OPEN, {"indexes": indexes}).one_or_none()

    def key(self, row: Row[Any]) -> PersonKey | None:
        try:
            return unwrap(self._keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table="alerts", row=row.id)
        except KeyGone:
            return None  # the alert still counts, although its words are gone

    def move(self, unit: Unit, row: Row[Any], name: str, **values: object) -> Alert:
        """Make a move of the table, by compare-and-set. Raises AlreadyMoved, sos.transitions.IllegalMove."""
        before = Alert(row.state)
        after = MOVES.after(before, name)
        changed = update(AlertRow).where(AlertRow.id == row.id, AlertRow.state == before.value)
        move(unit.conn, changed.values(state=after.value, state_at=unit.now, **values))
        return after

    def change(self, unit: Unit, alert_id: str, **values: object) -> None:
        """Set what is no state."""
        unit.conn.execute(update(AlertRow).where(AlertRow.id == alert_id).values(**values))

    def append(self, unit: Unit, row: Row[Any], kind: str, text: str = "", *, by: str | None = None) -> None:
        """Add one entry; its text is sealed under the alert's key, a point under the key of points."""
        key = None if not text else points.key_for(unit, self._keystore, row.id) if kind == Note.POINT.value else self.key(row)
        self.append_sealed(unit, row.id, key, kind, text, by=by)

    def drop_points(self, unit: Unit, alert_id: str) -> bool:
        """Where she moved is kept only while the alert is open: here, and in no backup for longer than a week (DOMAIN 6)."""
        points.destroy(unit, self._keystore, alert_id)
        mine = (AlertEntryRow.alert_id == alert_id, AlertEntryRow.kind == Note.POINT.value)
        return unit.conn.execute(update(AlertEntryRow).where(*mine).values(body=None)).rowcount > 0

    def points_key(self, conn: Connection, alert_id: str) -> PersonKey | None:
        return points.key_of(conn, self._keystore, alert_id)

    def append_sealed(self, unit: Unit, alert_id: str, key: PersonKey | None, kind: str, text: str, *, by: str | None = None) -> None:
        entry = new_id()
        body = key.seal(text.encode(), table="alert_entries", column="body", row=entry) if key and text else None
        unit.conn.execute(_APPEND, {"id": entry, "alert_id": alert_id, "kind": kind[:32], "body": body, "at": unit.now, "by": by})

    def lift_wishes(self, unit: Unit, row: Row[Any], members: Collection[str]) -> bool:
        """The bars that stand by her wish for another person, for these members; whether there was one."""
        hers = or_(AlertBarRow.alert_id == row.id, AlertBarRow.survivor_id == row.survivor_id)
        wished = delete(AlertBarRow).where(AlertBarRow.by.is_(None), AlertBarRow.member_id.in_(members), hers)
        return unit.conn.execute(wished).rowcount > 0

    def record(self, unit: Unit, kind: str, row: Row[Any], by: str = "system") -> None:
        """Note the act in the audit."""
        self._audit.record(unit, kind, subject=row.id, actor=by)


def barred(conn: Connection, row: Row[Any]) -> frozenset[str]:
    """Members for whom this alert does not exist."""
    return barred_from(conn, row.id, row.survivor_id)


def barred_from(conn: Connection, alert_id: str, survivor_id: str | None) -> frozenset[str]:
    """Members for whom this alert, or everything of this survivor, does not exist."""
    return frozenset(conn.execute(_BARRED, {"alert": alert_id, "survivor": survivor_id}).scalars())


def not_barred(member_id: str) -> Select[tuple[str | None]]:
    """A subquery of alerts that do not exist for this person, for `AlertRow.id.not_in(...)`; the daily test exists for nobody."""
    mine = AlertBarRow.member_id == member_id
    by_case = select(AlertBarRow.alert_id).where(mine, AlertBarRow.alert_id.is_not(None))
    hers = select(AlertBarRow.survivor_id).where(mine, AlertBarRow.survivor_id.is_not(None))
    return by_case.union(select(AlertRow.id).where(or_(AlertRow.survivor_id.in_(hers), AlertRow.synthetic)))  # type: ignore[return-value]


def survivor_of(conn: Connection, alert_id: str) -> str | None:
    """Whose alert this is; None where nobody is known, or there is no such alert."""
    found: str | None = conn.execute(select(AlertRow.survivor_id).where(AlertRow.id == alert_id)).scalar()
    return found


def bar(unit: Unit, *, member_id: str, alert_id: str | None, survivor_id: str | None, by: str | None) -> None:
    """From now on this case does not exist for this person; a second time changes nothing. `by`: who declared the conflict; None: her wish."""
    same = (AlertBarRow.member_id == member_id, AlertBarRow.alert_id == alert_id, AlertBarRow.survivor_id == survivor_id)
    if unit.conn.execute(select(AlertBarRow.id).where(*same)).first() is None:
        values = {"id": new_id(), "member_id": member_id, "alert_id": alert_id, "survivor_id": survivor_id, "by": by, "at": unit.now}
        unit.conn.execute(insert(AlertBarRow).values(values))
    elif by is not None:
        unit.conn.execute(update(AlertBarRow).where(*same, AlertBarRow.by.is_(None)).values(by=by))


def waited(now: datetime, since: datetime) -> int:
    """Whole seconds."""
    return max(0, int((now - since).total_seconds()))
