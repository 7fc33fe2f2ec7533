"""The strip above every page: the SOS that nobody has taken, or that none waits; and whether this member is on duty."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sos.access.permission_map import Signed
from sos.console.rows import Queue, queue
from sos.staff.duty import queries as duty

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


NOTHING = Strip(at_desk=False, on_duty=False, untaken=None, waiting=0, mark="")


def strip(conn: Connection, who: Signed | None, now: datetime) -> Strip:
    """The strip of this member."""
    if who is None or not who.roles & DESK_ROLES:
        return NOTHING
    return strip_of(queue(conn, who.id, now), on_duty=any(one.member_id == who.id for one in duty.on_duty(conn, now)), now=now)


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
