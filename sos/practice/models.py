"""Tables of practice, apart from every real one. No row here points at a survivor, an alert or a message, and none there points here."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class PracticeRunRow(Base):
    """One exercise of one member: the record of who has practised what and when."""

    __tablename__ = "practice_runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32))
    scenario: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(3))
    difficulty: Mapped[str] = mapped_column(String(8))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(Text)
    """where the script stands, as JSON of codes and times: no words"""

    __table_args__ = (
        CheckConstraint("outcome IN ('running', 'went_on', 'left', 'silent', 'stopped')", name="outcome"),
        CheckConstraint("difficulty IN ('first', 'middle', 'hard')", name="difficulty"),
        CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name="ended"),
        Index("ix_practice_runs_member", "member_id", "began_at"),
    )


class PracticeLineRow(Base):
    """One line of an exercise, sealed: people type real names even in practice."""

    __tablename__ = "practice_lines"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    run_id: Mapped[str] = mapped_column(String(32), index=True)
    who: Mapped[str] = mapped_column(String(9))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("who IN ('trainee', 'simulated')", name="who"),)
