"""Tables of duty: shifts, rota turns, changes to them, calendar feeds. No name and no reason stands here; notes are sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class ShiftRow(Base):
    """Somebody at work, from a click to a click. `note`: the hand-over note, sealed under the staff key."""

    __tablename__ = "shifts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """when she last said "I am here": a shift that nobody ended must not count for days"""
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """until when she means to stay, where she said so"""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    break_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """she rests until then: new ordinary matters wait for others, an SOS does not"""
    note: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "uq_shifts_open",
            "member_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_shifts_started_at", "started_at"),
    )


class TurnRow(Base):
    """One line of the rota, once or repeated. `starts`, `ends`: wall clock of `zone`, "2026-11-23T22:00"; `repeat`: an RRULE (RFC 5545)."""

    __tablename__ = "rota_turns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    languages: Mapped[str | None] = mapped_column(String(64))
    """of an interpreter: codes with spaces between"""
    zone: Mapped[str] = mapped_column(String(64))
    starts: Mapped[str] = mapped_column(String(16))
    ends: Mapped[str] = mapped_column(String(16))
    repeat: Mapped[str | None] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("kind IN ('duty', 'interpreter')", name="kind"),
        CheckConstraint("ends > starts", name="order"),
    )


class ChangeRow(Base):
    """A change to the rota: one occurrence given to another person or to nobody, or a member away for a time. Never says why."""

    __tablename__ = "rota_changes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    turn_id: Mapped[str | None] = mapped_column(String(32))
    occurrence: Mapped[str | None] = mapped_column(String(16))
    """wall clock at which the occurrence starts"""
    member_id: Mapped[str | None] = mapped_column(String(32))
    """swap: who takes it, empty for nobody; absence: who is away"""
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint(
            "(kind = 'swap' AND turn_id IS NOT NULL AND occurrence IS NOT NULL) OR "
            "(kind = 'absence' AND member_id IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)",
            name="kind",
        ),
    )


class FeedRow(Base):
    """A calendar address of one member, found by an index of its token."""

    __tablename__ = "duty_feeds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    token_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
