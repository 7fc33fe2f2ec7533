"""The consents table. To whom, what and why stands sealed under her key; only its end and its state stand in the clear."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class ConsentRow(Base):
    """One receipt."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(4))
    """by which she names it: a letter and two digits, unique among her own"""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_to: Mapped[str] = mapped_column(String(32))
    """the member who read it back to her"""
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('live', 'suspended', 'withdrawn', 'expired')", name="state"),
        Index("uq_consents_code", "survivor_id", "code", unique=True),
    )
