"""Tables of referrals, their events, and agencies that are barred from a case. What was shared is sealed under her key; which agency it is, only an index tells."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class ReferralRow(Base):
    """One referral to one agency. It rests on a consent, or on an override of two persons."""

    __tablename__ = "referrals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    """spoken on the phone; random, so that no number tells how many there are"""
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    consent_id: Mapped[str | None] = mapped_column(String(32), index=True)
    override_id: Mapped[str | None] = mapped_column(String(32), index=True)
    agency: Mapped[bytes] = mapped_column(LargeBinary(32))
    """HMAC of the recipient under the place key"""
    programme: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int]
    """counts the waits, so that each has a deadline of its own"""
    declined: Mapped[str | None] = mapped_column(String(20))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(32))
    state_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint(
            "state IN ('sent', 'seen', 'overdue', 'accepted', 'in_service', 'completed', 'declined', 'withdrawn')", name="state"
        ),
        CheckConstraint("programme IN ('protection', 'household')", name="programme"),
        CheckConstraint("(consent_id IS NULL) <> (override_id IS NULL)", name="ground"),
        CheckConstraint("(state = 'declined') = (declined IS NOT NULL)", name="declined"),
        Index("ix_referrals_agency", "agency", "state"),
    )


class ReferralEventRow(Base):
    """What happened to a referral: a move, a word of hers or of the agency. Appended, never changed."""

    __tablename__ = "referral_events"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    referral_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(32))


class AgencyBarRow(Base):
    """An agency for which this case does not exist: a conflict of interest, or she wants it so (DOMAIN 41)."""

    __tablename__ = "agency_bars"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32))
    agency: Mapped[bytes] = mapped_column(LargeBinary(32))
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("uq_agency_bars", "survivor_id", "agency", unique=True),)
