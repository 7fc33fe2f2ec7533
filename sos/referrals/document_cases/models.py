"""Tables of document cases and their steps. Which papers and every note are sealed under her key."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class DocumentCaseRow(Base):
    """One case with its mediator."""

    __tablename__ = "document_cases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    mediator: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(10))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("state IN ('open', 'received', 'refused', 'stopped')", name="state"),)


class DocumentStepRow(Base):
    """One step of one case."""

    __tablename__ = "document_steps"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    step: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date | None] = mapped_column(Date)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        CheckConstraint("state IN ('to_do', 'under_way', 'waiting', 'stuck', 'done', 'not_needed')", name="state"),
    )
