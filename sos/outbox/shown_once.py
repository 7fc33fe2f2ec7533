"""What waits for a page instead of a gateway, and is shown a single time: a code phrase above all."""

from sqlalchemy import delete

from sos.db.database import Unit
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox


def forget_unseen(unit: Unit, channel: str) -> int:
    """Drop what nobody has opened the page for in time; how much it was."""
    unseen = delete(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.state == Outbox.WAITING.value, OutboxRow.expires_at < unit.now)
    return unit.conn.execute(unseen).rowcount
