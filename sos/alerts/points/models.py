"""The table of the keys of shared places: one an open alert, wrapped by the epoch alone."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base


class PointsKeyRow(Base):
    """The key under which the points of one alert are sealed. NULL when the alert has ended or she was forgotten."""

    __tablename__ = "alert_points_keys"

    alert_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    key_epoch: Mapped[str] = mapped_column(String(16), index=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
