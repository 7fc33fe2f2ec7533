"""Tables of the people who write to us. Everything of hers is sealed with her own key; that key is wrapped by an epoch."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime


class SurvivorRow(Base):
    """One person as far as we know: a key, and nothing readable."""

    __tablename__ = "survivors"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key_epoch: Mapped[str] = mapped_column(String(16), index=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """her data key, wrapped by the epoch; NULL when destroyed"""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """she asked for erasure while something was open: nothing is shown to her device any more"""


class ContactRow(Base):
    """An address she writes from. An address, not an identity."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    epoch: Mapped[str] = mapped_column(String(16), index=True)
    index: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """HMAC of the address under that epoch's index key; NULL when the address leads to her no longer"""
    address: Mapped[bytes] = mapped_column(LargeBinary)
    provider: Mapped[str] = mapped_column(String(32))
    """replies leave by the provider that brought her in"""
    window_until: Mapped[datetime] = mapped_column(UTCDateTime)
    """her own message opens this channel for replies until then"""


class WordRow(Base):
    """A word she agreed: check, cover or duress."""

    __tablename__ = "words"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(8))
    word: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("survivor_id", "kind"), CheckConstraint("kind IN ('check', 'cover', 'duress')", name="kind"))


class PhraseRow(Base):
    """A code phrase by which she finds back from another device."""

    __tablename__ = "phrases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(32), unique=True)
    epoch: Mapped[str] = mapped_column(String(16))
    index: Mapped[bytes] = mapped_column(LargeBinary(32))
    phrase: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_phrases_index", "index"),)
