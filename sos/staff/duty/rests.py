"""A break of five minutes after a hard case: only while another person is in reach, nobody is told, and it ends by itself.

While it lasts new ordinary matters are for others. An SOS is never held back by it: she is paged and may take one at any moment.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select, update

from sos.db.database import Unit
from sos.staff.duty import queries
from sos.staff.duty.models import ShiftRow

LASTS = timedelta(minutes=5)


def resting(conn: Connection, now: datetime) -> dict[str, datetime]:
    """Who rests now -> until when."""
    wanted = select(ShiftRow.member_id, ShiftRow.break_until).where(ShiftRow.ended_at.is_(None), ShiftRow.break_until > now)
    return {row.member_id: row.break_until for row in conn.execute(wanted)}


def others_stand(conn: Connection, member_id: str, now: datetime) -> bool:
    """Whether she is on duty, and somebody else is in reach and does not rest: otherwise no break is offered."""
    away = resting(conn, now)
    there = {one.member_id for one in queries.in_reach(conn, now)} - away.keys()
    return bool(there - {member_id}) and any(one.member_id == member_id for one in queries.on_duty(conn, now))


def begin(unit: Unit, member_id: str) -> datetime | None:
    """Her break begins; until when. None where nobody else stands: then nothing changes. Of the last two at once one gets it."""
    unit.conn.execute(select(ShiftRow.id).where(ShiftRow.ended_at.is_(None)).order_by(ShiftRow.id).with_for_update())
    if not others_stand(unit.conn, member_id, unit.now):
        return None
    until = unit.now + LASTS
    unit.conn.execute(update(ShiftRow).where(*_hers(member_id)).values(break_until=until))
    return until


def end(unit: Unit, member_id: str) -> None:
    """She is back before its end."""
    unit.conn.execute(update(ShiftRow).where(*_hers(member_id)).values(break_until=None))


def _hers(member_id: str) -> tuple[ColumnElement[bool], ...]:
    return (ShiftRow.member_id == member_id, ShiftRow.ended_at.is_(None))
