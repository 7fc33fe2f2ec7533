"""Tables of SOS alerts. What an alert must keep is sealed under the alert's own key, so that it outlives an ERASE until a person closes it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime

_OPEN = "state != 'closed'"


class AlertRow(Base):
    """One alert; repeats from the same address fold into it."""

    __tablename__ = "alerts"

    number: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    survivor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    count: Mapped[int]
    """how many messages raised it"""
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    key_epoch: Mapped[str] = mapped_column(String(16), index=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    fold_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of her address: one open alert an address"""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("state IN ('received', 'closed')", name="state"),
        Index("uq_alerts_open", "fold_index", unique=True, postgresql_where=text(_OPEN), sqlite_where=text(_OPEN)),
    )


class AlertEntryRow(Base):
    """A word, a place, a mark: appended, never changed."""

    __tablename__ = "alert_entries"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    alert_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
