"""The audit table: append-only, triggers on both databases forbid change and removal."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class AuditRow(Base):
    """One act. `(writer, n)` is gapless for each writer; `mac` authenticates the row."""

    __tablename__ = "audit"

    writer: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditSeal(Base):
    """One link of the chain over all writers: covers rows `first_n..last_n` of a writer."""

    __tablename__ = "audit_seals"

    seq: Mapped[int] = mapped_column(primary_key=True)
    writer: Mapped[str] = mapped_column(String(64))
    first_n: Mapped[int]
    last_n: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    chain: Mapped[bytes] = mapped_column(LargeBinary(32))
