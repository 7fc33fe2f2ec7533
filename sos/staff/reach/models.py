"""Tables of reach: ways to a member, one-time codes, wrong guesses. Addresses are sealed under the staff key and found by its HMAC."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime

_PROVED = "verified_at IS NOT NULL"


class WayRow(Base):
    """One number or chat of a member. A verified one belongs to one member only."""

    __tablename__ = "staff_ways"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    index: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(SmallInteger)
    """failed attempts in a row"""
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    worked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'telegram')", name="channel"),
        Index("uq_staff_ways_verified", "index", unique=True, postgresql_where=text(_PROVED), sqlite_where=text(_PROVED)),
    )


class CodeRow(Base):
    """A one-time code: texted to a number and typed in the console, or shown in the console and sent to the bot."""

    __tablename__ = "staff_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    way_id: Mapped[str | None] = mapped_column(String(32))
    code_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(SmallInteger)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("channel IN ('sms', 'telegram')", name="channel"),)


class GuessRow(Base):
    """Wrong codes of one sender, or for one task, in the running hour. `about`: an HMAC, never an address."""

    __tablename__ = "staff_guesses"

    about: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    count: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
