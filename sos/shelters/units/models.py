"""Tables of units, of their moves and of what the staff confirmed. Nothing in them tells which shelter it is, or of what kind."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import BigSerial, UTCDateTime


class UnitRow(Base):
    """One unit. `shelter`: HMAC of the service's id; `card`: sealed under the place key."""

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    card: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("state IN ('free', 'held', 'occupied', 'out_of_order')", name="state"),)


class UnitMoveRow(Base):
    """Every move of a unit, for occupancy over time."""

    __tablename__ = "unit_moves"

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_unit_moves_unit_id", "unit_id", "at"),)


class ConfirmationRow(Base):
    """The staff said how many are free. The time of the newest is the age of the capacity."""

    __tablename__ = "confirmations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shelter: Mapped[bytes] = mapped_column(LargeBinary(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_confirmations_shelter", "shelter", "at"),)
