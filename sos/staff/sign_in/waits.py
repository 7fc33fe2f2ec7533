"""Growing waits after wrong tries, a name each, known or not; never by address, since a whole country may share one."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import insert_once
from sos.staff.sign_in.models import SignInWaitRow

FREE = 5
"""Wrong tries without a wait; then 2, 4, 8 ... seconds."""
LONGEST = timedelta(minutes=5)
"""No longer: whoever knows a name could otherwise keep a colleague out for the night."""
_FORGOTTEN = timedelta(days=1)


def may_try(unit: Unit, who: bytes) -> bool:
    """Count one try under this name as failed until `clear`; False when it is too soon. Safe against tries side by side."""
    unit.conn.execute(delete(SignInWaitRow).where(SignInWaitRow.last_at < unit.now - _FORGOTTEN))
    insert_once(unit.conn, table_of(SignInWaitRow), {"who": who, "failures": 0, "until": unit.now, "last_at": unit.now}, key="who")
    hers = SignInWaitRow.who == who
    row = unit.conn.execute(select(SignInWaitRow.failures, SignInWaitRow.until).where(hers).with_for_update()).one()
    if row.until > unit.now:
        return False
    failures = row.failures + 1
    wait = min(timedelta(seconds=2 ** min(failures - FREE, 20)), LONGEST) if failures >= FREE else timedelta(0)
    unit.conn.execute(update(SignInWaitRow).where(hers).values(failures=failures, until=unit.now + wait, last_at=unit.now))
    return True


def clear(unit: Unit, who: bytes) -> None:
    """It was right."""
    unit.conn.execute(delete(SignInWaitRow).where(SignInWaitRow.who == who))
