"""Tables of SOS alerts. What an alert must keep is sealed under the alert's own key, so that it outlives an ERASE until a person closes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, SmallInteger, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime

OPEN = "state NOT IN ('closed', 'false_alarm')"


class AlertRow(Base):
    """One alert; repeats from the same address fold into it."""

    __tablename__ = "alerts"

    number: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    survivor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    count: Mapped[int]
    """how many messages raised it"""
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """her last word"""
    key_epoch: Mapped[str] = mapped_column(String(16), index=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    fold_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of her address: one open alert an address"""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)

    source: Mapped[str] = mapped_column(String(8), server_default="device")
    urgency: Mapped[str] = mapped_column(String(10), server_default="urgent")
    reasons: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    """codes, in the order in which they came"""
    policy: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    """the escalation policy as it was when the alert was raised; a changed file never alters a running alert"""
    language: Mapped[str | None] = mapped_column(String(3))
    country: Mapped[str | None] = mapped_column(String(2))
    round: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """the level paged last"""
    turn: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """counts the spans that have a deadline of their own: takings, hand-overs, answers"""
    taken_by: Mapped[str | None] = mapped_column(String(32), index=True)
    handed_to: Mapped[str | None] = mapped_column(String(32))
    state_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """the last act of a person"""
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[str | None] = mapped_column(String(16))
    nuisance_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wrong_codes: Mapped[int] = mapped_column(server_default="0")
    """guessed page codes: the codes of later pages grow longer"""
    synthetic: Mapped[bool] = mapped_column(server_default=false())
    """the daily test: stands in no queue and no figure"""

    __table_args__ = (
        CheckConstraint(
            "state IN ('received', 'being_shown', 'taken', 'opened', 'answered', 'handed_over', 'closed', 'false_alarm')", name="state"
        ),
        CheckConstraint("urgency IN ('emergency', 'urgent', 'ordinary')", name="urgency"),
        CheckConstraint("source IN ('device', 'phone', 'visit', 'check_in', 'shelter')", name="source"),
        CheckConstraint(
            "state IN ('received', 'being_shown', 'handed_over', 'closed', 'false_alarm') OR taken_by IS NOT NULL", name="taken_by"
        ),
        Index("uq_alerts_open", "fold_index", unique=True, postgresql_where=text(OPEN), sqlite_where=text(OPEN)),
        Index("ix_alerts_state", "state", postgresql_where=text(OPEN), sqlite_where=text(OPEN)),
    )


class AlertEntryRow(Base):
    """A word, a place, a mark, a level that was paged, an act of a person: appended, never changed."""

    __tablename__ = "alert_entries"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    alert_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str | None] = mapped_column(String(32))
    """the member who did it; empty for her and for the program"""


class AlertBarRow(Base):
    """A member of staff for whom this case does not exist: a conflict of interest, or her wish for another person."""

    __tablename__ = "alert_bars"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    alert_id: Mapped[str | None] = mapped_column(String(32), index=True)
    survivor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    """her later alerts too"""
    by: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
