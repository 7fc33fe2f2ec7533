"""The assessments table. What she answered is sealed under her key; which questionnaire it was stands in the clear."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class AssessmentRow(Base):
    """One talk through one questionnaire."""

    __tablename__ = "assessments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    slug: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    by: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    counted: Mapped[bool]
    """she agreed that it is counted, never as a row"""
