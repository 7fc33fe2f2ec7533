"""Tables of risk questionnaires: who is trained for which, and what was answered, sealed. No score stands here in the open."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class TrainedRow(Base):
    """A member who was trained for a questionnaire, on a day, until a day."""

    __tablename__ = "trained"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), index=True)
    questionnaire: Mapped[str] = mapped_column(String(40))
    trained_on: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    noted_by: Mapped[str] = mapped_column(String(32))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RiskAnswerRow(Base):
    """One questionnaire as answered, sealed under the alert's key or hers; it keeps the version it was given under."""

    __tablename__ = "risk_answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    about: Mapped[str] = mapped_column(String(8))
    """whose key seals the body"""
    subject: Mapped[str] = mapped_column(String(32))
    """id of the alert or of the survivor"""
    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (CheckConstraint("about IN ('alert', 'survivor')", name="about"), Index("ix_risk_answers_subject", "subject", "at"))
