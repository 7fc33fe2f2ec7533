"""Begin a document case, move its steps, note what is known, record its outcome. A step that gets stuck or is late comes to its mediator."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Row, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, levels_used, set_deadline
from sos.referrals.document_cases.models import DocumentCaseRow, DocumentStepRow
from sos.referrals.document_cases.states import CASE_MOVES, STEP_MOVES, STEPS, DocumentCase, DocumentKind, Step
from sos.referrals.errors import ReferralRefusal
from sos.survivors.actions import Survivors

LATE: Final = "document.late"
NOBODY: Final = ""
"""The mediator of a case whose mediator has left."""
_CASES, _STEPS = table_of(DocumentCaseRow), table_of(DocumentStepRow)
_OVER: Final = (Step.DONE.value, Step.NOT_NEEDED.value)


class NoSuchCase(ReferralRefusal):
    """There is none for whoever asks: a case is seen by its mediator and by nobody else without it being handed over."""


class Tasks(Protocol):
    """Tells a mediator that something waits."""

    def step_waits(self, unit: Unit, *, mediator: str) -> None: ...


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it stands."""

    id: str
    step: str
    state: Step
    due_on: date | None
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A whole case."""

    id: str
    survivor_id: str
    kind: DocumentKind
    state: DocumentCase
    begun_at: datetime
    steps: tuple[StepView, ...]

    @property
    def next(self) -> StepView | None:
        """The first step that is not over."""
        return next((one for one in self.steps if one.state.value not in _OVER), None)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `done`: steps that are over, of `steps`; `late`: a step's day has passed."""

    id: str
    survivor_id: str
    state: DocumentCase
    begun_at: datetime
    done: int
    steps: int
    next: str
    stuck: bool
    late: bool


class DocumentCases:
    """The writes and reads about document cases. `mediator`: whoever asks; another's case does not exist for them."""

    def __init__(self, survivors: Survivors, tasks: Tasks, audit: Audit) -> None:
        self._survivors = survivors
        self._tasks = tasks
        self._audit = audit

    def begin(self, unit: Unit, *, survivor_id: str, kind: DocumentKind, mediator: str) -> str:
        """Begin with the usual steps of this kind. Raises KeyGone."""
        key, row = self._survivors.key_of(unit, survivor_id), new_id()
        body = key.seal(kind.value.encode(), table="document_cases", column="body", row=row)
        values = {"id": row, "survivor_id": survivor_id, "mediator": mediator, "state": DocumentCase.OPEN.value, "body": body}
        unit.conn.execute(insert(_CASES), values | {"begun_at": unit.now})
        steps = [{"id": new_id(), "case_id": row, "position": n, "step": step} for n, step in enumerate(STEPS[kind])]
        unit.conn.execute(insert(_STEPS), [one | {"state": Step.TO_DO.value, "changed_at": unit.now} for one in steps])
        self._audit.record(unit, "document.begun", subject=row, actor=mediator)
        return row

    def step(self, unit: Unit, case_id: str, step_id: str, how: str, *, mediator: str) -> Step:
        """Move one step. Raises NoSuchCase, IllegalMove, AlreadyMoved."""
        row = self._step(unit, case_id, step_id, mediator)
        new = STEP_MOVES.after(Step(row.state), how)
        changed = update(_STEPS).where(_STEPS.c.id == row.id, _STEPS.c.state == row.state)
        move(unit.conn, changed.values(state=new.value, changed_at=unit.now))
        if new.value in _OVER:
            cancel(unit, kind=LATE, subject=row.id)
        if new is Step.STUCK:
            self._tasks.step_waits(unit, mediator=mediator)
        self._audit.record(unit, f"document.{new.value}", subject=row.id, actor=mediator)
        return new

    def due(self, unit: Unit, case_id: str, step_id: str, due_on: date | None, *, mediator: str) -> None:
        """By when the step should be over; its mediator is told the morning after. Raises NoSuchCase."""
        row = self._step(unit, case_id, step_id, mediator)
        unit.conn.execute(update(_STEPS).where(_STEPS.c.id == row.id).values(due_on=due_on))
        cancel(unit, kind=LATE, subject=row.id)
        if due_on is not None:
            midnight = unit.now.replace(hour=0, minute=0, second=0, microsecond=0)
            end = midnight + (due_on - unit.now.date()) + timedelta(days=1, hours=7)
            set_deadline(unit, kind=LATE, subject=row.id, due=end, level=levels_used(unit, kind=LATE, subject=row.id))

    def note(self, unit: Unit, case_id: str, step_id: str, text: str, *, mediator: str) -> None:
        """What is known of this step, sealed under her key. Raises NoSuchCase, KeyGone."""
        row = self._step(unit, case_id, step_id, mediator)
        case = self._case(unit, case_id, mediator)
        key = self._survivors.key_of(unit, case.survivor_id)
        sealed = key.seal(text.encode(), table="document_steps", column="note", row=row.id) if text else None
        unit.conn.execute(update(_STEPS).where(_STEPS.c.id == row.id).values(note=sealed, changed_at=unit.now))
        self._audit.record(unit, "document.noted", subject=row.id, actor=mediator)

    def end(self, unit: Unit, case_id: str, how: str, *, mediator: str) -> DocumentCase:
        """receive, refuse, stop, appeal or take_up_again: its outcome. Raises NoSuchCase, IllegalMove, AlreadyMoved."""
        row = self._case(unit, case_id, mediator)
        new = CASE_MOVES.after(DocumentCase(row.state), how)
        move(unit.conn, update(_CASES).where(_CASES.c.id == row.id, _CASES.c.state == row.state).values(state=new.value))
        self._audit.record(unit, f"document.{new.value}", subject=row.id, actor=mediator)
        return new

    def hand_over(self, unit: Unit, case_id: str, to: str, *, mediator: str) -> None:
        """From now on another mediator's case. Raises NoSuchCase."""
        row = self._case(unit, case_id, mediator)
        unit.conn.execute(update(_CASES).where(_CASES.c.id == row.id).values(mediator=to))
        self._tasks.step_waits(unit, mediator=to)
        self._audit.record(unit, "document.handed_over", subject=row.id, actor=mediator)

    def open(self, unit: Unit, case_id: str, *, mediator: str) -> CaseView:
        """The whole case; audited. Raises NoSuchCase, KeyGone."""
        row = self._case(unit, case_id, mediator)
        self._audit.record(unit, "document.read", subject=row.id, actor=mediator)
        return self._view(unit, row)

    def of(self, unit: Unit, mediator: str) -> list[tuple[str, DocumentCase, datetime]]:
        """(id, state, begun) of this mediator's cases, open ones first."""
        rows = unit.conn.execute(select(_CASES).where(_CASES.c.mediator == mediator).order_by(_CASES.c.begun_at)).all()
        return sorted(
            ((row.id, DocumentCase(row.state), row.begun_at) for row in rows if row.body is not None),
            key=lambda one: one[1] is not DocumentCase.OPEN,
        )

    def mine(self, conn: Connection, mediator: str, *, today: date, barred: Collection[str] = ()) -> list[CaseLine]:
        """This mediator's cases as a list: those that wait for her first. `barred`: people whose cases do not exist for her."""
        wanted = select(_CASES).where(_CASES.c.mediator == mediator, _CASES.c.body.is_not(None)).order_by(_CASES.c.begun_at)
        rows = [row for row in conn.execute(wanted) if row.survivor_id not in barred]
        steps = conn.execute(select(_STEPS).where(_STEPS.c.case_id.in_([row.id for row in rows])).order_by(_STEPS.c.position)).all()
        lines = [_line(row, [step for step in steps if step.case_id == row.id], today) for row in rows]
        return sorted(lines, key=lambda one: (one.state is not DocumentCase.OPEN, not (one.stuck or one.late), one.begun_at))

    def fire(self, unit: Unit, due: Due) -> None:
        """A step is late: its mediator is told, and nobody else."""
        step = unit.conn.execute(select(_STEPS).where(_STEPS.c.id == due.subject)).one_or_none()
        case = unit.conn.execute(select(_CASES).where(_CASES.c.id == step.case_id)).one_or_none() if step else None
        if step is not None and case is not None and step.state not in _OVER and case.state == DocumentCase.OPEN.value:
            self._tasks.step_waits(unit, mediator=case.mediator)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Nothing of hers stays."""
        for case_id in unit.conn.execute(select(_CASES.c.id).where(_CASES.c.survivor_id == survivor_id)).scalars().all():
            for step in unit.conn.execute(select(_STEPS.c.id).where(_STEPS.c.case_id == case_id)).scalars().all():
                cancel(unit, kind=LATE, subject=step)
            unit.conn.execute(delete(_STEPS).where(_STEPS.c.case_id == case_id))
        unit.conn.execute(delete(_CASES).where(_CASES.c.survivor_id == survivor_id))

    def mediator_left(self, unit: Unit, mediator: str) -> None:
        """Her open cases are nobody's: a supervisor takes each up, and a task says that one waits."""
        mine = (_CASES.c.mediator == mediator, _CASES.c.state == DocumentCase.OPEN.value)
        if unit.conn.execute(update(_CASES).where(*mine).values(mediator=NOBODY)).rowcount:
            self._tasks.step_waits(unit, mediator=NOBODY)

    def take_up(self, unit: Unit, case_id: str, *, by: str) -> None:
        """A case that is nobody's becomes this member's. Raises NoSuchCase."""
        free = update(_CASES).where(_CASES.c.id == case_id, _CASES.c.mediator == NOBODY)
        if unit.conn.execute(free.values(mediator=by)).rowcount != 1:
            raise NoSuchCase("there is none")
        self._audit.record(unit, "document.taken_up", subject=case_id, actor=by)

    def _view(self, unit: Unit, row: Row[Any]) -> CaseView:
        key = self._survivors.key_of(unit, row.survivor_id)
        kind = DocumentKind(key.open(row.body, table="document_cases", column="body", row=row.id).decode())
        steps = unit.conn.execute(select(_STEPS).where(_STEPS.c.case_id == row.id).order_by(_STEPS.c.position)).all()
        views = tuple(
            StepView(
                one.id,
                one.step,
                Step(one.state),
                one.due_on,
                key.open(one.note, table="document_steps", column="note", row=one.id).decode() if one.note else "",
            )
            for one in steps
        )
        return CaseView(row.id, row.survivor_id, kind, DocumentCase(row.state), row.begun_at, views)

    def _case(self, unit: Unit, case_id: str, mediator: str) -> Row[Any]:
        wanted = select(_CASES).where(_CASES.c.id == case_id, _CASES.c.mediator == mediator, _CASES.c.body.is_not(None))
        row = unit.conn.execute(wanted.with_for_update()).one_or_none()
        if row is None:
            raise NoSuchCase("there is none")
        return row

    def _step(self, unit: Unit, case_id: str, step_id: str, mediator: str) -> Row[Any]:
        if self._case(unit, case_id, mediator).state != DocumentCase.OPEN.value:
            raise NoSuchCase("it is over")
        row = unit.conn.execute(select(_STEPS).where(_STEPS.c.id == step_id, _STEPS.c.case_id == case_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchCase("there is none")
        return row


def _line(row: Row[Any], steps: Sequence[Row[Any]], today: date) -> CaseLine:
    waits = [step for step in steps if step.state not in _OVER]
    is_open = row.state == DocumentCase.OPEN.value
    return CaseLine(
        row.id,
        row.survivor_id,
        DocumentCase(row.state),
        row.begun_at,
        len(steps) - len(waits),
        len(steps),
        waits[0].step if waits else "",
        stuck=is_open and any(step.state == Step.STUCK.value for step in waits),
        late=is_open and any(step.due_on is not None and step.due_on < today for step in waits),
    )
