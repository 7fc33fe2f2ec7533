"""Tells owner, lead and supervisors that something of a plan is due: a task and "Task n waits". Never what it is, of which house, how late.

One open task a person: twelve items that fall due on one morning make one message.
"""

from sos.db.database import Unit
from sos.safety_plans import wording
from sos.staff import queries as tasks
from sos.staff.actions import Tasks
from sos.staff.members.queries import members
from sos.staff.members.states import Role
from sos.staff.reach.actions import Reach
from sos.staff.states import TaskKind


class PlanNotices:
    """`Notices` of the safety plans, on the tasks and ways of the staff."""

    def __init__(self, tasks: Tasks, reach: Reach) -> None:
        self._tasks = tasks
        self._reach = reach

    def overdue(self, unit: Unit, *, plan_id: str, to: str, member_id: str | None) -> None:  # noqa: ARG002 - the console shows which
        """`to`: owner, lead or supervisor."""
        if member_id is None:
            self._supervisors(unit)
        else:
            self._own(unit, member_id)

    def review(self, unit: Unit, *, plan_id: str, lead: str) -> None:  # noqa: ARG002
        self._own(unit, lead)

    def drill(self, unit: Unit, *, plan_id: str, lead: str) -> None:  # noqa: ARG002
        self._own(unit, lead)

    def _own(self, unit: Unit, member_id: str) -> None:
        if tasks.of_house(unit.conn, member_id):
            return
        number = tasks.number_of(unit.conn, self._tasks.leave(unit, kind=TaskKind.PLAN_DUE, survivor_id=None))
        self._tasks.claim(unit, number, member_id)
        self._write(unit, member_id, number)

    def _supervisors(self, unit: Unit) -> None:
        if tasks.is_open(unit.conn, TaskKind.PLAN_OVERDUE):
            return
        number = tasks.number_of(unit.conn, self._tasks.leave(unit, kind=TaskKind.PLAN_OVERDUE, survivor_id=None))
        for supervisor in members(unit.conn, role=Role.SUPERVISOR):
            self._write(unit, supervisor.id, number)

    def _write(self, unit: Unit, member_id: str, number: int) -> None:
        for way in self._reach.ways(unit.conn, member_id):
            self._reach.send(unit, way, text=wording.waits(number))
