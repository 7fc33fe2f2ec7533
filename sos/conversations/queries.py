"""Looks at what was said without adding to it."""

import json
from datetime import datetime

from sqlalchemy import Connection, select

from sos.conversations.actions import Direction
from sos.conversations.models import MessageRow
from sos.encryption import CannotOpen, open_sealed


def references(conn: Connection, *, survivor_id: str, key: bytes, contact_id: str, since: datetime) -> list[str]:
    """The channel's own ids of what she wrote from this address since then; what cannot be opened has none."""
    wanted = select(MessageRow.id, MessageRow.body).where(
        MessageRow.survivor_id == survivor_id,
        MessageRow.contact_id == contact_id,
        MessageRow.direction == Direction.IN.value,
        MessageRow.at >= since,
    )
    found: list[str] = []
    for row in conn.execute(wanted):
        try:
            body = json.loads(open_sealed(key, row.body, table="messages", column="body", row=row.id))
        except (CannotOpen, ValueError):
            continue
        if isinstance(body, dict) and isinstance(body.get("ref"), str):
            found.append(body["ref"])
    return found
