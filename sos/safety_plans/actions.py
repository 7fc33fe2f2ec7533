"""Begin plans, work through them, sign them by two, review them. What is written passes the vocabulary; a photo loses its metadata.

An overdue item is told to its owner, then to the plan's lead, then to a supervisor; never more than "Task n waits".
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Row, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved, move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, levels_used, set_deadline
from sos.encryption import index, seal
from sos.safety_plans.errors import NoSuchPlan, NotDone, SamePerson
from sos.safety_plans.models import DrillRow, PlanItemRow, PlanRow
from sos.safety_plans.photos import without_metadata
from sos.safety_plans.states import ESCALATION, ITEMS, MOVES, Evidence, Item, Plan
from sos.safety_plans.templates import Template, Templates
from sos.safety_plans.vocabulary import Vocabulary

REVIEW: Final = "plan.review"
OVERDUE: Final = "plan.item"
DRILL: Final = "plan.drill"
STAY: Final = "stay"
"""The kind of checklists that are begun for each event anew."""
_STEPS: Final = (timedelta(0), timedelta(days=1), timedelta(days=3))
_PLANS, _ITEMS, _DRILLS = table_of(PlanRow), table_of(PlanItemRow), table_of(DrillRow)
_MONTH: Final = timedelta(days=30)
_ZERO_HOUR: Final = timedelta(hours=7)


class Notices(Protocol):
    """Tells people that something waits, and nothing of what it is."""

    def overdue(self, unit: Unit, *, plan_id: str, to: str, member_id: str | None) -> None:
        """`to`: owner, lead or supervisor. `member_id`: None for whoever supervises."""

    def review(self, unit: Unit, *, plan_id: str, lead: str) -> None: ...
    def drill(self, unit: Unit, *, plan_id: str, lead: str) -> None: ...


def house_index(key: bytes, service_id: str) -> bytes:
    """By which the plans of one house are found: HMAC under the place key."""
    return index(key, f"plans\x1f{service_id}".encode())


class SafetyPlans:
    """The writes of this room. `service_id`: the house of whoever asks; another house's plan does not exist for them."""

    def __init__(
        self,
        place_key: Callable[[], bytes],
        templates: Callable[[], Templates],
        vocabulary: Callable[[], Vocabulary],
        notices: Notices,
        audit: Audit,
    ) -> None:
        self._place_key = place_key
        self._templates = templates
        self._vocabulary = vocabulary
        self._notices = notices
        self._audit = audit

    def begin(self, unit: Unit, service_id: str, slug: str, *, lead: str) -> str:
        """Begin a plan with the newest version of a checklist. Raises NoSuchPlan.

        Of an emergency there is one: an older plan of this house ends. A checklist of a stay is one event: several stand side by side.
        """
        template = self._templates().newest.get(slug)
        if template is None:
            raise NoSuchPlan("there is no such checklist")
        house = house_index(self._place_key(), service_id)
        if template.kind != STAY:
            older = select(_PLANS.c.id).where(_PLANS.c.shelter == house, _PLANS.c.slug == slug, _PLANS.c.state != Plan.ENDED.value)
            for plan_id in unit.conn.execute(older.with_for_update()).scalars().all():
                self._end(unit, plan_id)
        row = new_id()
        values = {"id": row, "shelter": house, "slug": slug, "version": template.version, "state": Plan.OPEN.value, "lead": lead}
        unit.conn.execute(insert(_PLANS), values | {"begun_at": unit.now})
        for one in template.items:
            self._add_item(unit, row, one.id, unit.now.date() + timedelta(days=one.days))
        self._audit.record(unit, "plan.begun", subject=row, actor=lead)
        return row

    def end(self, unit: Unit, service_id: str, plan_id: str, *, by: str) -> None:
        """This house needs it no more. Raises NoSuchPlan."""
        self._plan(unit, service_id, plan_id)
        self._end(unit, plan_id)
        self._audit.record(unit, "plan.ended", subject=plan_id, actor=by)

    def assign(self, unit: Unit, service_id: str, plan_id: str, item: str, *, owner: str | None, due_on: date, by: str) -> None:
        """Give an item an owner and a day. Raises NoSuchPlan."""
        row = self._item(unit, service_id, plan_id, item)
        unit.conn.execute(update(_ITEMS).where(_ITEMS.c.id == row.id).values(owner=owner, due_on=due_on))
        self._overdue_at(unit, row.id, due_on)
        self._audit.record(unit, "plan.assigned", subject=row.id, actor=by)

    def tick(self, unit: Unit, service_id: str, plan_id: str, item: str, *, by: str) -> None:
        """Done. Ticking twice is ticking once. Raises NoSuchPlan."""
        self._move_item(unit, service_id, plan_id, item, "tick", Item.DONE, by)

    def set_aside(self, unit: Unit, service_id: str, plan_id: str, item: str, *, by: str) -> None:
        """This house has no such thing. Raises NoSuchPlan."""
        self._move_item(unit, service_id, plan_id, item, "set_aside", Item.NOT_HERE, by)

    def untick(self, unit: Unit, service_id: str, plan_id: str, item: str, *, by: str) -> None:
        """Not done after all; a signature on the plan ends with it. Raises NoSuchPlan."""
        self._move_item(unit, service_id, plan_id, item, "untick", Item.TO_DO, by)
        plan = self._plan(unit, service_id, plan_id)
        if "reopen" in MOVES.moves[Plan(plan.state)]:
            self._move(unit, plan, "reopen", signed_by=None, signed_at=None, signed_too_by=None, signed_too_at=None)

    def write(self, unit: Unit, service_id: str, plan_id: str, item: str, text: str, *, by: str) -> None:
        """Evidence in words of the vocabulary. Raises NoSuchPlan, UnknownWord."""
        text, row = self._vocabulary().checked(text), self._item(unit, service_id, plan_id, item)
        note = seal(self._place_key(), text.encode(), table="safety_plan_items", column="note", row=row.id) if text else None
        unit.conn.execute(update(_ITEMS).where(_ITEMS.c.id == row.id).values(note=note))
        self._audit.record(unit, "plan.written", subject=row.id, actor=by)

    def show(self, unit: Unit, service_id: str, plan_id: str, item: str, photo: bytes, *, by: str) -> None:
        """Evidence as a photo. Raises NoSuchPlan, NoPhoto."""
        row = self._item(unit, service_id, plan_id, item)
        sealed = seal(self._place_key(), without_metadata(photo), table="safety_plan_items", column="photo", row=row.id)
        unit.conn.execute(update(_ITEMS).where(_ITEMS.c.id == row.id).values(photo=sealed))
        self._audit.record(unit, "plan.photo", subject=row.id, actor=by)

    def sign(self, unit: Unit, service_id: str, plan_id: str, *, by: str) -> Plan:
        """Sign it off; two different persons must. Raises NoSuchPlan, NotDone, SamePerson, AlreadyMoved."""
        plan = self._plan(unit, service_id, plan_id)
        template = self._templates().of(plan.slug, plan.version)
        if not self._complete(unit, plan_id, template):
            raise NotDone("items are open")
        if plan.state == Plan.SIGNED_ONCE.value:
            if plan.signed_by == by:
                raise SamePerson("the second signature is another person's")
            review_on = unit.now.date() + template.review_months * _MONTH if template.review_months else None
            self._move(unit, plan, "sign_too", signed_too_by=by, signed_too_at=unit.now, review_on=review_on)
            self._next(unit, REVIEW, plan_id, template.review_months)
            self._next(unit, DRILL, plan_id, template.drill_months)
        elif "sign" in MOVES.moves[Plan(plan.state)]:
            self._move(unit, plan, "sign", signed_by=by, signed_at=unit.now, signed_too_by=None, signed_too_at=None)
        else:
            raise AlreadyMoved("safety_plans")
        self._audit.record(unit, "plan.signed", subject=plan_id, actor=by)
        return Plan(unit.conn.execute(select(_PLANS.c.state).where(_PLANS.c.id == plan_id)).scalar_one())

    def take_up_new_items(self, unit: Unit, service_id: str, plan_id: str, *, by: str) -> str:
        """Go over to the newest version: a new plan that keeps what was done of the items that stayed the same. Raises NoSuchPlan."""
        plan = self._plan(unit, service_id, plan_id)
        change = self._templates().change(plan.slug, plan.version)
        done = unit.conn.execute(select(_ITEMS).where(_ITEMS.c.plan_id == plan_id, _ITEMS.c.state != Item.TO_DO.value)).all()
        fresh = self.begin(unit, service_id, plan.slug, lead=plan.lead)
        self._end(unit, plan_id)
        for row in done:
            if change is None or row.item not in change.dropped + change.reworded:
                kept = {"state": row.state, "done_by": row.done_by, "done_at": row.done_at, "owner": row.owner}
                unit.conn.execute(update(_ITEMS).where(_ITEMS.c.plan_id == fresh, _ITEMS.c.item == row.item).values(kept))
        self._audit.record(unit, "plan.renewed", subject=fresh, actor=by)
        return fresh

    def drill(
        self,
        unit: Unit,
        service_id: str,
        plan_id: str,
        *,
        staff: int,
        residents: int,
        children: int,
        missing: int,
        minutes: int,
        note: str,
        by: str,
    ) -> str:
        """Log a drill: heads by number, and how long it took. Raises NoSuchPlan, UnknownWord, ValueError for a number that cannot be."""
        counts = {"staff": staff, "residents": residents, "children": children, "missing": missing, "minutes": minutes}
        if any(not 0 <= count <= 1000 for count in counts.values()):  # no house holds more
            raise ValueError("heads are counted from 0 to 1000")
        plan, text, row = self._plan(unit, service_id, plan_id), self._vocabulary().checked(note), new_id()
        sealed = seal(self._place_key(), text.encode(), table="drills", column="note", row=row) if text else None
        unit.conn.execute(insert(_DRILLS), {"id": row, "plan_id": plan_id, "held_at": unit.now, "note": sealed, "by": by} | counts)
        self._next(unit, DRILL, plan_id, self._templates().of(plan.slug, plan.version).drill_months)
        self._audit.record(unit, "plan.drill", subject=row, actor=by)
        return row

    def fire_overdue(self, unit: Unit, due: Due) -> None:
        """An item's day is over and it is open: its owner, then the lead, then a supervisor is told."""
        row = unit.conn.execute(select(_ITEMS).where(_ITEMS.c.id == due.subject)).one_or_none()
        plan = unit.conn.execute(select(_PLANS).where(_PLANS.c.id == row.plan_id)).one_or_none() if row else None
        if row is None or plan is None or row.state != Item.TO_DO.value or plan.state == Plan.ENDED.value:
            return
        to = ESCALATION[due.level % len(ESCALATION)]
        member = {"owner": row.owner or plan.lead, "lead": plan.lead, "supervisor": None}[to]
        self._notices.overdue(unit, plan_id=plan.id, to=to, member_id=member)

    def fire_review(self, unit: Unit, due: Due) -> None:
        """The review is due: the plan holds, and is worked through again."""
        plan = unit.conn.execute(select(_PLANS).where(_PLANS.c.id == due.subject).with_for_update()).one_or_none()
        if plan is not None and plan.state == Plan.SIGNED.value:
            self._move(unit, plan, "fall_due")
            unit.conn.execute(update(_ITEMS).where(_ITEMS.c.plan_id == plan.id, _ITEMS.c.state == "done").values(state=Item.TO_DO.value))
            self._notices.review(unit, plan_id=plan.id, lead=plan.lead)

    def fire_drill(self, unit: Unit, due: Due) -> None:
        """A drill is due."""
        plan = unit.conn.execute(select(_PLANS).where(_PLANS.c.id == due.subject)).one_or_none()
        if plan is not None and plan.state != Plan.ENDED.value:
            self._notices.drill(unit, plan_id=plan.id, lead=plan.lead)

    def _complete(self, unit: Unit, plan_id: str, template: Template) -> bool:
        for row in unit.conn.execute(select(_ITEMS).where(_ITEMS.c.plan_id == plan_id)):
            item = template.item(row.item)
            proof = Evidence.NONE if item is None or row.state == Item.NOT_HERE.value else item.evidence
            missing = (proof is Evidence.TEXT and row.note is None) or (proof is Evidence.PHOTO and row.photo is None)
            if row.state == Item.TO_DO.value or missing:
                return False
        return True

    def _add_item(self, unit: Unit, plan_id: str, item: str, due_on: date) -> None:
        row = new_id()
        unit.conn.execute(insert(_ITEMS), {"id": row, "plan_id": plan_id, "item": item, "state": Item.TO_DO.value, "due_on": due_on})
        self._overdue_at(unit, row, due_on)

    def _overdue_at(self, unit: Unit, item_id: str, due_on: date) -> None:
        """The three tellings of one item; a new day makes three new ones."""
        cancel(unit, kind=OVERDUE, subject=item_id)
        end = unit.now.replace(hour=0, minute=0, second=0, microsecond=0) + (due_on - unit.now.date()) + timedelta(days=1) + _ZERO_HOUR
        first = self._unused(unit, OVERDUE, item_id)
        for n, step in enumerate(_STEPS):
            set_deadline(unit, kind=OVERDUE, subject=item_id, due=end + step, level=first + n)

    def _next(self, unit: Unit, kind: str, plan_id: str, months: int) -> None:
        if months:
            cancel(unit, kind=kind, subject=plan_id)
            set_deadline(unit, kind=kind, subject=plan_id, due=unit.now + months * _MONTH, level=self._unused(unit, kind, plan_id))

    def _unused(self, unit: Unit, kind: str, subject: str) -> int:
        """The first level, a multiple of the steps, that no deadline of this subject has had."""
        used, steps = levels_used(unit, kind=kind, subject=subject), len(ESCALATION)
        return -(-used // steps) * steps

    def _move_item(self, unit: Unit, service_id: str, plan_id: str, item: str, how: str, to: Item, by: str) -> None:
        row = self._item(unit, service_id, plan_id, item)
        if row.state == to.value:
            return
        if how not in ITEMS.moves[Item(row.state)]:  # done, now set aside: through the open state
            how = "untick"
        new = ITEMS.after(Item(row.state), how)
        done = {"done_by": None, "done_at": None} if new is Item.TO_DO else {"done_by": by, "done_at": unit.now}
        move(unit.conn, update(_ITEMS).where(_ITEMS.c.id == row.id, _ITEMS.c.state == row.state).values(state=new.value, **done))
        self._audit.record(unit, f"plan.item.{new.value}", subject=row.id, actor=by)
        if new is not to:
            self._move_item(unit, service_id, plan_id, item, "set_aside" if to is Item.NOT_HERE else "tick", to, by)

    def _end(self, unit: Unit, plan_id: str) -> None:
        unit.conn.execute(update(_PLANS).where(_PLANS.c.id == plan_id).values(state=Plan.ENDED.value))
        for kind in (REVIEW, DRILL):
            cancel(unit, kind=kind, subject=plan_id)
        for item_id in unit.conn.execute(select(_ITEMS.c.id).where(_ITEMS.c.plan_id == plan_id)).scalars().all():
            cancel(unit, kind=OVERDUE, subject=item_id)

    def _move(self, unit: Unit, plan: Row[Any], how: str, **values: object) -> None:
        new = MOVES.after(Plan(plan.state), how)
        move(unit.conn, update(_PLANS).where(_PLANS.c.id == plan.id, _PLANS.c.state == plan.state).values(state=new.value, **values))

    def _plan(self, unit: Unit, service_id: str, plan_id: str) -> Row[Any]:
        wanted = select(_PLANS).where(_PLANS.c.id == plan_id, _PLANS.c.shelter == house_index(self._place_key(), service_id))
        row = unit.conn.execute(wanted.with_for_update()).one_or_none()
        if row is None or row.state == Plan.ENDED.value:
            raise NoSuchPlan("this house has no such plan")
        return row

    def _item(self, unit: Unit, service_id: str, plan_id: str, item: str) -> Row[Any]:
        self._plan(unit, service_id, plan_id)
        row = unit.conn.execute(select(_ITEMS).where(_ITEMS.c.plan_id == plan_id, _ITEMS.c.item == item).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchPlan("this plan has no such item")
        return row
