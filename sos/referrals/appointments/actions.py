"""Agree, move and end appointments. A reminder leaves only where she chose its words, and then as a neutral line; never a place or a purpose."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Row, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, levels_used, set_deadline
from sos.referrals.appointments.models import AppointmentRow
from sos.referrals.appointments.states import MOVES, Appointment, AppointmentKind
from sos.referrals.errors import ReferralRefusal
from sos.survivors.actions import Survivors
from sos.survivors.keys import KeyGone

REMIND: Final = "appointment.remind"
KEPT: Final = timedelta(days=90)
REMIND_BEFORE: Final = timedelta(hours=3)
_ROWS = table_of(AppointmentRow)


class NoSuchAppointment(ReferralRefusal):
    """There is none."""


class NotThen(ReferralRefusal):
    """It begins in the past, or she is somewhere else at that time."""


class Reminder(Protocol):
    """Writes a neutral line to her, under her own contact rules."""

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Agreed:
    """One appointment. `cover`: the reason that she gives to whoever asks; `reminder`: the line she chose, empty for none."""

    id: str
    kind: AppointmentKind
    starts_at: datetime
    minutes: int
    state: Appointment
    with_whom: str = field(repr=False)
    where: str = field(repr=False)
    cover: str = field(repr=False)
    reminder: str = field(repr=False)


class Appointments:
    """The writes and reads about appointments."""

    def __init__(self, survivors: Survivors, reminder: Reminder, audit: Audit) -> None:
        self._survivors = survivors
        self._reminder = reminder
        self._audit = audit

    def agree(
        self,
        unit: Unit,
        *,
        survivor_id: str,
        kind: AppointmentKind,
        starts_at: datetime,
        minutes: int,
        by: str,
        with_whom: str = "",
        where: str = "",
        cover: str = "",
        reminder: str = "",
        remind_before: timedelta = REMIND_BEFORE,
    ) -> str:
        """Keep what was agreed at her time. `starts_at`: aware. Raises NotThen, KeyGone."""
        if starts_at <= unit.now or self._clashes(unit, survivor_id, starts_at, minutes):
            raise NotThen("another time")
        key, row = self._survivors.key_of(unit, survivor_id), new_id()
        plain = {"kind": kind.value, "with": with_whom, "where": where, "cover": cover, "reminder": reminder}
        values: dict[str, Any] = {"id": row, "survivor_id": survivor_id, "state": Appointment.AGREED.value, "starts_at": starts_at}
        values |= {"minutes": minutes, "made_by": by, "made_at": unit.now}
        body = key.seal(json.dumps(plain, ensure_ascii=False).encode(), table="appointments", column="body", row=row)
        unit.conn.execute(insert(_ROWS), values | {"body": body})
        if reminder:
            set_deadline(unit, kind=REMIND, subject=row, due=max(unit.now, starts_at - remind_before))
        self._audit.record(unit, "appointment.agreed", subject=row, actor=by)
        return row

    def put_off(self, unit: Unit, appointment_id: str, starts_at: datetime, *, by: str) -> None:
        """Another time; the reminder moves with it. Raises NoSuchAppointment, NotThen."""
        row = self._row(unit, appointment_id)
        if row.state != Appointment.AGREED.value:
            raise NoSuchAppointment("there is none")
        if starts_at <= unit.now or self._clashes(unit, row.survivor_id, starts_at, row.minutes, but=row.id):
            raise NotThen("another time")
        unit.conn.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(starts_at=starts_at))
        earlier = self._open(unit, row)
        cancel(unit, kind=REMIND, subject=row.id)
        if earlier.reminder:
            due = max(unit.now, starts_at - REMIND_BEFORE)
            set_deadline(unit, kind=REMIND, subject=row.id, due=due, level=levels_used(unit, kind=REMIND, subject=row.id))
        self._audit.record(unit, "appointment.put_off", subject=row.id, actor=by)

    def end(self, unit: Unit, appointment_id: str, how: str, *, by: str) -> Appointment:
        """hold, miss or cancel. Raises NoSuchAppointment, IllegalMove, AlreadyMoved."""
        row = self._row(unit, appointment_id)
        new = MOVES.after(Appointment(row.state), how)
        move(unit.conn, update(_ROWS).where(_ROWS.c.id == row.id, _ROWS.c.state == row.state).values(state=new.value))
        cancel(unit, kind=REMIND, subject=row.id)
        self._audit.record(unit, f"appointment.{new.value}", subject=row.id, actor=by)
        return new

    def of(self, unit: Unit, survivor_id: str) -> list[Agreed]:
        """Her appointments, the next first. Raises KeyGone."""
        rows = unit.conn.execute(select(_ROWS).where(_ROWS.c.survivor_id == survivor_id).order_by(_ROWS.c.starts_at, _ROWS.c.id)).all()
        return [self._open(unit, row) for row in rows if row.body is not None]

    def fire(self, unit: Unit, due: Due) -> None:
        """Remind her, in her own words, if it still stands."""
        row = unit.conn.execute(select(_ROWS).where(_ROWS.c.id == due.subject)).one_or_none()
        if row is None or row.state != Appointment.AGREED.value or row.starts_at <= unit.now or row.body is None:
            return
        try:
            words = self._open(unit, row).reminder
        except KeyGone:
            return
        if words:
            self._reminder.remind(unit, survivor_id=row.survivor_id, words=words)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Nothing of hers stays; no reminder leaves any more."""
        for row in unit.conn.execute(select(_ROWS.c.id).where(_ROWS.c.survivor_id == survivor_id)).scalars().all():
            cancel(unit, kind=REMIND, subject=row)
        unit.conn.execute(delete(_ROWS).where(_ROWS.c.survivor_id == survivor_id))

    def whose(self, unit: Unit, appointment_id: str) -> str:
        """The survivor it belongs to. Raises NoSuchAppointment."""
        return str(self._row(unit, appointment_id).survivor_id)

    def _clashes(self, unit: Unit, survivor_id: str, starts_at: datetime, minutes: int, *, but: str = "") -> bool:
        wanted = select(_ROWS).where(_ROWS.c.survivor_id == survivor_id, _ROWS.c.state == Appointment.AGREED.value, _ROWS.c.id != but)
        ends_at = starts_at + timedelta(minutes=minutes)
        rows = unit.conn.execute(wanted).all()
        return any(row.starts_at < ends_at and starts_at < row.starts_at + timedelta(minutes=row.minutes) for row in rows)

    def _row(self, unit: Unit, appointment_id: str) -> Row[Any]:
        row = unit.conn.execute(select(_ROWS).where(_ROWS.c.id == appointment_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchAppointment("there is none")
        return row

    def _open(self, unit: Unit, row: Row[Any]) -> Agreed:
        key = self._survivors.key_of(unit, row.survivor_id)
        plain = json.loads(key.open(row.body, table="appointments", column="body", row=row.id))
        return Agreed(
            row.id,
            AppointmentKind(plain["kind"]),
            row.starts_at,
            row.minutes,
            Appointment(row.state),
            plain["with"],
            plain["where"],
            plain["cover"],
            plain["reminder"],
        )


def forget_old(unit: Unit) -> None:
    """Appointments 90 days after they were to begin."""
    unit.conn.execute(delete(_ROWS).where(_ROWS.c.starts_at < unit.now - KEPT))
