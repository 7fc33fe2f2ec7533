"""The holds table. `case_ref` is an opaque id: the row alone tells neither who nor where."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime

_OPEN = "state IN ('held', 'subject')"


class HoldRow(Base):
    """One unit kept for one case until a time. The index lets a unit have one open hold only."""

    __tablename__ = "holds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(32), index=True)
    case_ref: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(8))
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('held', 'subject', 'taken_up', 'released', 'lapsed', 'declined')", name="state"),
        Index("uq_holds_open", "unit_id", unique=True, postgresql_where=text(_OPEN), sqlite_where=text(_OPEN)),
    )
