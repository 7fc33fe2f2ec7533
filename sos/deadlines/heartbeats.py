"""Signs of life of workers, jobs and gateways. A dead gateway looks like a quiet night: silence must be seen."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from sos.db.database import Unit
from sos.db.statements import insert_once, upsert
from sos.deadlines.models import HeartbeatRow


def beat(unit: Unit, name: str) -> None:
    """Note that `name` lives now."""
    upsert(unit.conn, HeartbeatRow.__table__, {"name": name, "at": unit.now}, key="name")  # type: ignore[arg-type]


def youngest(conn: Connection, prefix: str) -> datetime | None:
    """The latest sign of life of anything whose name begins so."""
    wanted = select(HeartbeatRow.at).where(HeartbeatRow.name.startswith(prefix)).order_by(HeartbeatRow.at.desc()).limit(1)
    found: datetime | None = conn.execute(wanted).scalar()
    return found


def take_turn(unit: Unit, job: str, *, every: timedelta) -> bool:
    """Whether this worker runs the job now: true for one worker in each interval, on any number of hosts."""
    insert_once(unit.conn, HeartbeatRow.__table__, {"name": job, "at": datetime(2000, 1, 1, tzinfo=unit.now.tzinfo)}, key="name")  # type: ignore[arg-type]
    ahead = HeartbeatRow.at > unit.now  # the clock was set back: do not wait for it to catch up
    due = update(HeartbeatRow).where(HeartbeatRow.name == job, or_(HeartbeatRow.at <= unit.now - every, ahead)).values(at=unit.now)
    return unit.conn.execute(due).rowcount == 1


def forget_old(unit: Unit, *, kept: timedelta = timedelta(days=7)) -> None:
    """Drop the signs of workers that are long gone."""
    unit.conn.execute(delete(HeartbeatRow).where(HeartbeatRow.name.startswith("worker:"), HeartbeatRow.at < unit.now - kept))
