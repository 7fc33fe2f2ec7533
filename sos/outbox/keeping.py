"""Messages that do not wait for a gateway: kept back at once because she must not be written to now, or shown on her page already."""

from typing import Final

from sqlalchemy import update

from sos.db.database import Unit
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox

_NOTHING: Final = {"body": None, "address": None, "holder": None, "lease_until": None}


def keep_back(unit: Unit, outbox_id: str, *, why: str) -> None:
    """She is not told, and the row says so. Its content goes: what was true now will not be true later."""
    _end(unit, outbox_id, Outbox.HELD, why)


def shown(unit: Unit, outbox_id: str) -> None:
    """It stands on her page; no gateway is needed."""
    _end(unit, outbox_id, Outbox.SENT, None)


def _end(unit: Unit, outbox_id: str, state: Outbox, why: str | None) -> None:
    values = {"state": state.value, "why": why, "left_at": unit.now, **_NOTHING}
    unit.conn.execute(update(OutboxRow).where(OutboxRow.id == outbox_id, OutboxRow.state == Outbox.WAITING.value).values(values))
