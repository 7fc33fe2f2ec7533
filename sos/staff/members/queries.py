"""Read members. Never a login name, never a real one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from sos.staff.members.models import MemberRoleRow, MemberRow
from sos.staff.members.states import Membership, Role


@dataclass(frozen=True, slots=True)
class Member:
    """One member as colleagues see her. `countries`: ISO codes ("XK", "RS"); `service_id`: the shelter of shelter staff."""

    id: str
    alias: str
    roles: frozenset[Role]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    state: Membership
    service_id: str | None
    invited_at: datetime
    signed_in_at: datetime | None


def member(conn: Connection, member_id: str) -> Member | None:
    """One member, whatever her state."""
    row = conn.execute(select(MemberRow.__table__).where(MemberRow.id == member_id)).one_or_none()
    return _with_roles(conn, [row])[0] if row is not None else None


def members(conn: Connection, *, role: Role | None = None) -> list[Member]:
    """The active ones, by alias; with `role` only those who have it."""
    rows = conn.execute(select(MemberRow.__table__).where(MemberRow.state == Membership.ACTIVE.value)).all()
    return [found for found in _with_roles(conn, rows) if role is None or role in found.roles]


def everyone(conn: Connection) -> list[Member]:
    """Invited, active and left, by alias: for administrators."""
    return _with_roles(conn, conn.execute(select(MemberRow.__table__)).all())


def anybody(conn: Connection) -> bool:
    """Whether anyone was ever invited here."""
    return bool(conn.execute(select(func.count()).select_from(MemberRow)).scalar())


def _with_roles(conn: Connection, rows: Iterable[Row[Any]]) -> list[Member]:
    found = sorted(rows, key=lambda row: row.alias.casefold())
    roles: dict[str, set[Role]] = {row.id: set() for row in found}
    for line in conn.execute(select(MemberRoleRow.__table__).where(MemberRoleRow.member_id.in_(roles))):
        roles[line.member_id].add(Role(line.role))
    return [
        Member(
            id=row.id,
            alias=row.alias,
            roles=frozenset(roles[row.id]),
            languages=tuple(row.languages.split()),
            countries=tuple(row.countries.split()),
            state=Membership(row.state),
            service_id=row.service_id,
            invited_at=row.invited_at,
            signed_in_at=row.signed_in_at,
        )
        for row in found
    ]
