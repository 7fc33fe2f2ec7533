"""The strip above every page: the SOS that nobody has taken, or that none waits; and whether this member is on duty."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sos.access.permission_map import Signed
from sos.console.rows import Queue, queue
from sos.staff.duty import queries as duty
from sos.staff.duty import rests

_SHORT, _LONG = 120, 7200
DESK_ROLES = frozenset({"operator", "supervisor"})


@dataclass(frozen=True, slots=True)
class Untaken:
    """The one that stands on the banner: the first of the queue. `others`: how many more wait."""

    number: int
    since: datetime
    seconds: int
    others: int

    @property
    def waited(self) -> str:
        """The seconds as a person reads them: "95 s", "4 min 12 s", "2 h 5 min". The script counts on in the same words."""
        minutes, seconds = divmod(self.seconds, 60)
        if self.seconds < _SHORT:
            return f"{self.seconds} s"
        return f"{minutes} min {seconds} s" if self.seconds < _LONG else f"{minutes // 60} h {minutes % 60} min"


@dataclass(frozen=True, slots=True)
class Strip:
    """What the strip shows. `at_desk`: she answers people; others have no strip."""

    at_desk: bool
    on_duty: bool
    untaken: Untaken | None
    waiting: int
    mark: str
    mine: int = 0
    rests_until: datetime | None = None
    asks_at: datetime | None = None
    """her shift ceases to count then, unless she says that she is still here"""


ASKED_BEFORE = timedelta(minutes=30)
"""So long before a shift ceases to count she is asked whether she is still here."""
NOTHING = Strip(at_desk=False, on_duty=False, untaken=None, waiting=0, mark="")


def strip(conn: Connection, who: Signed | None, now: datetime) -> Strip:
    """The strip of this member."""
    if who is None or not who.roles & DESK_ROLES:
        return NOTHING
    here = any(one.member_id == who.id for one in duty.on_duty(conn, now))
    shown = strip_of(queue(conn, who.id, now), on_duty=here, now=now)
    shift = duty.shift_of(conn, who.id) if here else None
    asks = shift.stands_until if shift is not None and shift.stands_until - now <= ASKED_BEFORE else None
    rests_until = rests.resting(conn, now).get(who.id) if here else None
    return replace(
        shown, mark=f"{shown.mark}{'-rests' if rests_until else ''}{'-asks' if asks else ''}", rests_until=rests_until, asks_at=asks
    )


def strip_of(waits: Queue, *, on_duty: bool, now: datetime) -> Strip:
    """The strip over a queue that was read already."""
    untaken = waits.untaken
    first = untaken[0] if untaken else None
    shown = Untaken(first.number, first.since, max(0, int((now - first.since).total_seconds())), len(untaken) - 1) if first else None
    return Strip(
        at_desk=True,
        on_duty=on_duty,
        untaken=shown,
        waiting=sum(row.untaken for row in waits.rows),
        mark=waits.mark,
        mine=sum(row.mine for row in waits.rows),
    )
