"""The table of her contact rules: one sealed row a person."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class ContactRulesRow(Base):
    """When and how she may be written to, sealed under her key."""

    __tablename__ = "contact_rules"

    survivor_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    rules: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
