"""Looks at what was said without adding to it."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sos.conversations.actions import Direction, Said
from sos.conversations.models import ConversationRow, MessageRow
from sos.encryption import CannotOpen, open_sealed


def state_of(conn: Connection, *, survivor_id: str, key: bytes) -> dict[str, Any]:
    """Where she stands, for a page that only shows; {} at first, and where it cannot be read."""
    sealed = conn.execute(select(ConversationRow.state).where(ConversationRow.survivor_id == survivor_id)).scalar()
    try:
        found = json.loads(open_sealed(key, sealed, table="conversations", column="state", row=survivor_id)) if sealed else {}
    except (CannotOpen, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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


def lines(conn: Connection, *, survivor_id: str, key: bytes, limit: int = 200) -> list[Said]:
    """The latest lines, oldest first, for who works on her case. A line that does not open stands there empty: that it was said is known."""
    wanted = select(MessageRow.__table__).where(MessageRow.survivor_id == survivor_id).order_by(MessageRow.seq.desc()).limit(limit)
    return [Said(row.id, Direction(row.direction), _body(row.id, row.body, key), row.at) for row in reversed(conn.execute(wanted).all())]


def line(conn: Connection, line_id: str, *, survivor_id: str, key: bytes) -> Said | None:
    """One line of hers."""
    row = conn.execute(select(MessageRow.__table__).where(MessageRow.id == line_id, MessageRow.survivor_id == survivor_id)).one_or_none()
    return None if row is None else Said(row.id, Direction(row.direction), _body(row.id, row.body, key), row.at)


def latest(conn: Connection, survivor_id: str) -> str:
    """What changes when a line comes or goes. Opens nothing."""
    wanted = select(MessageRow.id).where(MessageRow.survivor_id == survivor_id).order_by(MessageRow.seq.desc()).limit(1)
    return str(conn.execute(wanted).scalar() or "")


def _body(row: str, sealed: bytes, key: bytes) -> dict[str, Any]:
    try:
        body = json.loads(open_sealed(key, sealed, table="messages", column="body", row=row))
    except (CannotOpen, ValueError):
        return {"closed": True}
    return body if isinstance(body, dict) else {"closed": True}
