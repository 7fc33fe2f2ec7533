"""The table of aliases: sealed under her key, found by an index of the epoch."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class AliasRow(Base):
    """One person's alias, given by an operator."""

    __tablename__ = "aliases"

    survivor_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(16), index=True)
    index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """HMAC of the folded alias under that epoch's index key"""
    alias: Mapped[bytes] = mapped_column(LargeBinary)
    given_by: Mapped[str] = mapped_column(String(32))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
