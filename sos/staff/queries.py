"""Looks at the tasks that wait. No words: notes open only with her key, for whoever audits the reading."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from sos.db.base import table_of
from sos.encryption import CannotOpen, open_sealed
from sos.staff.models import TaskNoteRow, TaskRow
from sos.staff.states import Task, TaskKind

_TASKS = table_of(TaskRow)
_ALL = select(_TASKS, _TASKS.c.count.label("times"))  # a row's own `count` is a method
_OWN = _ALL.where(_TASKS.c.kind == TaskKind.PLAN_DUE.value)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open task. `since`: from when it waits for a person."""

    number: int
    id: str
    kind: TaskKind | str
    survivor_id: str | None
    alert_id: str | None
    made_at: datetime
    due_at: datetime | None
    times: int
    left_by: str | None
    taken_by: str | None
    is_open: bool = True

    @property
    def since(self) -> datetime:
        return self.due_at or self.made_at


@dataclass(frozen=True, slots=True)
class Noted:
    """One note, opened. `by`: a member's id; None where the program left it. `text` is None where it opens no more."""

    at: datetime
    by: str | None
    text: str | None = field(repr=False)


def waiting(conn: Connection, *, now: datetime, barred: Collection[str] = (), held_by: str | None = None) -> list[Waiting]:
    """Open tasks whose time has come, the longest waiting first. `barred`: survivors whose tasks do not exist for the viewer."""
    wanted = _open(barred).where(or_(_TASKS.c.due_at.is_(None), _TASKS.c.due_at <= now))
    if held_by is not None:
        wanted = wanted.where(_TASKS.c.taken_by == held_by)
    return sorted((_waiting(row) for row in conn.execute(wanted)), key=lambda task: task.since)


def later(conn: Connection, *, now: datetime, barred: Collection[str] = ()) -> list[Waiting]:
    """Open tasks whose time is still to come, the next first."""
    wanted = _open(barred).where(_TASKS.c.due_at > now)
    return sorted((_waiting(row) for row in conn.execute(wanted)), key=lambda task: task.since)


def held(conn: Connection, member_id: str) -> int:
    """How many open tasks this member has taken."""
    mine = select(func.count()).select_from(_TASKS).where(_TASKS.c.taken_by == member_id, _TASKS.c.state == Task.OPEN.value)
    return int(conn.execute(mine).scalar_one())


def task(conn: Connection, number: int, *, barred: Collection[str] = ()) -> Waiting | None:
    """The task of this number, open or done; None where it is not for the viewer."""
    row = conn.execute(_rows(barred).where(_TASKS.c.number == number)).one_or_none()
    return _waiting(row) if row else None


def of_house(conn: Connection, member_id: str) -> list[Waiting]:
    """Open tasks of her own house that wait for this member of its staff. They stand in no list of the desk."""
    rows = conn.execute(_OWN.where(_TASKS.c.taken_by == member_id, _TASKS.c.state == Task.OPEN.value).order_by(_TASKS.c.number))
    return [_waiting(row) for row in rows]


def number_of(conn: Connection, task_id: str) -> int:
    """By which people speak of it."""
    return int(conn.execute(select(_TASKS.c.number).where(_TASKS.c.id == task_id)).scalar_one())


def is_open(conn: Connection, kind: TaskKind) -> bool:
    """Whether any task of this kind waits."""
    return (
        conn.execute(select(_TASKS.c.id).where(_TASKS.c.kind == kind.value, _TASKS.c.state == Task.OPEN.value).limit(1)).first() is not None
    )


def of_person(conn: Connection, survivor_id: str) -> list[Waiting]:
    """Her open tasks."""
    return [_waiting(row) for row in conn.execute(_open(()).where(_TASKS.c.survivor_id == survivor_id).order_by(_TASKS.c.number))]


def notes(conn: Connection, task_id: str, *, key: bytes | None) -> list[Noted]:
    """What was noted on it, oldest first. `key`: the survivor's own."""
    rows = conn.execute(select(TaskNoteRow.__table__).where(TaskNoteRow.task_id == task_id).order_by(TaskNoteRow.seq))
    return [Noted(row.at, row.by, _text(row, key)) for row in rows]


def _text(row: Row[Any], key: bytes | None) -> str | None:
    if key is None:
        return None
    try:
        return open_sealed(key, row.body, table="task_notes", column="body", row=row.id).decode()
    except CannotOpen:
        return None


def _rows(barred: Collection[str]) -> Select[Any]:
    wanted = _ALL.where(_TASKS.c.kind != TaskKind.PLAN_DUE.value)
    if barred:
        wanted = wanted.where(or_(_TASKS.c.survivor_id.is_(None), _TASKS.c.survivor_id.not_in(list(barred))))
    return wanted


def _open(barred: Collection[str]) -> Select[Any]:
    return _rows(barred).where(_TASKS.c.state == Task.OPEN.value)


def _waiting(row: Row[Any]) -> Waiting:
    kind = TaskKind(row.kind) if row.kind in set(TaskKind) else str(row.kind)
    return Waiting(
        number=row.number,
        id=row.id,
        kind=kind,
        survivor_id=row.survivor_id,
        alert_id=row.alert_id,
        made_at=row.made_at,
        due_at=row.due_at,
        times=row.times,
        left_by=row.left_by,
        taken_by=row.taken_by,
        is_open=row.state == Task.OPEN.value,
    )
