"""Reaches everybody who works in one house, in neutral words, by every way that each has proved. Knows no number; says no house and no danger."""

from collections.abc import Sequence

from sqlalchemy import Connection

from sos.db.database import Unit
from sos.safety_plans import wording
from sos.staff.members.queries import member, members
from sos.staff.members.states import Membership, Role
from sos.staff.reach.actions import Reach

OK = "ok"
"""The value of the button, and the word on a phone."""


def house_of(conn: Connection, member_id: str) -> str | None:
    """The service for which this member works in a house; None for everybody else, and for who has left."""
    found = member(conn, member_id)
    if found is None or found.state is not Membership.ACTIVE or Role.SHELTER_STAFF not in found.roles:
        return None
    return found.service_id


class HouseCaller:
    """`Caller` of the lockdowns."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def staff(self, unit: Unit, service_id: str) -> Sequence[str]:
        """Active ones of this house."""
        return [one.id for one in members(unit.conn, role=Role.SHELTER_STAFF) if one.service_id == service_id]

    def tell(self, unit: Unit, member_id: str, *, over: bool) -> None:
        """By every way of this member."""
        for way in self._reach.ways(unit.conn, member_id):
            if over:
                self._reach.send(unit, way, text=wording.OVER)
            else:
                self._reach.send(unit, way, text=wording.READ, buttons=((OK, "OK"),))
