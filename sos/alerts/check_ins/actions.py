"""Agree, keep, miss and end check-ins. Runs exactly what she chose; never the police; nothing from her device but the check word ends one.

The check word counts in the last hour before the time, or since it was agreed where that is shorter: said earlier, to open the lock perhaps, it
proves nothing about that evening. Every doubt ends with a person being told.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from sos.alerts.actions import Alerts
from sos.alerts.check_ins.errors import AlreadyRuns
from sos.alerts.check_ins.models import CheckInRow
from sos.alerts.check_ins.queries import open_of
from sos.alerts.check_ins.states import CheckIn, Then
from sos.alerts.states import Mark, Note
from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, set_deadline
from sos.encryption import CannotOpen
from sos.staff.actions import Tasks
from sos.staff.states import TaskKind
from sos.survivors.actions import Known, Survivors
from sos.survivors.address import Address, Channel
from sos.survivors.keys import KeyGone

KIND: Final = "check_in"
REASON: Final = "check_in_missed"
LAST: Final = timedelta(hours=1)
LATE: Final = timedelta(hours=72)
"""So long the word after a missed one still leaves its mark."""
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an alert of it must know, should it be missed."""

    police_barred: bool = False
    language: str | None = None
    country: str | None = None


def counts_from(*, made_at: datetime, due: datetime) -> datetime:
    """From when the check word keeps it."""
    return max(made_at, due - LAST)


class CheckIns:
    """The writes of this room."""

    def __init__(self, survivors: Survivors, alerts: Alerts, tasks: Tasks, audit: Audit) -> None:
        self._survivors = survivors
        self._alerts = alerts
        self._tasks = tasks
        self._audit = audit

    def agree(self, unit: Unit, known: Known, *, due: datetime, then: Then, plan: Plan) -> str:
        """One more; the caller has asked whether `due` is staffed. Raises AlreadyRuns."""
        if open_of(unit.conn, known.id) is not None:
            raise AlreadyRuns
        row = new_id()
        kept = {"channel": known.address.channel.value, "address": known.address.value} | asdict(plan)
        values = {
            "id": row,
            "survivor_id": known.id,
            "state": CheckIn.OPEN.value,
            "then": then.value,
            "due": due,
            "plan": known.key.seal(json.dumps(kept).encode(), table="check_ins", column="plan", row=row),
            "made_at": unit.now,
            "gap_told": False,
        }
        unit.conn.execute(insert(CheckInRow).values(values))
        set_deadline(unit, kind=KIND, subject=row, due=due)
        self._audit.record(unit, "check_in.agreed", subject=row, actor="survivor")
        return row

    def word_said(self, unit: Unit, known: Known) -> None:
        """Her check word came: keeps the one whose hour it is, or marks that it came late. What she reads does not tell which."""
        found = open_of(unit.conn, known.id)
        if found is not None:
            if unit.now >= counts_from(made_at=found.made_at, due=found.due):
                self._end(unit, found.id, CheckIn.KEPT)
            return
        missed = select(CheckInRow.id).where(
            CheckInRow.survivor_id == known.id, CheckInRow.state == CheckIn.MISSED.value, CheckInRow.ended_at > unit.now - LATE
        )
        if unit.conn.execute(missed.limit(1)).first() is not None:
            self._alerts.mark_all(unit, known.id, Mark.LATE_CHECK_IN)

    def end(self, unit: Unit, survivor_id: str) -> bool:
        """She ends it, with the check word; False when none runs."""
        found = open_of(unit.conn, survivor_id)
        return found is not None and self._end(unit, found.id, CheckIn.CANCELLED)

    def mark_cancel(self, unit: Unit, survivor_id: str) -> bool:
        """Somebody at her device asks to end it, without the check word: a mark that its alert will carry. False when none runs."""
        found = open_of(unit.conn, survivor_id)
        if found is None:
            return False
        unit.conn.execute(update(CheckInRow).where(CheckInRow.id == found.id).values(cancel_asked_at=unit.now))
        self._audit.record(unit, "check_in.cancel_asked", subject=found.id, actor="survivor")
        return True

    def fire(self, unit: Unit, due: Due) -> None:
        """Its time is over. If no word has come: exactly what she chose."""
        row = unit.conn.execute(select(CheckInRow.__table__).where(CheckInRow.id == due.subject).with_for_update()).one_or_none()
        if row is None or not self._end(unit, row.id, CheckIn.MISSED):
            return
        if Then(row.then) is Then.TASK:
            self._tasks.leave(unit, kind=TaskKind.CHECK_IN_MISSED, survivor_id=row.survivor_id)
            return
        plan = self._plan(unit, row)
        address = Address(Channel(plan["channel"]), plan["address"]) if plan else None
        self._alerts.raise_alert(
            unit,
            address=address,
            survivor_id=row.survivor_id,
            reason=REASON,
            words="",
            language=plan.get("language"),
            country=plan.get("country"),
        )
        if address is None:
            return
        if row.cancel_asked_at is not None:
            self._alerts.mark(unit, address, Mark.CANCEL)
        if plan.get("police_barred"):
            self._alerts.add(unit, address, Note.CALL_192_NO, "")

    def _plan(self, unit: Unit, row: Row[Any]) -> dict[str, Any]:
        """What was agreed; {} where it opens no more: then an alert without an address is raised all the same."""
        try:
            key = self._survivors.key_of(unit, row.survivor_id)
            found = json.loads(key.open(row.plan, table="check_ins", column="plan", row=row.id)) if row.plan else {}
        except (KeyGone, CannotOpen, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _end(self, unit: Unit, check_in: str, state: CheckIn) -> bool:
        """Compare-and-set: one hand ends it, once. The plan goes now: an alert of it keeps what it needs under its own key."""
        values: dict[str, object] = {"state": state.value, "ended_at": unit.now, "plan": None}
        moved = update(CheckInRow).where(CheckInRow.id == check_in, CheckInRow.state == CheckIn.OPEN.value).values(values)
        if unit.conn.execute(moved).rowcount != 1:
            return False
        if state is not CheckIn.MISSED:
            cancel(unit, kind=KIND, subject=check_in)
        self._audit.record(unit, f"check_in.{state.value}", subject=check_in)
        return True

    def watch(self, unit: Unit, staffed: Callable[[datetime], bool], tell: Callable[[str, str, datetime, bool], bool]) -> int:
        """Compare all that run with the rota; how many changed. `tell(check_in, survivor, due, staffed)` says it to her, True when it was read.

        A gap becomes an operator's task as well: a person may still find somebody for that hour.
        """
        rows = unit.conn.execute(select(CheckInRow.__table__).where(CheckInRow.state == CheckIn.OPEN.value)).all()
        changed = 0
        for row in rows:
            is_staffed = staffed(row.due)
            if is_staffed != (row.gap_since is not None):
                continue
            told = tell(row.id, row.survivor_id, row.due, is_staffed) if not is_staffed or row.gap_told else True
            values = {"gap_since": None, "gap_told": False} if is_staffed else {"gap_since": unit.now, "gap_told": told}
            unit.conn.execute(update(CheckInRow).where(CheckInRow.id == row.id).values(values))
            if not is_staffed:
                self._tasks.leave(unit, kind=TaskKind.CHECK_IN_GAP, survivor_id=row.survivor_id)
            self._audit.record(unit, "check_in.gap" if not is_staffed else "check_in.staffed", subject=row.id)
            changed += 1
        return changed

    def gap_told(self, unit: Unit, check_in: str) -> None:
        """She has read that nobody is expected then."""
        unit.conn.execute(update(CheckInRow).where(CheckInRow.id == check_in).values(gap_told=True))

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """No plan of hers stays; what still runs has nobody to raise for and is ended."""
        found = open_of(unit.conn, survivor_id)
        if found is not None:
            self._end(unit, found.id, CheckIn.CANCELLED)
        unit.conn.execute(update(CheckInRow).where(CheckInRow.survivor_id == survivor_id).values(plan=None))


def forget_old(unit: Unit) -> int:
    """Drop what ended 30 days ago."""
    return unit.conn.execute(delete(CheckInRow).where(CheckInRow.ended_at < unit.now - KEPT)).rowcount
