"""The table of check-ins. What she wrote about it is sealed under her key; times are not, since deadlines run on them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime

_OPEN = "state = 'open'"


class CheckInRow(Base):
    """One check-in; at most one open for each person."""

    __tablename__ = "check_ins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(10))
    then: Mapped[str] = mapped_column(String(8))
    due: Mapped[datetime] = mapped_column(UTCDateTime)
    plan: Mapped[bytes | None] = mapped_column(LargeBinary)
    """her address and language, sealed; NULL when forgotten"""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """asked without the check word: a mark, nothing more"""
    gap_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """since when nobody is expected on duty at that time"""
    gap_told: Mapped[bool] = mapped_column(default=False)
    """whether she has read that"""

    __table_args__ = (
        CheckConstraint("state IN ('open', 'kept', 'missed', 'cancelled')", name="state"),
        CheckConstraint("\"then\" IN ('alert', 'task')", name="then"),
        Index("uq_check_ins_open", "survivor_id", unique=True, postgresql_where=text(_OPEN), sqlite_where=text(_OPEN)),
    )
