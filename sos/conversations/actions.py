"""Keep where a conversation stands and what was said. Everything is sealed under her key; nothing is readable without it."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from sos.conversations.models import ConversationRow, MessageRow
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import upsert
from sos.db.types import new_id
from sos.encryption import CannotOpen, open_sealed, seal

_CONVERSATIONS = table_of(ConversationRow)
_STATE = select(_CONVERSATIONS.c.state).where(_CONVERSATIONS.c.survivor_id == bindparam("of"))
_RECORD = insert(table_of(MessageRow))


class Direction(StrEnum):
    """Who said it."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the transcript, opened."""

    id: str
    direction: Direction
    body: dict[str, Any] = field(repr=False)  #: text, buttons, ref
    at: datetime


class Conversations:
    """The writes of this room. `key`: the survivor's own key, 32 bytes."""

    def state(self, unit: Unit, *, survivor_id: str, key: bytes) -> dict[str, Any]:
        """Where she stands; {} at first, and also when what was stored cannot be read: she begins anew rather than not at all."""
        sealed = unit.conn.execute(_STATE, {"of": survivor_id}).scalar()
        if sealed is None:
            return {}
        try:
            found = json.loads(open_sealed(key, sealed, table="conversations", column="state", row=survivor_id))
        except (CannotOpen, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def keep_state(self, unit: Unit, state: dict[str, Any], *, survivor_id: str, key: bytes) -> None:
        """Store where she stands now."""
        sealed = seal(key, json.dumps(state, ensure_ascii=False).encode(), table="conversations", column="state", row=survivor_id)
        values = {"survivor_id": survivor_id, "state": sealed, "updated_at": unit.now}
        upsert(unit.conn, _CONVERSATIONS, values, key="survivor_id")

    def record(self, unit: Unit, body: dict[str, Any], *, survivor_id: str, key: bytes, contact_id: str, direction: Direction) -> str:
        """Add one line to the transcript; returns its id."""
        row = new_id()
        sealed = seal(key, json.dumps(body, ensure_ascii=False).encode(), table="messages", column="body", row=row)
        values = {
            "id": row,
            "survivor_id": survivor_id,
            "contact_id": contact_id,
            "direction": direction.value,
            "body": sealed,
            "at": unit.now,
        }
        unit.conn.execute(_RECORD, values)
        return row

    def take_back(self, unit: Unit, line_id: str, *, survivor_id: str) -> None:
        """Remove a line that has not left."""
        unit.conn.execute(delete(MessageRow).where(MessageRow.id == line_id, MessageRow.survivor_id == survivor_id))

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Remove state and transcript; both are unreadable anyway once her key is destroyed."""
        unit.conn.execute(delete(ConversationRow).where(ConversationRow.survivor_id == survivor_id))
        unit.conn.execute(delete(MessageRow).where(MessageRow.survivor_id == survivor_id))


def transcript(conn: Connection, *, survivor_id: str, key: bytes, contact_id: str | None = None, limit: int = 200) -> list[Said]:
    """The latest lines, oldest first; of one address only where `contact_id` is given."""
    wanted = select(MessageRow.__table__).where(MessageRow.survivor_id == survivor_id)
    if contact_id is not None:
        wanted = wanted.where(MessageRow.contact_id == contact_id)
    rows = conn.execute(wanted.order_by(MessageRow.seq.desc()).limit(limit)).all()
    return [
        Said(row.id, Direction(row.direction), json.loads(open_sealed(key, row.body, table="messages", column="body", row=row.id)), row.at)
        for row in reversed(rows)
    ]
