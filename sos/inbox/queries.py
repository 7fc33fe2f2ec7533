"""Looks at the inbox without leasing anything. Never used before an answer that must not tell who is known."""

from sqlalchemy import Connection, select

from sos.encryption import index
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox, Source
from sos.keys.keystore import Keystore


def is_waiting(conn: Connection, keystore: Keystore, *, provider: str, provider_id: str, kind: Source = Source.MESSAGE) -> bool:
    """Whether this delivery is stored and not yet answered; False for an unknown one too."""
    once_key = index(keystore.once_key, f"{provider}\x1f{kind.value}\x1f{provider_id}".encode())
    state = conn.execute(select(InboxRow.state).where(InboxRow.once_key == once_key)).scalar()
    return bool(state == Inbox.WAITING.value)


def is_used(conn: Connection) -> bool:
    """Whether a message has ever come in, as far as is still known."""
    return conn.execute(select(InboxRow.seq).limit(1)).first() is not None
