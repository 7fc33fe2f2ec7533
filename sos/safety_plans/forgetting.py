"""Drops what is over: a checklist of one stay after half a year, an ended plan after three years, a lockdown after one. Never a plan in force."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select

from sos.db.database import Unit
from sos.safety_plans.models import DrillRow, LockdownReplyRow, LockdownRow, PlanItemRow, PlanRow
from sos.safety_plans.states import Plan

STAYS_KEPT: Final = timedelta(days=182)
ENDED_KEPT: Final = timedelta(days=3 * 365)
LOCKDOWNS_KEPT: Final = timedelta(days=365)
STAY_SLUGS: Final = ("admission", "exit", "urgent_relocation", "missing_resident", "outgoing_shift")


def forget_old(unit: Unit) -> None:
    """With items, drills and replies."""
    over = PlanRow.state.in_([Plan.ENDED.value, Plan.SIGNED.value])
    stays = and_(over, PlanRow.slug.in_(STAY_SLUGS), PlanRow.begun_at < unit.now - STAYS_KEPT)
    for old in (stays, and_(PlanRow.state == Plan.ENDED.value, PlanRow.begun_at < unit.now - ENDED_KEPT)):
        _drop(unit, old)
    _drop_lockdowns(unit, unit.now - LOCKDOWNS_KEPT)


def _drop(unit: Unit, old: ColumnElement[bool]) -> None:
    ids = select(PlanRow.id).where(old)
    for part in (PlanItemRow, DrillRow):
        unit.conn.execute(delete(part).where(part.plan_id.in_(ids)))
    unit.conn.execute(delete(PlanRow).where(old))


def _drop_lockdowns(unit: Unit, before: datetime) -> None:
    old = select(LockdownRow.id).where(LockdownRow.ended_at < before)
    unit.conn.execute(delete(LockdownReplyRow).where(LockdownReplyRow.lockdown_id.in_(old)))
    unit.conn.execute(delete(LockdownRow).where(LockdownRow.ended_at < before))
