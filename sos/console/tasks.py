"""Tasks: the list, one task with its notes, and what is done with it. What belongs to a barred case does not exist. No word in an address."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.console import case, rows, words
from sos.console.alert_acts import RESTS
from sos.console.colleagues import colleagues
from sos.console.house import House
from sos.console.shell import me, page
from sos.console.times import later_today
from sos.db.again import once_more
from sos.db.database import Unit
from sos.staff import load
from sos.staff import queries as tasks
from sos.staff.duty import rests
from sos.staff.errors import EndsElsewhere, NoSuchTask, TakenByAnother

LONGEST = 2000


def blueprint(house: House) -> Blueprint:
    """`/staff/tasks`, `/staff/tasks/<number>` and its acts."""
    door = Blueprint("tasks", __name__)

    @door.get("/staff/tasks")
    def show() -> Response:
        now, viewer = house.clock.now(), me().id
        with house.database.read() as conn:
            barred = bars.survivors(conn, viewer)
            waiting, later = tasks.waiting(conn, now=now, barred=barred), tasks.later(conn, now=now, barred=barred)
            aliases = rows.aliases_of(conn)
        mine = [one for one in waiting + later if one.taken_by == viewer]
        return page(
            "tasks.html",
            mine=mine,
            waiting=[one for one in waiting if one.taken_by != viewer],
            later=later,
            kinds=words.TASKS,
            aliases=aliases,
        )

    @door.get("/staff/tasks/<int:number>")
    def one(number: int) -> Response:
        return _one(house, number)

    @door.post("/staff/tasks/<int:number>/<act>")
    def act(number: int, act: str) -> Answer:
        """claim, give-back, postpone, note, done."""
        try:
            said = _do(house, number, act)
        except TakenByAnother:
            return _one(
                house, number, problem="Somebody else has taken it meanwhile. Nothing of yours was lost.", status=HTTPStatus.CONFLICT
            )
        except EndsElsewhere:
            problem = "This ends only by how she was told, or why not: note it in her referrals. Nothing was lost."
            return _one(house, number, problem=problem, status=HTTPStatus.CONFLICT)
        except NoSuchTask:
            abort(HTTPStatus.NOT_FOUND)
        if said:
            flash(said)
        return redirect("/staff" if act in ("done", "hand-over") else f"/staff/tasks/{number}", HTTPStatus.SEE_OTHER)

    return door


@once_more
def _do(house: House, number: int, act: str) -> str:
    room, by = house.rooms.tasks, me().id
    with house.database.write() as unit:
        found = tasks.task(unit.conn, number, barred=bars.survivors(unit.conn, by))
        if found is None or not found.is_open:
            raise NoSuchTask
        note = request.form.get("text", "").strip()[:LONGEST]
        key = case.key_of(unit, house.rooms, found.survivor_id)
        if note and key is not None:
            room.add_note(unit, number, by, note, key=key.raw)
        if act == "claim":
            return _claim(unit, house, number, by)
        if act == "give-back":
            room.give_back(unit, number, by)
        elif act == "hand-over":
            _hand_over(house, unit, found, by)
            return "Handed over."
        elif act == "postpone":
            room.postpone(unit, number, by, later_today(request.form.get("at", ""), unit.now))
            return "It comes back into the queue at its time."
        elif act == "done":
            room.done(unit, number, by)
            return f"Task {number} is done."
        elif act != "note":
            raise NoSuchTask
    return ""


def _claim(unit: Unit, house: House, number: int, by: str) -> str:
    """Taken; or why not: she rests, or has enough."""
    if by in rests.resting(unit.conn, unit.now):
        return RESTS
    enough = load.is_enough(rows.held_alerts(unit.conn, by, unit.now), tasks.held(unit.conn, by))
    if enough and "anyway" not in request.form:
        return f"You have {load.ENOUGH} or more open cases. Hand one over first, or claim it all the same below."
    house.rooms.tasks.claim(unit, number, by)
    return ""


def _hand_over(house: House, unit: Unit, task: tasks.Waiting, by: str) -> None:
    """To a colleague for whom the case exists; else back into the queue."""
    to = request.form.get("to", "")
    there = {one.id for one in colleagues(unit.conn, unit.now, by)}
    if to in there and task.survivor_id not in bars.survivors(unit.conn, to):
        house.rooms.tasks.hand_over(unit, task.number, by, to)
    else:
        house.rooms.tasks.give_back(unit, task.number, by)


def _one(house: House, number: int, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    by = me().id
    with house.database.write() as unit:
        found = tasks.task(unit.conn, number, barred=bars.survivors(unit.conn, by))
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        key = case.key_of(unit, house.rooms, found.survivor_id)
        notes = tasks.notes(unit.conn, found.id, key=key.raw if key else None)
        alert = bars.seen(unit.conn, found.alert_id, by) if found.alert_id else None
        aliases = rows.aliases_of(unit.conn)
        alias = house.rooms.aliases.alias_of(unit.conn, found.survivor_id, key=key.raw) if key and found.survivor_id else None
        enough = load.is_enough(rows.held_alerts(unit.conn, by, unit.now), tasks.held(unit.conn, by))
        house.rooms.audit.record(unit, "task.read", subject=found.id, actor=by)
    return page(
        "task.html",
        status=status,
        task=found,
        kind=words.of(words.TASKS, str(found.kind)),
        notes=notes,
        aliases=aliases,
        alias=alias,
        alert=alert,
        enough=enough,
        has_person=key is not None,
        problem=problem,
    )
