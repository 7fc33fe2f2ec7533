"""Looks at check-ins without changing them. Reads no word of hers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from sos.alerts.check_ins.models import CheckInRow
from sos.alerts.check_ins.states import CheckIn, Then


@dataclass(frozen=True, slots=True)
class OpenCheckIn:
    """One that runs. `gap_untold`: nobody is expected on duty then, and she has not read that yet."""

    id: str
    survivor_id: str
    due: datetime
    then: Then
    made_at: datetime
    gap_untold: bool
    cancel_asked: bool


def open_of(conn: Connection, survivor_id: str) -> OpenCheckIn | None:
    """Hers, if one runs."""
    row = conn.execute(_open().where(CheckInRow.survivor_id == survivor_id)).one_or_none()
    return _read(row) if row else None


def running(conn: Connection) -> list[OpenCheckIn]:
    """All that run, the next one first: for the console and for the rota's gaps."""
    return [_read(row) for row in conn.execute(_open().order_by(CheckInRow.due))]


def _open() -> Select[Any]:
    return select(CheckInRow.__table__).where(CheckInRow.state == CheckIn.OPEN.value)


def _read(row: Row[Any]) -> OpenCheckIn:
    return OpenCheckIn(
        row.id,
        row.survivor_id,
        row.due,
        Then(row.then),
        row.made_at,
        gap_untold=row.gap_since is not None and not row.gap_told,
        cancel_asked=row.cancel_asked_at is not None,
    )
