"""Set, cancel and fire deadlines. Each fires exactly once: it is marked in the transaction of its effect, under a row lock.

APScheduler only calls `fire_due` as a clock; nothing is ever kept in its job stores (measured: they lose jobs at a kill).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, delete, func, or_, select, update
from sqlalchemy.exc import DBAPIError

from sos import logs
from sos.db.base import table_of
from sos.db.database import Database, Unit
from sos.db.statements import insert_once, is_deadlock, skip_locked
from sos.db.types import new_id
from sos.deadlines.models import DeadlineRow

DEADLINES = table_of(DeadlineRow)
_AGAIN = timedelta(seconds=5)
_DEADLOCKS = 5
"""So many times a whole batch begins again; then one deadline alone."""
_MOST_COUNTED = 30_000
_FIRED = update(DEADLINES).where(DEADLINES.c.id == bindparam("deadline"), DEADLINES.c.fired_at.is_(None)).values(fired_at=bindparam("now"))
"""The counter's column ends a little later; a deadline that fails for days must not take the others with it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that is firing. `late`: how long after its time."""

    id: str
    kind: str
    subject: str
    level: int
    due: datetime
    late: timedelta


Handler = Callable[[Unit, Due], None]


def set_deadline(unit: Unit, *, kind: str, subject: str, due: datetime, level: int = 0) -> None:
    """Set it, once for each (kind, subject, level). A deadline that already exists keeps its time."""
    values = {"id": new_id(), "kind": kind, "subject": subject, "level": level, "due": due, "attempts": 0}
    insert_once(unit.conn, DeadlineRow.__table__, values, key="kind subject level")  # type: ignore[arg-type]


def cancel(unit: Unit, *, kind: str, subject: str) -> None:
    """Remove what has not fired. What another worker is firing at this very moment is passed over, never waited for (it may be waiting for
    us): so every handler looks again before it acts.
    """
    mine = select(DeadlineRow.id).where(DeadlineRow.kind == kind, DeadlineRow.subject == subject, DeadlineRow.fired_at.is_(None))
    ids = list(unit.conn.execute(skip_locked(mine)).scalars())
    if ids:
        unit.conn.execute(delete(DeadlineRow).where(DeadlineRow.id.in_(ids)))


def fire_due(database: Database, handlers: Mapping[str, Handler], *, limit: int = 200) -> int:
    """Fire what is due, oldest first, at most `limit`; returns how many fired. Safe on any number of workers at once.

    Whoever writes about the same people in another order may make the database take one of the two back: then the batch begins again at once.
    """
    for _ in range(_DEADLOCKS):
        try:
            return _fire_batch(database, handlers, limit)
        except DBAPIError as error:
            if not is_deadlock(error):
                raise
            logs.event("deadline.again", error=type(error).__name__)
    return _fire_batch(database, handlers, 1)


def _fire_batch(database: Database, handlers: Mapping[str, Handler], limit: int) -> int:
    fired = 0
    with database.write() as unit:
        wanted = select(DeadlineRow.__table__).where(DeadlineRow.fired_at.is_(None), DeadlineRow.due <= unit.now)
        rows = unit.conn.execute(skip_locked(wanted.order_by(DeadlineRow.due).limit(limit))).all()
        for row in sorted(rows, key=lambda row: (row.subject, row.due)):  # one order of locks on every worker: none waits for another
            due = Due(row.id, row.kind, row.subject, row.level, row.due, unit.now - row.due)
            fired += _fire(unit, due, handlers.get(row.kind))
    return fired


def fire_all_due(database: Database, handlers: Mapping[str, Handler], *, batch: int = 50, seconds: float = 5.0) -> int:
    """Fire until nothing more is due, in short transactions, so that whoever writes between them waits little; at most `seconds` long."""
    began, total = time.monotonic(), 0
    while True:
        fired = fire_due(database, handlers, limit=batch)
        total += fired
        if fired < batch or time.monotonic() - began > seconds:
            return total


def is_set(conn: Connection, *, kind: str, subject: str) -> bool:
    """Whether such a deadline is still to fire."""
    waiting = select(DeadlineRow.id).where(DeadlineRow.kind == kind, DeadlineRow.subject == subject, DeadlineRow.fired_at.is_(None))
    return conn.execute(waiting.limit(1)).first() is not None


def waiting_for(conn: Connection, *, kind: str) -> list[str]:
    """The subjects of every deadline of this kind that has yet to fire, by id."""
    there = select(DEADLINES.c.subject).where(DEADLINES.c.kind == kind, DEADLINES.c.fired_at.is_(None)).distinct()
    return list(conn.execute(there.order_by(DEADLINES.c.subject)).scalars())


def levels_used(unit: Unit, *, kind: str, subject: str) -> int:
    """One more than the highest level that this subject ever had here; 0 for none. What has fired keeps its level for 30 days."""
    highest = select(func.max(DeadlineRow.level)).where(DeadlineRow.kind == kind, DeadlineRow.subject == subject)
    found: int | None = unit.conn.execute(highest).scalar()
    return 0 if found is None else found + 1


def _fire(unit: Unit, due: Due, handler: Handler | None) -> int:
    try:
        if handler is None:
            raise LookupError(due.kind)
        with unit.savepoint():
            unit.conn.execute(_FIRED, {"deadline": due.id, "now": unit.now})
            handler(unit, due)
    except Exception as error:
        if is_deadlock(error):
            raise
        logs.problem("deadline.failed", kind=due.kind, error=type(error).__name__)
        counted = case((DeadlineRow.attempts < _MOST_COUNTED, DeadlineRow.attempts + 1), else_=_MOST_COUNTED)
        later = {"attempts": counted, "due": unit.now + _AGAIN}
        unit.conn.execute(update(DeadlineRow).where(DeadlineRow.id == due.id).values(later))
        return 0
    return 1


def oldest_overdue(conn: Connection, now: datetime) -> datetime | None:
    """The due time of the oldest deadline that should have fired; one that failed was due when it failed first."""
    overdue = or_(DeadlineRow.due <= now, DeadlineRow.attempts > 0)
    wanted = select(DeadlineRow.due, DeadlineRow.attempts).where(DeadlineRow.fired_at.is_(None), overdue)
    rows = conn.execute(wanted.order_by(DeadlineRow.attempts.desc(), DeadlineRow.due).limit(1)).all()
    return min((row.due - row.attempts * _AGAIN for row in rows), default=None)


def forget_old(unit: Unit, *, kept: timedelta = timedelta(days=30)) -> int:
    """Drop what fired long ago."""
    return unit.conn.execute(delete(DeadlineRow).where(DeadlineRow.fired_at < unit.now - kept)).rowcount
