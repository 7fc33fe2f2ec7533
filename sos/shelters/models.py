"""The vault of confidential services: sealed under the place key, apart from every public table.

A row shows an id and nothing else: no category, area, number, time or organisation stands in the clear.
"""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base


class HiddenService(Base):
    """One confidential service. `card` is what operators' matching reads, `place` what only a reveal opens."""

    __tablename__ = "hidden_services"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    card: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[bytes] = mapped_column(LargeBinary)
