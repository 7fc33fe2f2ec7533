"""The summaries table: one summary of hers at a time, sealed under her key."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class SummaryRow(Base):
    """What a person wrote down so that she need not tell it again. Another draft is another row: approval never carries over."""

    __tablename__ = "summaries"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    drafted_by: Mapped[str] = mapped_column(String(32))
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_to: Mapped[str | None] = mapped_column(String(32))
    """the member who read it to her and heard her yes"""

    __table_args__ = (
        CheckConstraint("(approved_at IS NULL) = (approved_to IS NULL)", name="approved"),
        Index("uq_summaries_survivor", "survivor_id", unique=True),
    )
