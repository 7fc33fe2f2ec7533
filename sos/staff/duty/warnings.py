"""Tells the supervisors of a gap in the rota before it comes: a day and two hours ahead, once each. Never closes a gap by itself, never hides one."""

from datetime import UTC, datetime, timedelta

from sos.db.database import Unit
from sos.deadlines.actions import Due, set_deadline
from sos.staff.actions import Tasks
from sos.staff.duty import queries, rota
from sos.staff.duty.rota import Span
from sos.staff.members.queries import members
from sos.staff.members.states import Role
from sos.staff.reach import wording
from sos.staff.reach.actions import Reach
from sos.staff.states import TaskKind

KIND = "duty.gap"
HOURS_AHEAD = (24, 2)
"""The levels of the deadline: hours before the gap."""
_LOOKED_AT = timedelta(hours=26)
_MOMENT = timedelta(minutes=1)
_SUBJECT = "%Y%m%dT%H%MZ"


class GapWarnings:
    """Plans the warnings and fires them."""

    def __init__(self, tasks: Tasks, reach: Reach) -> None:
        self._tasks = tasks
        self._reach = reach

    def plan(self, unit: Unit) -> None:
        """Set what must be told of the gaps of the coming day. Safe to run at any time: a warning that is set or told stays as it is."""
        for gap in self._beginning(unit):
            for hours in HOURS_AHEAD:
                too_near = hours != HOURS_AHEAD[-1] and gap.starts - unit.now <= timedelta(hours=HOURS_AHEAD[-1])
                if not too_near:  # the nearer warning says it all
                    subject = gap.starts.astimezone(UTC).strftime(_SUBJECT)
                    set_deadline(unit, kind=KIND, subject=subject, level=hours, due=gap.starts - timedelta(hours=hours))

    def fire(self, unit: Unit, due: Due) -> None:
        """Leave the supervisors a task and write to them, if the gap is still there."""
        at = datetime.strptime(due.subject, _SUBJECT).replace(tzinfo=UTC)
        if _rota_covers(unit, at):
            return
        self._tasks.leave(unit, kind=TaskKind.ROTA_GAP, survivor_id=None, due=None)
        for supervisor in members(unit.conn, role=Role.SUPERVISOR):
            for way in self._reach.ways(unit.conn, supervisor.id):
                self._reach.send(unit, way, text=wording.ROTA)

    def _beginning(self, unit: Unit) -> list[Span]:
        """Gaps of the rota that begin from now on. One that goes on already was told, and where there is no rota there is nothing to break."""
        start, end = unit.now - _MOMENT, unit.now + _LOOKED_AT
        standing = [Span(one.starts, one.ends) for one in queries.standing(unit.conn, start, end)]
        return [gap for gap in rota.gaps(standing, start, end) if gap.starts > start]


def _rota_covers(unit: Unit, at: datetime) -> bool:
    return any(one.starts <= at < one.ends for one in queries.rostered(unit.conn, at))
