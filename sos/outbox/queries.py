"""Looks at the outbox without leasing anything."""

from datetime import datetime

from sqlalchemy import Connection, select

from sos.outbox.models import OutboxRow


def references(conn: Connection, *, survivor_id: str, contact_id: str, since: datetime) -> list[tuple[str, bytes]]:
    """(row id, the gateway's ids of it, sealed under her key) of what was sent to her at this address since then."""
    wanted = select(OutboxRow.id, OutboxRow.provider_ref).where(
        OutboxRow.survivor_id == survivor_id,
        OutboxRow.contact_id == contact_id,
        OutboxRow.provider_ref.is_not(None),
        OutboxRow.left_at >= since,
    )
    return [(row.id, row.provider_ref) for row in conn.execute(wanted)]
