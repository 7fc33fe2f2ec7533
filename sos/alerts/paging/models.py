"""The pages table: ids, states and the keyed hash of a code. Never a number, never a word of hers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime

_UNDER_WAY = "state IN ('queued', 'sent')"


class PageRow(Base):
    """One alert, one member, one way."""

    __tablename__ = "pages"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    alert_id: Mapped[str] = mapped_column(String(32), index=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    way_id: Mapped[str | None] = mapped_column(String(32))
    """None: the console"""
    channel: Mapped[str] = mapped_column(String(10))
    round: Mapped[int] = mapped_column(SmallInteger)
    """the level at which it was made"""
    code_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of page id and code"""
    outbox_id: Mapped[str | None] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'delivered', 'failed', 'claimed', 'stopped', 'expired')", name="state"),
        CheckConstraint("channel IN ('console', 'telegram', 'sms')", name="channel"),
        Index("ix_pages_under_way", "state", "seq", postgresql_where=text(_UNDER_WAY), sqlite_where=text(_UNDER_WAY)),
        Index("ix_pages_way_id", "way_id", "seq"),
    )
