"""Whose cases do not exist for a member of staff: for the doors that show tasks and people. Only reads."""

from sqlalchemy import Connection, select

from sos.alerts.models import AlertBarRow, AlertRow


def survivors(conn: Connection, member_id: str) -> frozenset[str]:
    """The people of every case from which this member is barred."""
    mine = AlertBarRow.member_id == member_id
    hers = select(AlertBarRow.survivor_id).where(mine, AlertBarRow.survivor_id.is_not(None))
    by_case = (
        select(AlertRow.survivor_id).join(AlertBarRow, AlertBarRow.alert_id == AlertRow.id).where(mine, AlertRow.survivor_id.is_not(None))
    )
    return frozenset(one for one in conn.execute(hers.union(by_case)).scalars() if one is not None)
