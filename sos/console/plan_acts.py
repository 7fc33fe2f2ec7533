"""What is done with one plan, each act a function of the form that asks for it. Returns what to say and which plan to show; None: the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from werkzeug.datastructures import FileStorage, MultiDict

from sos.db.database import Unit
from sos.rooms import Rooms
from sos.safety_plans.calling import house_of
from sos.safety_plans.states import Plan

Shown = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Doing:
    """One act of one member on one plan of her own house."""

    rooms: Rooms
    unit: Unit
    house: str
    plan_id: str
    by: str
    form: Mapping[str, str] = field(repr=False)
    files: MultiDict[str, FileStorage] = field(repr=False)

    @property
    def item(self) -> str:
        return self.form.get("item", "")[:60]


def _tick(act: Doing) -> Shown:
    act.rooms.safety_plans.tick(act.unit, act.house, act.plan_id, act.item, by=act.by)
    return "", act.plan_id


def _untick(act: Doing) -> Shown:
    act.rooms.safety_plans.untick(act.unit, act.house, act.plan_id, act.item, by=act.by)
    return "", act.plan_id


def _set_aside(act: Doing) -> Shown:
    act.rooms.safety_plans.set_aside(act.unit, act.house, act.plan_id, act.item, by=act.by)
    return "", act.plan_id


def _write(act: Doing) -> Shown:
    act.rooms.safety_plans.write(act.unit, act.house, act.plan_id, act.item, act.form.get("text", ""), by=act.by)
    return "Kept.", act.plan_id


def _photo(act: Doing) -> Shown:
    sent = act.files.get("photo")
    act.rooms.safety_plans.show(act.unit, act.house, act.plan_id, act.item, sent.read() if sent else b"", by=act.by)
    return "The photo is kept, without where and when it was taken.", act.plan_id


def _assign(act: Doing) -> Shown:
    """To a colleague of this house, until a day."""
    owner = act.form.get("owner", "")[:32] or None
    if owner is not None and house_of(act.unit.conn, owner) != act.house:
        raise ValueError("choose a colleague of this house")
    try:
        due_on = date.fromisoformat(act.form.get("due_on", ""))
    except ValueError:
        raise ValueError("choose a day") from None
    act.rooms.safety_plans.assign(act.unit, act.house, act.plan_id, act.item, owner=owner, due_on=due_on, by=act.by)
    return "", act.plan_id


def _sign(act: Doing) -> Shown:
    state = act.rooms.safety_plans.sign(act.unit, act.house, act.plan_id, by=act.by)
    return ("Signed by two persons." if state is Plan.SIGNED else "Signed. A second person signs too."), act.plan_id


def _drill(act: Doing) -> Shown:
    counts = {name: int(act.form.get(name) or 0) for name in ("staff", "residents", "children", "missing", "minutes")}
    act.rooms.safety_plans.drill(act.unit, act.house, act.plan_id, **counts, note=act.form.get("text", ""), by=act.by)
    return "The drill is kept.", act.plan_id


def _renew(act: Doing) -> Shown:
    fresh = act.rooms.safety_plans.take_up_new_items(act.unit, act.house, act.plan_id, by=act.by)
    return "This is the newest version. What was done and stayed the same is kept.", fresh


def _end(act: Doing) -> Shown:
    act.rooms.safety_plans.end(act.unit, act.house, act.plan_id, by=act.by)
    return "Ended.", None


ACTS: Final[Mapping[str, Callable[[Doing], Shown]]] = {
    "tick": _tick,
    "untick": _untick,
    "set-aside": _set_aside,
    "write": _write,
    "photo": _photo,
    "assign": _assign,
    "sign": _sign,
    "drill": _drill,
    "renew": _renew,
    "end": _end,
}
