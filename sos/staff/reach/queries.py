"""Which ways lead to whom. Shows a number only to its owner, and only its end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, select

from sos.db.database import Unit
from sos.staff.reach.models import WayRow
from sos.staff.reach.states import By


@dataclass(frozen=True, slots=True)
class Way:
    """A number or chat of a member, without the number. `provider`: empty lets delivery choose by `SOS_SMS_OUT`."""

    id: str
    member_id: str
    channel: str
    provider: str
    verified: bool
    failing_since: datetime | None
    worked_at: datetime | None
    made_at: datetime


def ways(conn: Connection, member_id: str) -> list[Way]:
    """Her verified ways; failing ones too, which are tried again each time."""
    return [way for way in all_ways(conn, member_id) if way.verified]


def all_ways(conn: Connection, member_id: str) -> list[Way]:
    """Her ways, those that wait for a code too, the oldest first."""
    wanted = select(WayRow.__table__).where(WayRow.member_id == member_id)
    return [_way(row) for row in conn.execute(wanted.order_by(WayRow.made_at, WayRow.id))]


def way(conn: Connection, way_id: str) -> Way | None:
    """One way."""
    row = conn.execute(select(WayRow.__table__).where(WayRow.id == way_id)).one_or_none()
    return _way(row) if row is not None else None


def owner(conn: Connection, index: bytes) -> str | None:
    """Whose verified way this is."""
    found: str | None = conn.execute(select(WayRow.member_id).where(WayRow.index == index, WayRow.verified_at.is_not(None))).scalar()
    return found


def failing(conn: Connection) -> list[Way]:
    """Verified ways that do not work now, longest first."""
    wanted = select(WayRow.__table__).where(WayRow.failing_since.is_not(None), WayRow.verified_at.is_not(None))
    return [_way(row) for row in conn.execute(wanted.order_by(WayRow.failing_since, WayRow.id))]


def working(conn: Connection) -> frozenset[str]:
    """Ids of members with a verified way that is not failing."""
    wanted = select(WayRow.member_id).where(WayRow.verified_at.is_not(None), WayRow.failing_since.is_(None))
    return frozenset(conn.execute(wanted.distinct()).scalars())


def forget_unproved(unit: Unit, before: datetime) -> int:
    """Drop ways whose code was never typed in."""
    return unit.conn.execute(delete(WayRow).where(WayRow.verified_at.is_(None), WayRow.made_at < before)).rowcount


def _way(row: Row[tuple[object, ...]]) -> Way:
    by = By(row.channel)
    return Way(
        id=row.id,
        member_id=row.member_id,
        channel=by.value,
        provider="telegram" if by is By.TELEGRAM else "",
        verified=row.verified_at is not None,
        failing_since=row.failing_since,
        worked_at=row.worked_at,
        made_at=row.made_at,
    )
