"""Reads plans of one house, opened with the place key. Another house's plan does not exist."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from sos.db.base import table_of
from sos.encryption import open_sealed
from sos.safety_plans.actions import house_index
from sos.safety_plans.models import DrillRow, LockdownReplyRow, LockdownRow, PlanItemRow, PlanRow
from sos.safety_plans.states import Item, Plan
from sos.safety_plans.templates import Change, Template, TemplateItem, Templates

_PLANS, _ITEMS, _DRILLS = table_of(PlanRow), table_of(PlanItemRow), table_of(DrillRow)
_LOCKDOWNS, _REPLIES = table_of(LockdownRow), table_of(LockdownReplyRow)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list."""

    id: str
    template: Template
    state: Plan
    lead: str
    open_items: int
    items: int
    overdue: int
    review_on: date | None
    begun_at: datetime

    @property
    def name(self) -> str:
        """By which people speak of it, and which tells nothing."""
        return self.id[:4].upper()


@dataclass(frozen=True, slots=True)
class Overdue:
    """A plan with open items past their day, for supervisors: an opaque name and whom to ask. Neither house nor checklist."""

    name: str
    lead: str
    items: int
    since: date


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as it stands. `note` is words of the vocabulary."""

    item: TemplateItem
    state: Item
    owner: str | None
    due_on: date | None
    done_by: str | None
    done_at: datetime | None
    note: str = field(repr=False)
    has_photo: bool


@dataclass(frozen=True, slots=True)
class DrillView:
    """One drill."""

    held_at: datetime
    staff: int
    residents: int
    children: int
    missing: int
    minutes: int
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlanView:
    """A whole plan. `newer`: what a newer version of its checklist adds and drops."""

    line: PlanLine
    begun_at: datetime
    signed: tuple[tuple[str, datetime], ...]
    items: tuple[ItemView, ...]
    drills: tuple[DrillView, ...]
    newer: Change | None


@dataclass(frozen=True, slots=True)
class LockdownView:
    """A standing message: who has acknowledged, who has not."""

    id: str
    begun_at: datetime
    begun_by: str
    replies: tuple[tuple[str, datetime | None], ...]


class PlanReading:
    """The reads of this room."""

    def __init__(self, place_key: Callable[[], bytes], templates: Callable[[], Templates]) -> None:
        self._place_key = place_key
        self._templates = templates

    def plans(self, conn: Connection, service_id: str, today: date) -> list[PlanLine]:
        """The plans of this house that have not ended, by checklist."""
        house = house_index(self._place_key(), service_id)
        rows = conn.execute(select(_PLANS).where(_PLANS.c.shelter == house, _PLANS.c.state != Plan.ENDED.value).order_by(_PLANS.c.slug))
        there = [
            row for row in rows.all() if (row.slug, row.version) in self._templates().by_key
        ]  # the doctor names what has lost its file
        return [self._line(row, conn.execute(select(_ITEMS).where(_ITEMS.c.plan_id == row.id)).all(), today) for row in there]

    def plan(self, conn: Connection, service_id: str, plan_id: str, today: date) -> PlanView | None:
        """One plan of this house; None for any other."""
        house = house_index(self._place_key(), service_id)
        row = conn.execute(select(_PLANS).where(_PLANS.c.id == plan_id, _PLANS.c.shelter == house)).one_or_none()
        if row is None or (row.slug, row.version) not in self._templates().by_key:
            return None
        items = conn.execute(select(_ITEMS).where(_ITEMS.c.plan_id == plan_id)).all()
        line = self._line(row, items, today)
        by_item = {one.item: one for one in items}
        views = tuple(self._item(by_item[one.id], one) for one in line.template.items if one.id in by_item)
        signed = tuple((by, at) for by, at in ((row.signed_by, row.signed_at), (row.signed_too_by, row.signed_too_at)) if by)
        drills = conn.execute(select(_DRILLS).where(_DRILLS.c.plan_id == plan_id).order_by(_DRILLS.c.held_at.desc())).all()
        change = self._templates().change(row.slug, row.version)
        return PlanView(line, row.begun_at, signed, views, tuple(map(self._drill, drills)), change)

    def overdue(self, conn: Connection, today: date) -> list[Overdue]:
        """Plans of all houses with items past their day, the oldest first."""
        late = (_ITEMS.c.state == Item.TO_DO.value, _ITEMS.c.due_on < today, _PLANS.c.state != Plan.ENDED.value)
        since = func.min(_ITEMS.c.due_on)
        wanted = select(_PLANS.c.id, _PLANS.c.lead, func.count().label("items"), since.label("since"))
        wanted = wanted.join(_ITEMS, _ITEMS.c.plan_id == _PLANS.c.id).where(*late).group_by(_PLANS.c.id, _PLANS.c.lead).order_by(since)
        return [Overdue(row.id[:4].upper(), row.lead, row.items, row.since) for row in conn.execute(wanted)]

    def lost_files(self, conn: Connection) -> tuple[str, ...]:
        """Versions with which plans have begun and whose files are gone."""
        used = conn.execute(select(_PLANS.c.slug, _PLANS.c.version).where(_PLANS.c.state != Plan.ENDED.value).distinct())
        return tuple(sorted(f"{row.slug}.{row.version}" for row in used if (row.slug, row.version) not in self._templates().by_key))

    def photo(self, conn: Connection, service_id: str, plan_id: str, item: str) -> bytes | None:
        """The photo of an item, as JPEG."""
        house = house_index(self._place_key(), service_id)
        wanted = select(_ITEMS.c.id, _ITEMS.c.photo).join(_PLANS, _PLANS.c.id == _ITEMS.c.plan_id)
        row = conn.execute(wanted.where(_PLANS.c.id == plan_id, _PLANS.c.shelter == house, _ITEMS.c.item == item)).one_or_none()
        if row is None or row.photo is None:
            return None
        return open_sealed(self._place_key(), row.photo, table="safety_plan_items", column="photo", row=row.id)

    def lockdown(self, conn: Connection, service_id: str) -> LockdownView | None:
        """The message that stands in this house."""
        house = house_index(self._place_key(), service_id)
        row = conn.execute(select(_LOCKDOWNS).where(_LOCKDOWNS.c.shelter == house, _LOCKDOWNS.c.ended_at.is_(None))).one_or_none()
        if row is None:
            return None
        replies = conn.execute(select(_REPLIES).where(_REPLIES.c.lockdown_id == row.id).order_by(_REPLIES.c.at, _REPLIES.c.member_id))
        return LockdownView(row.id, row.begun_at, row.begun_by, tuple((one.member_id, one.at) for one in replies))

    def _line(self, row: Row[Any], items: Sequence[Row[Any]], today: date) -> PlanLine:
        open_items = [one for one in items if one.state == Item.TO_DO.value]
        overdue = sum(one.due_on is not None and one.due_on < today for one in open_items)
        template = self._templates().of(row.slug, row.version)
        return PlanLine(row.id, template, Plan(row.state), row.lead, len(open_items), len(items), overdue, row.review_on, row.begun_at)

    def _item(self, row: Row[Any], item: TemplateItem) -> ItemView:
        note = self._opened("safety_plan_items", row)
        return ItemView(item, Item(row.state), row.owner, row.due_on, row.done_by, row.done_at, note, row.photo is not None)

    def _drill(self, row: Row[Any]) -> DrillView:
        return DrillView(row.held_at, row.staff, row.residents, row.children, row.missing, row.minutes, self._opened("drills", row))

    def _opened(self, table: str, row: Row[Any]) -> str:
        if row.note is None:
            return ""
        return open_sealed(self._place_key(), row.note, table=table, column="note", row=row.id).decode()
