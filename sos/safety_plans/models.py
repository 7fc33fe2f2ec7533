"""Tables of plans, their items, drills and lockdowns. Which house it is, only an index tells; what was written is sealed under the place key."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class PlanRow(Base):
    """One plan of one house. It keeps the version of the checklist with which it began."""

    __tablename__ = "safety_plans"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    slug: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    lead: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_by: Mapped[str | None] = mapped_column(String(32))
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_too_by: Mapped[str | None] = mapped_column(String(32))
    signed_too_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint("state IN ('open', 'signed_once', 'signed', 'review', 'ended')", name="state"),
        CheckConstraint("signed_too_by IS NULL OR signed_too_by <> signed_by", name="two_persons"),
    )


class PlanItemRow(Base):
    """One item of one plan, by the stable id of its checklist."""

    __tablename__ = "safety_plan_items"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(32))
    item: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(8))
    owner: Mapped[str | None] = mapped_column(String(32), index=True)
    due_on: Mapped[date | None] = mapped_column(Date)
    done_by: Mapped[str | None] = mapped_column(String(32))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    """evidence in words"""
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    """evidence as a picture, without metadata"""

    __table_args__ = (
        UniqueConstraint("plan_id", "item"),
        CheckConstraint("state IN ('to_do', 'done', 'not_here')", name="state"),
    )


class DrillRow(Base):
    """One drill: how many were counted, by number only."""

    __tablename__ = "drills"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    plan_id: Mapped[str] = mapped_column(String(32))
    held_at: Mapped[datetime] = mapped_column(UTCDateTime)
    staff: Mapped[int]
    residents: Mapped[int]
    children: Mapped[int]
    missing: Mapped[int]
    minutes: Mapped[int]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    by: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("staff >= 0 AND residents >= 0 AND children >= 0 AND missing >= 0 AND minutes >= 0", name="counts"),
        Index("ix_drills_plan_id", "plan_id", "held_at"),
    )


class LockdownRow(Base):
    """A neutral message to the staff of one house, and its end."""

    __tablename__ = "lockdowns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_by: Mapped[str] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(32))


class LockdownReplyRow(Base):
    """Who of the staff has acknowledged."""

    __tablename__ = "lockdown_replies"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lockdown_id: Mapped[str] = mapped_column(String(32))
    member_id: Mapped[str] = mapped_column(String(32))
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("lockdown_id", "member_id"),)
