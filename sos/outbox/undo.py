"""A message that waits a moment before it leaves, so that its writer may take it back. Never used for an answer to an SOS."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from sos.db.base import table_of
from sos.db.database import Unit
from sos.outbox.models import OutboxRow
from sos.outbox.states import Lane, Outbox

_ROWS = table_of(OutboxRow)
_UNTOUCHED = (_ROWS.c.state == Outbox.WAITING.value, _ROWS.c.attempts == 0, _ROWS.c.lane != Lane.SOS.value)


def delay(unit: Unit, outbox_id: str, until: datetime) -> bool:
    """Let a message that was just queued wait until then, in the ordinary lane. False: it is under way, or not on its way at all.

    Whoever calls this has made sure that she has no open alert.
    """
    mine = (_ROWS.c.id == outbox_id, _ROWS.c.state == Outbox.WAITING.value, _ROWS.c.attempts == 0)
    return unit.conn.execute(update(_ROWS).where(*mine).values(not_before=until, lane=Lane.REPLY.value)).rowcount == 1


def take_back(unit: Unit, outbox_id: str) -> bool:
    """Remove it before any attempt, as if it had never been written. False: too late."""
    return unit.conn.execute(delete(_ROWS).where(_ROWS.c.id == outbox_id, *_UNTOUCHED, _ROWS.c.not_before > unit.now)).rowcount == 1


def delayed(conn: Connection, outbox_ids: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Those that may still be taken back -> until when."""
    wanted = select(_ROWS.c.id, _ROWS.c.not_before).where(_ROWS.c.id.in_(list(outbox_ids)), *_UNTOUCHED, _ROWS.c.not_before > now)
    return {row.id: row.not_before for row in conn.execute(wanted)}
