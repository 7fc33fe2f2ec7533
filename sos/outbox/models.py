"""The outbox table: what waits to be sent, sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime

_OPEN = "state = 'waiting'"


class OutboxRow(Base):
    """One message on its way. `id` is the id that the gateway sees, the same on every attempt."""

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    survivor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    """keeps the order of one address"""
    channel: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(32))
    lane: Mapped[str] = mapped_column(String(8))
    key_kind: Mapped[str] = mapped_column(String(8))
    """whose key seals address and body: the person's, a transit key that lives an hour, or the staff's"""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    holder: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider_ref: Mapped[bytes | None] = mapped_column(LargeBinary)
    why: Mapped[str | None] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(12), server_default="reply")
    """what safe contact asks about when it leaves"""

    __table_args__ = (
        CheckConstraint("purpose IN ('reply', 'state', 'unsolicited')", name="purpose"),
        CheckConstraint("state IN ('waiting', 'sent', 'delivered', 'failed', 'held', 'expired')", name="state"),
        CheckConstraint("lane IN ('sos', 'reply', 'page', 'service')", name="lane"),
        CheckConstraint("key_kind IN ('person', 'transit', 'staff')", name="key_kind"),
        Index("ix_outbox_waiting", "lane", "seq", postgresql_where=text(_OPEN), sqlite_where=text(_OPEN)),
        Index("ix_outbox_contact", "contact_id", "seq", postgresql_where=text(_OPEN), sqlite_where=text(_OPEN)),
        Index("ix_outbox_queued_at", "queued_at"),
    )
