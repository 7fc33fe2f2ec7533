"""Fill and keep the hand-off card, and act without her answer where a life is at risk (DOMAIN 4). The program itself calls nobody.

Yes: a colleague may call. No: not from here. No answer and a risk to life: one operator may act; a supervisor is paged in the same
transaction, and another person reviews it within 24 hours.
"""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Row, insert, select, update

from sos.alerts.book import ENTRIES, Book
from sos.alerts.errors import NoSuchAlert
from sos.alerts.hand_off import card as cards
from sos.alerts.hand_off.card import Card
from sos.alerts.hand_off.errors import AlreadyAnswered, NoSuchCall, NotAllowedYet, OwnReview, SheSaidNo
from sos.alerts.hand_off.models import UnaskedCallRow
from sos.alerts.hand_off.states import Finding, Ground, MayCall
from sos.alerts.states import Note
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, set_deadline
from sos.encryption import CannotOpen
from sos.staff import queries as staff
from sos.staff.actions import Tasks
from sos.staff.errors import TakenByAnother
from sos.staff.states import TaskKind

REVIEW_WITHIN: Final = timedelta(hours=24)
REVIEW: Final = "hand_off.review"
_CALLS = table_of(UnaskedCallRow)


_BY_TIME: Final = "system"
"""Nobody's id: whoever acted may have barred herself from the case since, and that must not silence its review."""


class Calls(Protocol):
    """Pages a supervisor about an alert, at once."""

    def call_supervisor(self, unit: Unit, alert_id: str, by: str, note: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Unasked:
    """A call without her answer, waiting for its review or reviewed."""

    id: str
    alert_id: str
    ground: Ground
    acted_by: str
    acted_at: datetime
    review_due: datetime
    reviewed_by: str | None
    finding: Finding | None


class HandOff:
    """The writes of this part of the room."""

    def __init__(self, book: Book, alerts: Calls, tasks: Tasks, audit: Audit) -> None:
        self._book = book
        self._alerts = alerts
        self._tasks = tasks
        self._audit = audit

    def draft(self, unit: Unit, *, alert_id: str, by: str) -> Card:
        """The newest card, else one filled from the alert: her place and her language. Always with her present answer.

        Raises sos.alerts.errors.NoSuchAlert, also where the case is not for this member. The reading is audited.
        """
        row = self._book.row_for(unit, alert_id, by)
        self._audit.record(unit, "hand_off.read", subject=alert_id, actor=by)
        kept = self._texts(unit, row, cards.KIND)
        answer = _answer(unit.conn, alert_id)
        if kept:
            with contextlib.suppress(ValueError):
                return replace(cards.unpacked(kept[-1]), may_call=answer)
        place = next(iter(reversed(self._texts(unit, row, Note.PLACE.value))), "")
        return Card(place=place[: cards.LONGEST], language=row.language or "", may_call=answer)

    def keep(self, unit: Unit, *, alert_id: str, by: str, card: Card) -> None:
        """Keep the card as an entry of the alert. A card that says that somebody was told needs her yes, or a call taken on oneself.

        Raises SheSaidNo, NotAllowedYet, NoSuchAlert.
        """
        row = self._book.row_for(unit, alert_id, by)
        answer = _answer(unit.conn, alert_id)
        if card.was_told:
            _must_be_allowed(unit.conn, alert_id, answer)
        short = {name: getattr(card, name)[: cards.LONGEST] for name in cards.WORDS}
        self._book.append(unit, row, cards.KIND, cards.packed(replace(card, may_call=answer, **short)), by=by)
        self._audit.record(unit, "hand_off.told" if card.was_told else "hand_off.kept", subject=alert_id, actor=by)

    def act_unasked(self, unit: Unit, *, alert_id: str, by: str, ground: Ground) -> str:
        """One operator takes the call on herself: she did not answer, and a life is at risk. Returns the id of what is to be reviewed.

        A supervisor is paged now; the review is a task and is due in 24 hours. Raises SheSaidNo, AlreadyAnswered, NoSuchAlert.
        """
        row = self._book.row_for(unit, alert_id, by)
        answer = _answer(unit.conn, alert_id)
        if answer is MayCall.NO:
            raise SheSaidNo
        if answer is MayCall.YES:
            raise AlreadyAnswered
        call, due = new_id(), unit.now + REVIEW_WITHIN
        values = {"id": call, "alert_id": alert_id, "ground": ground.value, "acted_by": by, "acted_at": unit.now, "review_due": due}
        unit.conn.execute(insert(_CALLS).values(values))
        self._book.append(unit, row, "call_unasked", ground.value, by=by)
        self._audit.record(unit, "hand_off.unasked", subject=alert_id, actor=by)
        self._tasks.leave(unit, kind=TaskKind.REVIEW, survivor_id=None, alert_id=alert_id, by=by)
        set_deadline(unit, kind=REVIEW, subject=call, due=due)
        self._alerts.call_supervisor(unit, alert_id, by, f"A call without her answer: {ground.value}")
        return call

    def review(self, unit: Unit, *, call_id: str, by: str, finding: Finding) -> None:
        """A supervisor who did not act herself looks at it. Raises NoSuchCall, OwnReview."""
        row = unit.conn.execute(select(_CALLS).where(_CALLS.c.id == call_id).with_for_update()).one_or_none()
        if row is None or row.reviewed_at is not None:
            raise NoSuchCall
        if row.acted_by == by:
            raise OwnReview
        self._book.row_for(unit, row.alert_id, by)
        unit.conn.execute(update(_CALLS).where(_CALLS.c.id == call_id).values(reviewed_by=by, reviewed_at=unit.now, finding=finding.value))
        cancel(unit, kind=REVIEW, subject=call_id)
        self._audit.record(unit, "hand_off.reviewed", subject=row.alert_id, actor=by)
        for task in staff.waiting(unit.conn, now=unit.now):
            if task.alert_id == row.alert_id and task.kind is TaskKind.REVIEW:
                with contextlib.suppress(TakenByAnother):
                    self._tasks.done(unit, task.number, by)

    def overdue(self, unit: Unit, due: Due) -> None:
        """The 24 hours are over without a review: a supervisor is paged again, and a day later once more."""
        row = unit.conn.execute(select(_CALLS).where(_CALLS.c.id == due.subject)).one_or_none()
        if row is None or row.reviewed_at is not None:
            return
        self._audit.record(unit, "hand_off.unreviewed", subject=row.alert_id)
        with contextlib.suppress(NoSuchAlert):  # gone with its time: the audit and the next day remain
            self._alerts.call_supervisor(unit, row.alert_id, _BY_TIME, "A call without her answer was not reviewed within 24 hours")
        set_deadline(unit, kind=REVIEW, subject=due.subject, due=unit.now + REVIEW_WITHIN, level=due.level + 1)

    def _texts(self, unit: Unit, row: Row[Any], kind: str) -> list[str]:
        """The opened entries of a kind, oldest first; what does not open is left out."""
        key = self._book.key(row)
        if key is None:
            return []
        found = []
        rows = unit.conn.execute(select(ENTRIES).where(ENTRIES.c.alert_id == row.id, ENTRIES.c.kind == kind).order_by(ENTRIES.c.seq)).all()
        for entry in rows:
            if entry.body is not None:
                with contextlib.suppress(CannotOpen):
                    found.append(key.open(entry.body, table="alert_entries", column="body", row=entry.id).decode())
        return found


def unasked(conn: Connection, *, alert_id: str | None = None, open_only: bool = False) -> list[Unasked]:
    """Calls without her answer, the oldest first: for supervisors."""
    wanted = select(_CALLS)
    if alert_id is not None:
        wanted = wanted.where(_CALLS.c.alert_id == alert_id)
    if open_only:
        wanted = wanted.where(_CALLS.c.reviewed_at.is_(None))
    return [
        Unasked(
            id=row.id,
            alert_id=row.alert_id,
            ground=Ground(row.ground),
            acted_by=row.acted_by,
            acted_at=row.acted_at,
            review_due=row.review_due,
            reviewed_by=row.reviewed_by,
            finding=Finding(row.finding) if row.finding else None,
        )
        for row in conn.execute(wanted.order_by(_CALLS.c.acted_at, _CALLS.c.id)).all()
    ]


def _answer(conn: Connection, alert_id: str) -> MayCall:
    kinds = conn.execute(select(ENTRIES.c.kind).where(ENTRIES.c.alert_id == alert_id).order_by(ENTRIES.c.seq)).scalars().all()
    return cards.last_answer(list(kinds))


def _must_be_allowed(conn: Connection, alert_id: str, answer: MayCall) -> None:
    if answer is MayCall.NO:
        raise SheSaidNo
    if answer is MayCall.NO_ANSWER and not unasked(conn, alert_id=alert_id):
        raise NotAllowedYet
