"""Tables of her evidence. Names, times, hashes and bytes are sealed under a key of the item, which is sealed under hers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class EvidenceRow(Base):
    """One thing that she keeps, or asked to have fetched. Erased alone, its number and link stay, so that the others can still be checked."""

    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    n: Mapped[int | None]
    """its place in her chain, 1, 2, 3 ...; NULL while it is being fetched"""
    state: Mapped[str] = mapped_column(String(8))
    link: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """SHA-256 over the link before it and its card, which holds a random salt: proves, and tells nothing"""
    chunks: Mapped[int]
    """how many rows hold its bytes: a size class, never the size"""
    card: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_epoch: Mapped[str] = mapped_column(String(16), index=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """since when she lets the colleagues of this line see it; NULL: nobody sees it"""
    attempts: Mapped[int]
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("survivor_id", "n"),
        CheckConstraint("state IN ('wanted', 'kept', 'erased')", name="state"),
        CheckConstraint("state != 'kept' OR (n IS NOT NULL AND link IS NOT NULL AND card IS NOT NULL)", name="kept_is_whole"),
    )


class EvidenceChunkRow(Base):
    """A part of the original bytes, sealed; all parts of one item have one size."""

    __tablename__ = "evidence_chunks"

    evidence_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
