"""Who works in a shelter, and the ways on which they registered to be written to. Shows no number."""

from sqlalchemy import Connection

from sos.staff.members.queries import Member, member, members
from sos.staff.members.states import Membership, Role
from sos.staff.reach.actions import Reach
from sos.staff.reach.queries import Way


def staff_of(conn: Connection, service_id: str) -> list[Member]:
    """Active shelter staff of this service."""
    return [one for one in members(conn, role=Role.SHELTER_STAFF) if one.service_id == service_id]


def ways_to(conn: Connection, reach: Reach, service_id: str) -> list[Way]:
    """Every verified way to them."""
    return [way for one in staff_of(conn, service_id) for way in reach.ways(conn, one.id)]


def shelter_of(conn: Connection, member_id: str) -> str | None:
    """The service for which this member may speak: she is active, shelter staff, and has one."""
    found = member(conn, member_id)
    if found is None or found.state is not Membership.ACTIVE or Role.SHELTER_STAFF not in found.roles:
        return None
    return found.service_id
