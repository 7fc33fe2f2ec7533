"""Tables of the staff side: tasks that wait for a person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class TaskRow(Base):
    """Something that only a person can do. `note` is sealed under the survivor's key."""

    __tablename__ = "tasks"

    number: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    survivor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(8))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    count: Mapped[int]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'done')", name="state"),
        Index(
            "uq_tasks_open",
            "survivor_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'open' AND survivor_id IS NOT NULL"),
            sqlite_where=text("state = 'open' AND survivor_id IS NOT NULL"),
        ),
    )
