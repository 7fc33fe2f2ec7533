"""Who else can take a case or be asked: members of the desk, those on duty first. Only reads."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sos.console.strip import DESK_ROLES
from sos.staff.duty import queries as duty
from sos.staff.members import queries as members
from sos.staff.members.states import Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to hand over to or to ask."""

    id: str
    alias: str
    on_duty: bool
    supervisor: bool


def colleagues(conn: Connection, now: datetime, but: str = "") -> list[Colleague]:
    """Everybody at the desk, `but` one."""
    here = {one.member_id for one in duty.on_duty(conn, now)}
    found = [one for one in members.members(conn) if {role.value for role in one.roles} & DESK_ROLES and one.id != but]
    made = [Colleague(one.id, one.alias, one.id in here, Role.SUPERVISOR in one.roles) for one in found]
    return sorted(made, key=lambda one: (not one.on_duty, one.alias))
