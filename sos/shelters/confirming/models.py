"""Tables of a shelter's settings and of the questions to its staff. Nothing in them tells which shelter it is."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class SettingsRow(Base):
    """What one shelter chose. `shelter`: HMAC of the service's id; `body`: sealed under the place key."""

    __tablename__ = "shelter_settings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class QuestionRow(Base):
    """One question "what is free?" to the staff of one shelter. `asked_again`: an answer was unclear, and an example was sent."""

    __tablename__ = "bed_questions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32))
    code: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_again: Mapped[bool]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered', 'over')", name="state"),
        Index("ix_bed_questions_shelter", "shelter", "state"),
    )
