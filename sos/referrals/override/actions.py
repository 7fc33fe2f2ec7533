"""Ask for an override, decide on it, tell her. Two different persons, a legal ground, a reason, an end; it ends only with how she was told.

Never decided by whoever asked for it, never by the program. Nothing leaves before the second person said yes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Row, insert, select, update

from sos.alerts import bars
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.referrals.access import Viewer
from sos.referrals.actions import Referrals
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import Field
from sos.referrals.errors import NoSuchGround, NoSuchReferral, OneAndTheSame
from sos.referrals.override.grounds import Grounds
from sos.referrals.override.models import DutyReportRow, OverrideRow
from sos.referrals.override.states import MOVES, Override, ToldHer
from sos.survivors.actions import Survivors
from sos.survivors.keys import KeyGone

LONGEST: Final = timedelta(days=14)
_OVERRIDES, _REPORTS = table_of(OverrideRow), table_of(DutyReportRow)


class Telling(Protocol):
    """The task to tell her."""

    def tell_her(self, unit: Unit, survivor_id: str, by: str) -> None:
        """It stands from now on."""

    def told_her(self, unit: Unit, survivor_id: str, by: str) -> None:
        """It is done."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be shared without her yes, and why."""

    ground: str
    reason: str = field(repr=False)
    recipient: Recipient = field(repr=False)
    values: Mapping[Field, str] = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One override as the two persons see it."""

    id: str
    survivor_id: str
    state: Override
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    told: ToldHer | None
    request: Request | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """One report under a duty."""

    id: str
    survivor_id: str
    duty: str
    note: str = field(repr=False)
    made_by: str
    made_at: datetime
    told: ToldHer | None


class Overrides:
    """The writes and reads about what happens without her consent."""

    def __init__(self, survivors: Survivors, referrals: Referrals, grounds: Grounds, telling: Telling, audit: Audit) -> None:
        self._survivors = survivors
        self._referrals = referrals
        self.grounds = grounds
        self._telling = telling
        self._audit = audit

    def ask(self, unit: Unit, survivor_id: str, request: Request, *, by: str) -> str:
        """The first person asks. Raises NoSuchGround, ValueError without a reason or an end within 14 days, KeyGone."""
        if request.ground not in self.grounds.grounds:
            raise NoSuchGround("no jurisdiction's file names it")
        if not request.reason.strip() or not request.values or not unit.now < request.until <= unit.now + LONGEST:
            raise ValueError("an override has a reason, says what is shared, and ends within 14 days")
        row = new_id()
        plain = {
            "reason": request.reason.strip(),
            "to": [request.recipient.kind, request.recipient.id],
            "values": {one.value: text for one, text in request.values.items()},
        }
        body = self._survivors.key_of(unit, survivor_id).seal(json.dumps(plain).encode(), table="overrides", column="body", row=row)
        values: dict[str, Any] = {
            "id": row,
            "survivor_id": survivor_id,
            "ground": request.ground,
            "body": body,
            "state": Override.ASKED.value,
        }
        values |= {"asked_by": by, "asked_at": unit.now, "until": request.until}
        unit.conn.execute(insert(_OVERRIDES), values)
        self._audit.record(unit, "override.asked", subject=row, actor=by)
        return row

    def approve(self, unit: Unit, override_id: str, *, by: str) -> str:
        """The second person says yes: it leaves now, and somebody has to tell her. Returns the referral's id.

        Raises OneAndTheSame, NoSuchReferral, IllegalMove, AlreadyMoved, Barred, KeyGone.
        """
        row = self._decided(unit, override_id, "approve", by)
        request = self._request(unit, row)
        if request is None:
            raise KeyGone
        referral = self._referrals.send_overridden(
            unit, survivor_id=row.survivor_id, override_id=row.id, recipient=request.recipient, values=request.values, by=by
        )
        self._telling.tell_her(unit, row.survivor_id, by)
        return referral

    def refuse(self, unit: Unit, override_id: str, *, by: str) -> None:
        """The second person says no. Raises as `approve`."""
        self._decided(unit, override_id, "refuse", by)

    def end(self, unit: Unit, override_id: str, *, by: str) -> None:
        """What rests on it is withdrawn in this transaction. Raises NoSuchReferral, IllegalMove, AlreadyMoved."""
        row = self._row(unit, override_id, by)
        self._move(unit, row, "end", by, {})
        self._referrals.override_ended(unit, row.id, by)

    def tell(self, unit: Unit, override_id: str, told: ToldHer, *, by: str) -> None:
        """How she was told, or that it is unsafe: the only way the task ends. Raises NoSuchReferral."""
        row = self._row(unit, override_id, by)
        if row.state not in (Override.APPROVED.value, Override.ENDED.value):
            raise NoSuchReferral("nothing was shared")
        unit.conn.execute(update(_OVERRIDES).where(_OVERRIDES.c.id == row.id).values(told=told.value, told_at=unit.now))
        self._audit.record(unit, f"override.{told.value}", subject=row.id, actor=by)
        self._settle(unit, row.survivor_id, by)

    def report(self, unit: Unit, survivor_id: str, duty: str, note: str, *, by: str) -> str:
        """A person has reported under a duty; the program never does. Raises NoSuchGround, KeyGone."""
        if duty not in self.grounds.duties:
            raise NoSuchGround("no jurisdiction's file names it")
        row = new_id()
        body = self._survivors.key_of(unit, survivor_id).seal(note.encode(), table="duty_reports", column="body", row=row)
        values: dict[str, Any] = {
            "id": row,
            "survivor_id": survivor_id,
            "duty": duty,
            "body": body,
            "state": "open",
            "made_by": by,
            "made_at": unit.now,
        }
        unit.conn.execute(insert(_REPORTS), values)
        self._audit.record(unit, "duty.reported", subject=row, actor=by)
        self._telling.tell_her(unit, survivor_id, by)
        return row

    def close_report(self, unit: Unit, report_id: str, told: ToldHer, *, by: str) -> None:
        """She was told, or it is unsafe to tell her. Raises NoSuchReferral."""
        mine = select(_REPORTS).where(_REPORTS.c.id == report_id, ~bars.hides(by, _REPORTS.c.survivor_id))
        row = unit.conn.execute(mine.with_for_update(of=_REPORTS)).one_or_none()
        if row is None or row.state != "open":
            raise NoSuchReferral("there is none")
        closed = {"state": "closed", "told": told.value, "closed_by": by, "closed_at": unit.now}
        unit.conn.execute(update(_REPORTS).where(_REPORTS.c.id == row.id).values(closed))
        self._audit.record(unit, f"duty.{told.value}", subject=row.id, actor=by)
        self._settle(unit, row.survivor_id, by)

    def asked(self, unit: Unit, viewer: Viewer, *, survivor_id: str | None = None) -> list[Asked]:
        """What was asked for, newest first; of one person, or all that waits for a decision or for her being told."""
        wanted = select(_OVERRIDES).where(~bars.hides(viewer.member_id, _OVERRIDES.c.survivor_id))
        if survivor_id is not None:
            wanted = wanted.where(_OVERRIDES.c.survivor_id == survivor_id)
        else:
            wanted = wanted.where(_OVERRIDES.c.state.in_([Override.ASKED.value, Override.APPROVED.value]), _OVERRIDES.c.told.is_(None))
        rows = unit.conn.execute(wanted.order_by(_OVERRIDES.c.asked_at.desc(), _OVERRIDES.c.id)).all()
        return [self._asked(unit, row) for row in rows] if viewer.agency is None else []

    def reports(self, unit: Unit, viewer: Viewer, *, survivor_id: str) -> list[Report]:
        """Reports about one person, newest first."""
        wanted = select(_REPORTS).where(_REPORTS.c.survivor_id == survivor_id, ~bars.hides(viewer.member_id, _REPORTS.c.survivor_id))
        rows = unit.conn.execute(wanted.order_by(_REPORTS.c.made_at.desc())).all() if viewer.agency is None else []
        return [
            Report(
                row.id, row.survivor_id, row.duty, self._note(unit, row), row.made_by, row.made_at, ToldHer(row.told) if row.told else None
            )
            for row in rows
        ]

    def untold(self, conn: Connection, survivor_id: str) -> bool:
        """Whether something was shared or reported of which she has not been told, nor why not."""
        shared = select(_OVERRIDES.c.id).where(
            _OVERRIDES.c.survivor_id == survivor_id,
            _OVERRIDES.c.state.in_([Override.APPROVED.value, Override.ENDED.value]),
            _OVERRIDES.c.told.is_(None),
        )
        reported = select(_REPORTS.c.id).where(_REPORTS.c.survivor_id == survivor_id, _REPORTS.c.state == "open")
        return conn.execute(shared.union_all(reported).limit(1)).first() is not None

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """The fact stays for whoever must answer for it; her words go."""
        for table in (_OVERRIDES, _REPORTS):
            unit.conn.execute(update(table).where(table.c.survivor_id == survivor_id).values(body=None))

    def _settle(self, unit: Unit, survivor_id: str, by: str) -> None:
        if not self.untold(unit.conn, survivor_id):
            self._telling.told_her(unit, survivor_id, by)

    def _decided(self, unit: Unit, override_id: str, how: str, by: str) -> Row[Any]:
        row = self._row(unit, override_id, by)
        if row.asked_by == by:
            raise OneAndTheSame("whoever asked does not decide")
        self._move(unit, row, how, by, {"decided_by": by, "decided_at": unit.now})
        return row

    def _move(self, unit: Unit, row: Row[Any], how: str, by: str, values: Mapping[str, Any]) -> None:
        new = MOVES.after(Override(row.state), how)
        changed = update(_OVERRIDES).where(_OVERRIDES.c.id == row.id, _OVERRIDES.c.state == row.state)
        move(unit.conn, changed.values(state=new.value, **values))
        self._audit.record(unit, f"override.{new.value}", subject=row.id, actor=by)

    def _row(self, unit: Unit, override_id: str, by: str) -> Row[Any]:
        wanted = select(_OVERRIDES).where(_OVERRIDES.c.id == override_id, ~bars.hides(by, _OVERRIDES.c.survivor_id))
        row = unit.conn.execute(wanted.with_for_update(of=_OVERRIDES)).one_or_none()
        if row is None:
            raise NoSuchReferral("there is none")
        return row

    def _asked(self, unit: Unit, row: Row[Any]) -> Asked:
        told = ToldHer(row.told) if row.told else None
        state = Override(row.state)
        return Asked(row.id, row.survivor_id, state, row.asked_by, row.asked_at, row.decided_by, told, self._request(unit, row))

    def _request(self, unit: Unit, row: Row[Any]) -> Request | None:
        if row.body is None:
            return None
        try:
            key = self._survivors.key_of(unit, row.survivor_id)
        except KeyGone:
            return None
        plain = json.loads(key.open(row.body, table="overrides", column="body", row=row.id))
        values = {Field(name): text for name, text in plain["values"].items()}
        return Request(row.ground, plain["reason"], Recipient(*plain["to"]), values, row.until)

    def _note(self, unit: Unit, row: Row[Any]) -> str:
        if row.body is None:
            return ""
        try:
            return self._survivors.key_of(unit, row.survivor_id).open(row.body, table="duty_reports", column="body", row=row.id).decode()
        except KeyGone:
            return ""
