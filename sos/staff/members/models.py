"""Tables of the members: an alias and what she may do. Her login name and everything secret lie sealed in `sos.staff.sign_in`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime

ROLES = "role IN ('operator', 'supervisor', 'shelter_staff', 'directory_editor', 'administrator', 'analyst', 'trainee')"


class MemberRow(Base):
    """One member. `languages` and `countries`: codes with blanks between; `service_id`: the shelter of shelter staff."""

    __tablename__ = "members"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alias: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    languages: Mapped[str] = mapped_column(String(60))
    countries: Mapped[str] = mapped_column(String(20))
    service_id: Mapped[str | None] = mapped_column(String(36))
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("state IN ('invited', 'active', 'left')", name="state"),)


class MemberRoleRow(Base):
    """One role of one member."""

    __tablename__ = "member_roles"

    member_id: Mapped[str] = mapped_column(String(32), ForeignKey("members.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)

    __table_args__ = (CheckConstraint(ROLES, name="role"),)


class InvitationRow(Base):
    """A one-time link. Only an HMAC of its token is here; `made_by`: a member, or "system"."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(32), ForeignKey("members.id"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (CheckConstraint("kind IN ('join', 'reset')", name="kind"),)
