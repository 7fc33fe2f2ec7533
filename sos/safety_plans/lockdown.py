"""A message in neutral words to everybody who works in one house, acknowledged one by one. It names no house, no place and no danger."""

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.safety_plans.actions import house_index
from sos.safety_plans.errors import NoSuchPlan
from sos.safety_plans.models import LockdownReplyRow, LockdownRow

_LOCKDOWNS, _REPLIES = table_of(LockdownRow), table_of(LockdownReplyRow)


class Caller(Protocol):
    """Reaches the staff of a house."""

    def staff(self, unit: Unit, service_id: str) -> Sequence[str]:
        """Member ids."""

    def tell(self, unit: Unit, member_id: str, *, over: bool) -> None:
        """By every way of this member: begin, or over."""


class Lockdowns:
    """The writes about lockdowns."""

    def __init__(self, place_key: Callable[[], bytes], caller: Caller, audit: Audit) -> None:
        self._place_key = place_key
        self._caller = caller
        self._audit = audit

    def begin(self, unit: Unit, service_id: str, *, by: str) -> str:
        """Tell everybody; a second call while one stands tells everybody again who has not acknowledged. Returns its id."""
        house = house_index(self._place_key(), service_id)
        standing = select(_LOCKDOWNS.c.id).where(_LOCKDOWNS.c.shelter == house, _LOCKDOWNS.c.ended_at.is_(None))
        row = unit.conn.execute(standing.with_for_update()).scalar()
        if row is None:
            row = new_id()
            unit.conn.execute(insert(_LOCKDOWNS), {"id": row, "shelter": house, "begun_at": unit.now, "begun_by": by})
        told = {reply.member_id: reply.at for reply in unit.conn.execute(select(_REPLIES).where(_REPLIES.c.lockdown_id == row))}
        for member in self._caller.staff(unit, service_id):
            if member not in told:
                unit.conn.execute(insert(_REPLIES), {"id": new_id(), "lockdown_id": row, "member_id": member, "told_at": unit.now})
            if told.get(member) is None and member != by:
                self._caller.tell(unit, member, over=False)
        self.acknowledge(unit, row, member_id=by)
        self._audit.record(unit, "lockdown.begun", subject=row, actor=by)
        return str(row)

    def acknowledge(self, unit: Unit, lockdown_id: str, *, member_id: str) -> bool:
        """This member has read it; False when she was not told."""
        own = update(_REPLIES).where(_REPLIES.c.lockdown_id == lockdown_id, _REPLIES.c.member_id == member_id, _REPLIES.c.at.is_(None))
        return unit.conn.execute(own.values(at=unit.now)).rowcount == 1

    def read(self, unit: Unit, service_id: str, *, member_id: str) -> bool:
        """She answers the message that stands in her house; False where none does."""
        house = house_index(self._place_key(), service_id)
        standing = select(_LOCKDOWNS.c.id).where(_LOCKDOWNS.c.shelter == house, _LOCKDOWNS.c.ended_at.is_(None))
        row = unit.conn.execute(standing).scalar()
        if row is None:
            return False
        self.acknowledge(unit, row, member_id=member_id)
        return True

    def end(self, unit: Unit, service_id: str, lockdown_id: str, *, by: str) -> None:
        """It is over: everybody is told. Raises NoSuchPlan."""
        house = house_index(self._place_key(), service_id)
        own = update(_LOCKDOWNS).where(_LOCKDOWNS.c.id == lockdown_id, _LOCKDOWNS.c.shelter == house, _LOCKDOWNS.c.ended_at.is_(None))
        if unit.conn.execute(own.values(ended_at=unit.now, ended_by=by)).rowcount != 1:
            raise NoSuchPlan("this house has no such message standing")
        for member in self._caller.staff(unit, service_id):
            if member != by:
                self._caller.tell(unit, member, over=True)
        self._audit.record(unit, "lockdown.ended", subject=lockdown_id, actor=by)
