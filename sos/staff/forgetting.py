"""Drops tasks that were done long ago, with their notes. Never touches an open one."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from sos.db.database import Unit
from sos.staff.models import TaskNoteRow, TaskRow
from sos.staff.states import Task

KEPT: Final = timedelta(days=30)


def forget_old(unit: Unit) -> int:
    """Tasks done more than 30 days ago go; how many."""
    old = (TaskRow.state == Task.DONE.value, TaskRow.done_at < unit.now - KEPT)
    unit.conn.execute(delete(TaskNoteRow).where(TaskNoteRow.task_id.in_(select(TaskRow.id).where(*old))))
    return unit.conn.execute(delete(TaskRow).where(*old)).rowcount
