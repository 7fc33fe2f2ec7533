"""The appointments table. When stands in the clear, for its reminder; with whom, where and under which cover is sealed under her key."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class AppointmentRow(Base):
    """One appointment."""

    __tablename__ = "appointments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('agreed', 'held', 'not_held', 'cancelled')", name="state"),
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
    )
