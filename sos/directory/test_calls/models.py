"""The table of test calls to public numbers. Ids, times and codes only: never what was said, never who answered by name."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class TestCallRow(Base):
    """One call by an operator to a number of `config/jurisdictions`, to learn who really answers."""

    __tablename__ = "test_calls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    slug: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    """as it was dialled: a number that changes in the file is called anew"""
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at_night: Mapped[bool]
    """between 22 and 6 by the wall clock of the country"""
    result: Mapped[str] = mapped_column(String(16))
    waited_seconds: Mapped[int]
    languages: Mapped[str] = mapped_column(String(40))
    """codes of the languages spoken, with spaces between"""
    called_by: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("result IN ('person', 'machine', 'passed_on', 'no_answer', 'dead')", name="result"),
        CheckConstraint("waited_seconds BETWEEN 0 AND 7200", name="waited_seconds"),
        Index("ix_test_calls_number", "country", "slug", "called_at"),
    )
