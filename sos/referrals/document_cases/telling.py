"""Tells a mediator that a step waits: a task that is hers from the start and names neither the case nor the person."""

from sos.db.database import Unit
from sos.staff.actions import Tasks
from sos.staff.states import TaskKind


class StepTasks:
    """Leaves it among the tasks of the staff."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    def step_waits(self, unit: Unit, *, mediator: str) -> None:
        """`mediator`: empty where nobody has the case; then it waits for a supervisor."""
        self._tasks.leave_to(unit, kind=TaskKind.DOCUMENT_STEP, to=mediator or None)
