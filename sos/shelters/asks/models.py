"""Tables of rounds and asks. A row of `asks` bears nothing that another row of the same round bears too: no id, no code, no moment.

Which asks belong to a round stands sealed under the place key, in the round only.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class RoundRow(Base):
    """The search for one case."""

    __tablename__ = "ask_rounds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_ref: Mapped[str] = mapped_column(String(32), index=True)
    """the alert or referral for which a place is sought"""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_by: Mapped[str] = mapped_column(String(32))

    __table_args__ = (CheckConstraint("state IN ('asking', 'found', 'settled', 'nobody', 'ended')", name="state"),)


class AskRow(Base):
    """The ask to one shelter. `body`: need, hold and round, sealed under the place key."""

    __tablename__ = "asks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32))
    code: Mapped[str] = mapped_column(String(4))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    send_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'open', 'yes', 'no', 'expired', 'released')", name="state"),
        CheckConstraint("(state = 'no') = (declined IS NOT NULL)", name="declined"),
        Index("ix_asks_shelter", "shelter", "state"),
    )
