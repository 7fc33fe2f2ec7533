"""The table of emergency calls made without her answer: each waits for a supervisor's review. The card itself is an entry of its alert."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class UnaskedCallRow(Base):
    """One operator acted on a risk to life although she had not answered whether a colleague may call."""

    __tablename__ = "unasked_calls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alert_id: Mapped[str] = mapped_column(String(32), index=True)
    ground: Mapped[str] = mapped_column(String(24))
    acted_by: Mapped[str] = mapped_column(String(32))
    acted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    review_due: Mapped[datetime] = mapped_column(UTCDateTime)
    reviewed_by: Mapped[str | None] = mapped_column(String(32))
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finding: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        CheckConstraint("ground IN ('words', 'injury', 'weapon', 'child', 'silence')", name="ground"),
        CheckConstraint("finding IN ('right', 'not_needed', 'follow_up')", name="finding"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (finding IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by <> acted_by", name="another_person"),
    )
