"""Members of the staff for tests that need no web page."""

from collections.abc import Iterable

from sos.rooms import Rooms
from sos.staff.members.states import Role


def add_member(rooms: Rooms, *, alias: str, roles: Iterable[Role] = (Role.OPERATOR,)) -> str:
    """An active member; returns her id."""
    with rooms.database.write() as unit:
        member_id = rooms.members.add(unit, alias, roles, ("sq", "sr", "en"), ("XK", "RS"), None)
        rooms.members.join(unit, member_id)
    return member_id
