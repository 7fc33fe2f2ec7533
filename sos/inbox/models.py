"""The inbox table: what came in, sealed, until it is answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class InboxRow(Base):
    """One message. After its answer is committed only the once-only key stays, for 30 days."""

    __tablename__ = "inbox"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    once_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """HMAC of provider and its own id: a repeated delivery is the same row"""
    provider: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    epoch: Mapped[str | None] = mapped_column(String(16))
    """whose intake key seals the body"""
    sender_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of the address in that epoch: keeps one person's messages in order"""
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    holder: Mapped[str | None] = mapped_column(String(64))
    """the worker incarnation that has it leased"""
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    why: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state"),
        Index("ix_inbox_waiting", "seq", postgresql_where=text("state = 'waiting'"), sqlite_where=text("state = 'waiting'")),
        Index("ix_inbox_sender", "sender_key", "seq", postgresql_where=text("state = 'waiting'"), sqlite_where=text("state = 'waiting'")),
        Index("ix_inbox_received_at", "received_at"),
    )
