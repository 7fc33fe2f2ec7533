"""Leave tasks for people. A second reason of the same kind for the same survivor counts up instead of making another."""

from sqlalchemy import insert, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.staff.models import TaskRow
from sos.staff.states import Task, TaskKind


class Tasks:
    """The writes of this room."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def leave(self, unit: Unit, *, kind: TaskKind, survivor_id: str | None, note: bytes | None = None) -> None:
        """Leave a task. `note`: sealed by the caller under her key for table "tasks", column "note", row = survivor id."""
        if survivor_id is not None:
            again = update(TaskRow).where(TaskRow.kind == kind.value, TaskRow.survivor_id == survivor_id, TaskRow.state == Task.OPEN.value)
            if unit.conn.execute(again.values(count=TaskRow.count + 1, note=note or TaskRow.note)).rowcount:
                return
        task = new_id()
        values = {
            "id": task,
            "kind": kind.value,
            "survivor_id": survivor_id,
            "state": Task.OPEN.value,
            "note": note,
            "made_at": unit.now,
            "count": 1,
        }
        unit.conn.execute(insert(TaskRow).values(values))
        self._audit.record(unit, f"task.{kind.value}", subject=task)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """The tasks stay for whoever works on them, without her words."""
        unit.conn.execute(update(TaskRow).where(TaskRow.survivor_id == survivor_id).values(note=None))
