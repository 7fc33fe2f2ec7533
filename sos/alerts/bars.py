"""What exists for a member of staff: one alert by its number, and the people whose cases do not exist for her. Only reads; no words."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from sos.alerts.book import barred_from
from sos.alerts.models import AlertBarRow, AlertEntryRow, AlertRow
from sos.alerts.states import FINAL, Alert
from sos.alerts.triage import Urgency


@dataclass(frozen=True, slots=True)
class Found:
    """One alert as far as a door must know before it opens it."""

    id: str
    number: int
    state: Alert
    taken_by: str | None
    survivor_id: str | None
    urgency: Urgency


def find(conn: Connection, number: int, viewer: str) -> Found | None:
    """The alert of this number; None where there is none, or the case does not exist for the viewer."""
    return _one(conn, AlertRow.number == number, viewer)


def seen(conn: Connection, alert_id: str, viewer: str) -> Found | None:
    """The alert of this id; None as in `find`."""
    return _one(conn, AlertRow.id == alert_id, viewer)


def entries(conn: Connection, alert_id: str) -> int:
    """How many entries there are: what changes when one is added."""
    return conn.execute(select(func.count()).select_from(AlertEntryRow).where(AlertEntryRow.alert_id == alert_id)).scalar_one()


def open_of(conn: Connection, survivor_id: str) -> int | None:
    """The number of an open alert of hers: then nothing written to her may wait."""
    is_open = AlertRow.state.not_in([state.value for state in FINAL])
    return conn.execute(select(AlertRow.number).where(AlertRow.survivor_id == survivor_id, is_open).limit(1)).scalar()


def survivors(conn: Connection, member_id: str) -> frozenset[str]:
    """The people of every case from which this member is barred."""
    mine = AlertBarRow.member_id == member_id
    hers = select(AlertBarRow.survivor_id).where(mine, AlertBarRow.survivor_id.is_not(None))
    by_case = (
        select(AlertRow.survivor_id).join(AlertBarRow, AlertBarRow.alert_id == AlertRow.id).where(mine, AlertRow.survivor_id.is_not(None))
    )
    return frozenset(one for one in conn.execute(hers.union(by_case)).scalars() if one is not None)


def hides(member_id: str, survivor_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition under which a row about the person in this column does not exist for this member: for the queries of other rooms."""
    mine = AlertBarRow.member_id == member_id
    by_case = and_(AlertRow.id == AlertBarRow.alert_id, AlertRow.survivor_id == survivor_id)
    return or_(
        exists(select(AlertBarRow.id).where(mine, AlertBarRow.survivor_id == survivor_id)),
        exists(select(AlertBarRow.id).join(AlertRow, by_case).where(mine)),
    )


def _one(conn: Connection, which: ColumnElement[bool], viewer: str) -> Found | None:
    columns = (AlertRow.id, AlertRow.number, AlertRow.state, AlertRow.taken_by, AlertRow.survivor_id, AlertRow.urgency)
    row = conn.execute(select(*columns).where(which, AlertRow.synthetic.is_(False))).one_or_none()
    if row is None or viewer in barred_from(conn, row.id, row.survivor_id):
        return None
    return Found(row.id, row.number, Alert(row.state), row.taken_by, row.survivor_id, Urgency(row.urgency))
