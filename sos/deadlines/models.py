"""The deadlines table: what must happen by when."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class DeadlineRow(Base):
    """One deadline; (kind, subject, level) exists once."""

    __tablename__ = "deadlines"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(32))
    level: Mapped[int] = mapped_column(SmallInteger)
    due: Mapped[datetime] = mapped_column(UTCDateTime)
    fired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("kind", "subject", "level"),
        Index("ix_deadlines_due", "due", postgresql_where=text("fired_at IS NULL"), sqlite_where=text("fired_at IS NULL")),
    )


class HeartbeatRow(Base):
    """When something last lived or ran: a worker, a job, a gateway."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(96), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
