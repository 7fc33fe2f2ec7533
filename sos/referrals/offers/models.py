"""Tables of offers (public) and of applications to them (hers)."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class OfferRow(Base):
    """One call with its dates and places."""

    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    area: Mapped[str] = mapped_column(String(60))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    places: Mapped[int | None]
    left: Mapped[int | None]
    conditions: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    verified_on: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """closed by a person before its day"""

    __table_args__ = (
        CheckConstraint("kind IN ('grant', 'training', 'job', 'material_help', 'minor_repair')", name="kind"),
        CheckConstraint('"left" IS NULL OR "left" >= 0', name="left"),
        CheckConstraint("closes_on >= opens_on", name="dates"),
        Index("ix_offers_closes_on", "closes_on"),
    )


class ApplicationRow(Base):
    """One application, of one person or of several together. It holds one place of its offer."""

    __tablename__ = "applications"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    offer_id: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("state IN ('noted', 'applied', 'accepted', 'refused', 'withdrawn', 'done')", name="state"),)


class ApplicantRow(Base):
    """One of those who apply. Who applies together with her stands nowhere else."""

    __tablename__ = "applicants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(String(32), index=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("application_id", "survivor_id"),)


class WishRow(Base):
    """She asked to hear of offers of this kind; where, stands sealed under her key."""

    __tablename__ = "offer_wishes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("survivor_id", "kind"),)
