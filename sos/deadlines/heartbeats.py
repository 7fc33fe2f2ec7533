"""Signs of life of workers, jobs and gateways. A dead gateway looks like a quiet night: silence must be seen."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from sos.db.database import Unit
from sos.db.statements import insert_once, upsert
from sos.deadlines.models import HeartbeatRow


def beat(unit: Unit, name: str) -> None:
    """Note that `name` lives now."""
    upsert(unit.conn, HeartbeatRow.__table__, {"name": name, "at": unit.now}, key="name")  # type: ignore[arg-type]


def beat_of(unit: Unit, name: str, at: datetime) -> bool:
    """Note that `name` lived at this moment; a sign that is older than the last one, or lies ahead of now, proves nothing: False."""
    if at > unit.now:
        return False
    insert_once(unit.conn, HeartbeatRow.__table__, {"name": name, "at": datetime(2000, 1, 1, tzinfo=unit.now.tzinfo)}, key="name")  # type: ignore[arg-type]
    later = update(HeartbeatRow).where(HeartbeatRow.name == name, or_(HeartbeatRow.at < at, HeartbeatRow.at > unit.now)).values(at=at)
    return unit.conn.execute(later).rowcount == 1


def end(unit: Unit, names: Collection[str]) -> None:
    """Forget these: a gateway that is not set up any more, a warning that holds no longer."""
    unit.conn.execute(delete(HeartbeatRow).where(HeartbeatRow.name.in_(list(names))))


def all_of(conn: Connection, prefix: str) -> list[tuple[str, datetime]]:
    """(name, last sign of life) of everything whose name begins so, by name."""
    wanted = select(HeartbeatRow.name, HeartbeatRow.at).where(HeartbeatRow.name.startswith(prefix, autoescape=True))
    return [(row.name, row.at) for row in conn.execute(wanted.order_by(HeartbeatRow.name))]


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
    """Drop the signs of workers and watchdogs that are long gone."""
    processes = or_(HeartbeatRow.name.startswith("worker:"), HeartbeatRow.name.startswith("watchdog:"))
    unit.conn.execute(delete(HeartbeatRow).where(processes, HeartbeatRow.at < unit.now - kept))
