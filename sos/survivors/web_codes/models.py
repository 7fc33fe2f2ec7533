"""The table of codes that a web page shows: an index of each, never the code."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class WebCodeRow(Base):
    """One code, of one web session, for ten minutes."""

    __tablename__ = "web_codes"

    contact_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """the web address that shows it: a later code of the same page ends the earlier one"""
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """HMAC of the digits under the index key of the epoch in which it was made"""
    until: Mapped[datetime] = mapped_column(UTCDateTime)
