"""Tables of the staff side: tasks that wait for a person, and what was noted on them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class TaskRow(Base):
    """Something that only a person can do."""

    __tablename__ = "tasks"

    number: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    survivor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    alert_id: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """not before then: it stands in the queue from this moment on"""
    count: Mapped[int]
    left_by: Mapped[str | None] = mapped_column(String(32))
    taken_by: Mapped[str | None] = mapped_column(String(32), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[str | None] = mapped_column(String(32))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('open', 'done')", name="state"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index(
            "uq_tasks_open",
            "survivor_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'open' AND survivor_id IS NOT NULL"),
            sqlite_where=text("state = 'open' AND survivor_id IS NOT NULL"),
        ),
        Index("ix_tasks_waiting", "number", postgresql_where=text("state = 'open'"), sqlite_where=text("state = 'open'")),
    )


class TaskNoteRow(Base):
    """One note on a task: appended, never changed; sealed under the survivor's key."""

    __tablename__ = "task_notes"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    task_id: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str | None] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
