"""Who there is, read from the members and the duty rota. Counts a started shift of somebody who can be reached, never a browser alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from sos.alerts.escalation.roster import Person
from sos.staff.duty import queries as duty
from sos.staff.members.queries import members


class Staffing:
    """The roster of an installation."""

    def everyone(self, conn: Connection) -> Sequence[Person]:
        return [
            Person(
                id=one.id,
                alias=one.alias,
                roles=frozenset(role.value for role in one.roles),
                languages=frozenset(one.languages),
                countries=frozenset(one.countries),
            )
            for one in members(conn)
        ]

    def on_duty(self, conn: Connection, now: datetime) -> frozenset[str]:
        return frozenset(one.member_id for one in duty.in_reach(conn, now))

    def on_rota(self, conn: Connection, now: datetime) -> frozenset[str]:
        return frozenset(one.member_id for one in duty.rostered(conn, now))

    def next_on(self, conn: Connection, now: datetime, *, but: frozenset[str]) -> str | None:
        coming = duty.next_on(conn, now, but=but)
        return coming.member_id if coming is not None else None
