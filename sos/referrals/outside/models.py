"""The outside_links table. Neither the link nor its secret stands here, only what recognises them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class OutsideLinkRow(Base):
    """One link to one referral, for an agency without an account here."""

    __tablename__ = "outside_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    referral_id: Mapped[str] = mapped_column(String(32), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """HMAC of what stands in the address; once opened, of what the page's form carries"""
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),)
