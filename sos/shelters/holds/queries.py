"""Reads holds. Tells an opaque case id to whoever asks with a hold or a unit, and nothing of her."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sos.db.base import table_of
from sos.shelters.holds.models import HoldRow
from sos.shelters.holds.states import OPEN, Hold

_HOLDS = table_of(HoldRow)


@dataclass(frozen=True, slots=True)
class Standing:
    """One hold as it stands."""

    id: str
    unit_id: str
    case_ref: str
    state: Hold
    until: datetime
    made_at: datetime


def standing(conn: Connection, hold_id: str) -> Standing | None:
    """This hold, open or ended."""
    row = conn.execute(select(_HOLDS).where(_HOLDS.c.id == hold_id)).one_or_none()
    return Standing(row.id, row.unit_id, row.case_ref, Hold(row.state), row.until, row.made_at) if row else None


def open_on(conn: Connection, unit_ids: Collection[str]) -> list[Standing]:
    """Open holds on these units, the one that ends first first."""
    wanted = select(_HOLDS).where(_HOLDS.c.unit_id.in_(list(unit_ids)), _HOLDS.c.state.in_([state.value for state in OPEN]))
    rows = conn.execute(wanted.order_by(_HOLDS.c.until))
    return [Standing(row.id, row.unit_id, row.case_ref, Hold(row.state), row.until, row.made_at) for row in rows]


def is_open_for(conn: Connection, cases: Collection[str]) -> bool:
    """Whether any hold of these cases is open."""
    wanted = select(_HOLDS.c.id).where(_HOLDS.c.case_ref.in_(list(cases)), _HOLDS.c.state.in_([state.value for state in OPEN]))
    return conn.execute(wanted.limit(1)).first() is not None


def open_for(conn: Connection, case: str) -> list[Standing]:
    """Open holds of one case."""
    wanted = select(_HOLDS).where(_HOLDS.c.case_ref == case, _HOLDS.c.state.in_([state.value for state in OPEN]))
    rows = conn.execute(wanted.order_by(_HOLDS.c.until))
    return [Standing(row.id, row.unit_id, row.case_ref, Hold(row.state), row.until, row.made_at) for row in rows]
