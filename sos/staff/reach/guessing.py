"""Counts wrong codes of one sender in an hour. A sender can be forged: what opens a task is the code alone, this only makes trying costly."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import upsert
from sos.staff.reach.models import GuessRow

MOST = 5
WINDOW = timedelta(hours=1)


def may_try(unit: Unit, about: bytes) -> bool:
    """Whether another code of this sender is looked at."""
    return _count(unit, about) < MOST


def missed(unit: Unit, about: bytes) -> bool:
    """Count a wrong one. False when the sender has no more tries in this hour: then nothing is answered either."""
    count = _count(unit, about)
    if count > MOST:
        return False
    since = _since(unit, about) if count else unit.now
    upsert(unit.conn, table_of(GuessRow), {"about": about, "count": count + 1, "since": since}, key="about")
    return count < MOST


def forget_old(unit: Unit) -> int:
    """Drop counts whose hour is over."""
    return unit.conn.execute(delete(GuessRow).where(GuessRow.since < unit.now - WINDOW)).rowcount


def _count(unit: Unit, about: bytes) -> int:
    row = unit.conn.execute(select(GuessRow.count.label("wrong"), GuessRow.since).where(GuessRow.about == about)).one_or_none()
    if row is None or not unit.now - WINDOW < row.since <= unit.now:
        return 0
    return int(row.wrong)


def _since(unit: Unit, about: bytes) -> datetime:
    found: datetime = unit.conn.execute(select(GuessRow.since).where(GuessRow.about == about)).scalar_one()
    return found
