"""Leave tasks for people, take and finish them. A second reason of the same kind for the same survivor counts up instead of making another.

Notes are appended, never overwritten; each is sealed under her key for its own row. No word of hers stands anywhere else here.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, or_, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.encryption import seal
from sos.staff.errors import EndsElsewhere, NoSuchTask, TakenByAnother
from sos.staff.models import TaskNoteRow, TaskRow
from sos.staff.states import Task, TaskKind

_ENDS_ELSEWHERE: Final = frozenset({TaskKind.TELL_HER.value})
"""Done only by noting what came of it: that she was told, or that it is unsafe."""


class Tasks:
    """The writes of this room. `key`: the survivor's own key, 32 bytes; without it a note cannot be kept."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def leave(
        self,
        unit: Unit,
        *,
        kind: TaskKind,
        survivor_id: str | None,
        note: str = "",
        key: bytes | None = None,
        due: datetime | None = None,
        alert_id: str | None = None,
        by: str | None = None,
    ) -> str:
        """Leave a task; returns its id. `due`: it waits until then; an open one of this kind takes the new time. `by`: a member's id."""
        task = self._again(unit, kind, survivor_id, due) if survivor_id is not None else None
        if task is None:
            task = new_id()
            values = {
                "id": task,
                "kind": kind.value,
                "survivor_id": survivor_id,
                "alert_id": alert_id,
                "state": Task.OPEN.value,
                "made_at": unit.now,
                "due_at": due,
                "count": 1,
                "left_by": by,
            }
            unit.conn.execute(insert(TaskRow).values(values))
            self._audit.record(unit, f"task.{kind.value}", subject=task, actor=by or "system")
        if note and key is not None:
            self._note(unit, task, by, note, key)
        return task

    def leave_to(self, unit: Unit, *, kind: TaskKind, to: str | None) -> str:
        """A task about nobody by name that is this member's from the start (None: anybody's); one open task of a kind for each. Its id."""
        mine = TaskRow.taken_by == to if to is not None else TaskRow.taken_by.is_(None)
        same = (TaskRow.kind == kind.value, mine, TaskRow.survivor_id.is_(None), TaskRow.state == Task.OPEN.value)
        again = update(TaskRow).where(*same).values(count=TaskRow.count + 1)
        found: str | None = unit.conn.execute(again.returning(TaskRow.id)).scalar()
        if found is None:
            found = self.leave(unit, kind=kind, survivor_id=None)
            if to is not None:
                unit.conn.execute(update(TaskRow).where(TaskRow.id == found).values(taken_by=to, taken_at=unit.now))
        return found

    def _again(self, unit: Unit, kind: TaskKind, survivor_id: str, due: datetime | None) -> str | None:
        same = (TaskRow.kind == kind.value, TaskRow.survivor_id == survivor_id, TaskRow.state == Task.OPEN.value)
        again = update(TaskRow).where(*same).values(count=TaskRow.count + 1, due_at=due)
        return unit.conn.execute(again.returning(TaskRow.id)).scalar()

    def claim(self, unit: Unit, number: int, by: str) -> None:
        """Take it; taking one's own again changes nothing. Raises TakenByAnother, NoSuchTask."""
        free = or_(TaskRow.taken_by.is_(None), TaskRow.taken_by == by)
        self._move(unit, number, free, {"taken_by": by, "taken_at": unit.now}, by, "task.claimed")

    def give_back(self, unit: Unit, number: int, by: str) -> None:
        """Put it back for others. Raises TakenByAnother, NoSuchTask."""
        self._move(unit, number, TaskRow.taken_by == by, {"taken_by": None, "taken_at": None}, by, "task.given_back")

    def hand_over(self, unit: Unit, number: int, by: str, to: str) -> None:
        """Another member has it now. Raises TakenByAnother, NoSuchTask."""
        self._move(unit, number, TaskRow.taken_by == by, {"taken_by": to, "taken_at": unit.now}, by, "task.handed_over")

    def postpone(self, unit: Unit, number: int, by: str, due: datetime) -> None:
        """It waits until `due`, for whoever is there then. Raises TakenByAnother, NoSuchTask."""
        free = or_(TaskRow.taken_by.is_(None), TaskRow.taken_by == by)
        self._move(unit, number, free, {"due_at": due, "taken_by": None, "taken_at": None}, by, "task.postponed")

    def done_for(self, unit: Unit, kind: TaskKind, survivor_id: str, by: str) -> None:
        """Whatever was open of this kind for her is done by what has just been noted elsewhere."""
        values = {"state": Task.DONE.value, "done_by": by, "done_at": unit.now}
        same = (TaskRow.kind == kind.value, TaskRow.survivor_id == survivor_id, TaskRow.state == Task.OPEN.value)
        task = unit.conn.execute(update(TaskRow).where(*same).values(values).returning(TaskRow.id)).scalar()
        if task is not None:
            self._audit.record(unit, "task.done", subject=task, actor=by)

    def done(self, unit: Unit, number: int, by: str) -> None:
        """It is done. Raises TakenByAnother, NoSuchTask, and EndsElsewhere where what came of it has to be noted with it."""
        kind = unit.conn.execute(select(TaskRow.kind).where(TaskRow.number == number)).scalar()
        if kind in _ENDS_ELSEWHERE:
            raise EndsElsewhere
        free = or_(TaskRow.taken_by.is_(None), TaskRow.taken_by == by)
        self._move(unit, number, free, {"state": Task.DONE.value, "done_by": by, "done_at": unit.now}, by, "task.done")

    def add_note(self, unit: Unit, number: int, by: str, text: str, *, key: bytes) -> None:
        """Note something on it, beside what stands there. Raises NoSuchTask."""
        task = unit.conn.execute(select(TaskRow.id).where(TaskRow.number == number)).scalar()
        if task is None:
            raise NoSuchTask
        self._note(unit, task, by, text, key)
        self._audit.record(unit, "task.noted", subject=task, actor=by)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """The tasks stay for whoever works on them, without her words."""
        hers = select(TaskRow.id).where(TaskRow.survivor_id == survivor_id)
        unit.conn.execute(delete(TaskNoteRow).where(TaskNoteRow.task_id.in_(hers)))

    def _note(self, unit: Unit, task: str, by: str | None, text: str, key: bytes) -> None:
        row = new_id()
        body = seal(key, text.encode(), table="task_notes", column="body", row=row)
        unit.conn.execute(insert(TaskNoteRow).values(id=row, task_id=task, by=by, body=body, at=unit.now))

    def _move(self, unit: Unit, number: int, free: object, values: dict[str, object], by: str, kind: str) -> None:
        is_open = (TaskRow.number == number, TaskRow.state == Task.OPEN.value)
        task = unit.conn.execute(update(TaskRow).where(*is_open, free).values(values).returning(TaskRow.id)).scalar()  # type: ignore[arg-type]
        if task is None:
            there = unit.conn.execute(select(TaskRow.id).where(*is_open)).scalar()
            raise TakenByAnother if there else NoSuchTask
        self._audit.record(unit, kind, subject=task, actor=by)
