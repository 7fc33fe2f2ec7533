"""Tables of the ways in. What identifies or opens is sealed or hashed under keys derived from the keystore; no IP address anywhere."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime

_OWNER = "members.id"


class CredentialRow(Base):
    """Login name, password (argon2id) and authenticator of one member. `totp_counter`: the step of the last code taken; none earlier is."""

    __tablename__ = "credentials"

    member_id: Mapped[str] = mapped_column(String(32), ForeignKey(_OWNER), primary_key=True)
    login_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    login: Mapped[bytes] = mapped_column(LargeBinary)
    password: Mapped[bytes] = mapped_column(LargeBinary)
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SecurityKeyRow(Base):
    """One WebAuthn credential. `key`: id, public key and name, sealed; `key_index`: HMAC of its id."""

    __tablename__ = "security_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), ForeignKey(_OWNER), index=True)
    key_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCodeRow(Base):
    """One recovery code, as an HMAC. Taken once, then gone."""

    __tablename__ = "recovery_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), ForeignKey(_OWNER), index=True)
    code: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class StaffSessionRow(Base):
    """One browser of one member. `token`: an HMAC of the cookie; `pending`: what a set-up or a challenge must remember, sealed."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), ForeignKey(_OWNER), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    stage: Mapped[str] = mapped_column(String(8))
    invitation_id: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fresh_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pending: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (CheckConstraint("stage IN ('password', 'joining', 'full')", name="stage"),)


class SignInWaitRow(Base):
    """Failed tries under one name, known or not. `who`: an HMAC of the name."""

    __tablename__ = "sign_in_waits"

    who: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
