"""Keep and forget her own safety plan, piece by piece. Never read back by anybody but her, and there only after her check word: the doors see to that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Connection, delete, select

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import upsert
from sos.db.types import new_id
from sos.encryption import CannotOpen
from sos.keys.keystore import Keystore
from sos.survivors.keys import KeyGone, PersonKey
from sos.survivors.own_keys import fresh_within, unwrap_within
from sos.survivors.safety_plan.models import OwnPlanRow
from sos.survivors.safety_plan.states import Part

LONGEST: Final = 300
"""Characters of one piece: two or three SMS when it is read back."""


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """Her plan as she wrote it. `skipped`: pieces that she passed over, not offered again by themselves."""

    parts: Mapping[Part, str] = field(repr=False, default_factory=dict)
    skipped: frozenset[Part] = field(repr=False, default=frozenset())

    @property
    def next(self) -> Part | None:
        """The first piece that she has neither written nor passed over."""
        return next((part for part in Part if part not in self.parts and part not in self.skipped), None)

    def with_part(self, part: Part, text: str) -> "OwnPlan":
        """The same with this piece written, instead of an earlier text."""
        return replace(self, parts={**self.parts, part: text[:LONGEST]}, skipped=self.skipped - {part})

    def without(self, part: Part) -> "OwnPlan":
        """The same with this piece passed over; what was written of it stays."""
        return self if part in self.parts else replace(self, skipped=self.skipped | {part})


class OwnPlans:
    """The writes and reads of this room. `survivor_id` and `key` are hers, opened in this unit."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def read(self, conn: Connection, *, survivor_id: str, key: PersonKey) -> OwnPlan:
        """Her plan; an empty one where there is none, or what is stored cannot be read."""
        row = conn.execute(select(OwnPlanRow.__table__).where(OwnPlanRow.survivor_id == survivor_id)).one_or_none()
        if row is None:
            return OwnPlan()
        try:
            own = unwrap_within(self._keystore, key, epoch=row.key_epoch, wrapped=row.wrapped_key, table="own_plans", row=row.id)
            return _read(own.open(row.body, table="own_plans", column="body", row=row.id))
        except (KeyGone, CannotOpen, ValueError):
            return OwnPlan()

    def write(self, unit: Unit, part: Part, text: str, *, survivor_id: str, key: PersonKey) -> OwnPlan:
        """Keep this piece; at most LONGEST characters of it."""
        return self._keep(unit, self.read(unit.conn, survivor_id=survivor_id, key=key).with_part(part, text), survivor_id, key)

    def skip(self, unit: Unit, part: Part, *, survivor_id: str, key: PersonKey) -> OwnPlan:
        """Pass this piece over."""
        return self._keep(unit, self.read(unit.conn, survivor_id=survivor_id, key=key).without(part), survivor_id, key)

    def rewrite(self, unit: Unit, texts: Mapping[Part, str], *, survivor_id: str, key: PersonKey) -> OwnPlan:
        """Keep exactly these pieces; an empty text takes its piece away, and pieces passed over stay so."""
        plan = self.read(unit.conn, survivor_id=survivor_id, key=key)
        parts = {part: text.strip()[:LONGEST] for part, text in texts.items() if text.strip()}
        if not parts and not plan.parts:
            return plan
        return self._keep(unit, OwnPlan(parts, plan.skipped - parts.keys()), survivor_id, key)

    def erase(self, unit: Unit, *, survivor_id: str) -> None:
        """Destroy her plan alone: its own key ends with its epoch, in every copy. Nothing happens where there is none."""
        plan_id = unit.conn.execute(select(OwnPlanRow.id).where(OwnPlanRow.survivor_id == survivor_id)).scalar()
        if plan_id is None:
            return
        self._keystore.note_erased(plan_id)
        forget_person(unit, survivor_id)
        self._audit.record(unit, "own_plan.erased", subject=survivor_id, actor="survivor")

    def _keep(self, unit: Unit, plan: OwnPlan, survivor_id: str, key: PersonKey) -> OwnPlan:
        row = unit.conn.execute(select(OwnPlanRow.__table__).where(OwnPlanRow.survivor_id == survivor_id)).one_or_none()
        values: dict[str, object] = {"changed_at": unit.now, "survivor_id": survivor_id}
        try:
            if row is None:
                raise KeyGone
            own = unwrap_within(self._keystore, key, epoch=row.key_epoch, wrapped=row.wrapped_key, table="own_plans", row=row.id)
            plan_id = row.id
            values |= {"id": plan_id, "key_epoch": row.key_epoch, "wrapped_key": row.wrapped_key, "made_at": row.made_at}
        except KeyGone:
            plan_id, epoch = new_id(), self._keystore.current
            own, wrapped = fresh_within(epoch, key, table="own_plans", row=plan_id)
            values |= {"id": plan_id, "key_epoch": epoch.id, "wrapped_key": wrapped, "made_at": unit.now}
        values["body"] = own.seal(_written(plan), table="own_plans", column="body", row=plan_id)
        upsert(unit.conn, table_of(OwnPlanRow), values, key="survivor_id")
        self._audit.record(unit, "own_plan.written", subject=survivor_id, actor="survivor")
        return plan


def forget_person(unit: Unit, survivor_id: str) -> None:
    """Remove it; it is unreadable anyway once her key is destroyed."""
    unit.conn.execute(delete(OwnPlanRow).where(OwnPlanRow.survivor_id == survivor_id))


def _written(plan: OwnPlan) -> bytes:
    content = {"parts": {part.value: text for part, text in plan.parts.items()}, "skipped": sorted(part.value for part in plan.skipped)}
    return json.dumps(content, ensure_ascii=False).encode()


def _read(stored: bytes) -> OwnPlan:
    content = json.loads(stored)
    known = {part.value for part in Part}
    parts = {Part(name): str(text) for name, text in content.get("parts", {}).items() if name in known}
    return OwnPlan(parts, frozenset(Part(name) for name in content.get("skipped", []) if name in known))
