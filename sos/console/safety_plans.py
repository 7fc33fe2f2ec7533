"""Safety plans of one's own house: checklists on a phone, signed by two, with drills by number; the neutral note; the house's own bell.

Another house's plan does not exist. No word is taken that is not in the vocabulary; nothing of a house stands in an address but opaque ids.
"""

from datetime import date
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.console import plan_acts
from sos.console.house import House
from sos.console.shell import me, page
from sos.db.statements import AlreadyMoved
from sos.db.wake import Topic
from sos.safety_plans import printing
from sos.safety_plans.actions import STAY
from sos.safety_plans.calling import house_of
from sos.safety_plans.errors import NoSuchPlan, NotDone, PlanRefusal, SamePerson, UnknownWord
from sos.safety_plans.photos import LARGEST
from sos.safety_plans.printing import WORDS
from sos.safety_plans.queries import PlanLine, PlanView
from sos.safety_plans.states import Item, Plan
from sos.staff import queries as tasks
from sos.staff.errors import NoSuchTask, TakenByAnother
from sos.staff.members.queries import everyone, members
from sos.staff.members.states import Role

STATES: Final = {
    Plan.OPEN: "being worked on",
    Plan.SIGNED_ONCE: "signed by one, waits for a second person",
    Plan.SIGNED: "signed by two",
    Plan.REVIEW: "review is due",
    Plan.ENDED: "ended",
}
LANGUAGES: Final = {"en": "English", "sq": "Shqip", "sr": "Srpski"}
_FORM_PARTS: Final = 100_000


def blueprint(house: House) -> Blueprint:
    """`/staff/plans` and what is done there."""
    door, desk = Blueprint("plans", __name__), Desk(house)
    door.url_value_preprocessor(_room_for_a_photo)
    door.add_url_rule("/staff/plans", "show", desk.show)
    door.add_url_rule("/staff/plans", "begin", desk.begin, methods=["POST"])
    door.add_url_rule("/staff/plans/overdue", "overdue", desk.overdue)
    door.add_url_rule("/staff/plans/note/<act>", "note", desk.note, methods=["POST"])
    door.add_url_rule("/staff/plans/ring", "ring", desk.ring, methods=["POST"])
    door.add_url_rule("/staff/plans/task/<int:number>", "task_done", desk.task_done, methods=["POST"])
    door.add_url_rule("/staff/plans/<plan_id>", "one", desk.one)
    door.add_url_rule("/staff/plans/<plan_id>/ticks", "ticks", desk.ticks, methods=["POST"])
    door.add_url_rule("/staff/plans/<plan_id>/print/<language>", "sheet", desk.sheet)
    door.add_url_rule("/staff/plans/<plan_id>/pdf/<language>", "pdf", desk.pdf)
    door.add_url_rule("/staff/plans/<plan_id>/photo/<item>", "photo", desk.photo)
    door.add_url_rule("/staff/plans/<plan_id>/act/<act>", "act", desk.act, methods=["POST"])
    return door


def _room_for_a_photo(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A photo is larger than any other form; this runs before the form is read."""
    if endpoint == "plans.act" and values is not None and values.get("act") == "photo":
        request.max_content_length = LARGEST + _FORM_PARTS


class Desk:
    """What the staff of a house does about its own plans."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, problem: str = "") -> Response:
        """My house's plans, what is overdue first; the note that stands; what waits for me."""
        rooms = self._house.rooms
        with self._house.database.read() as conn:
            mine = self._mine(conn)
            plans = sorted(rooms.plan_reading.plans(conn, mine, self._today()), key=_weight)
            note = rooms.plan_reading.lockdown(conn, mine)
            waiting = tasks.of_house(conn, me().id)
            aliases = {one.id: one.alias for one in everyone(conn)}
        begun = {one.template.slug for one in plans}
        newest = sorted(rooms.checklists.newest.values(), key=lambda one: one.title["en"])
        return page(
            "plans/show.html",
            status=HTTPStatus.CONFLICT if problem else HTTPStatus.OK,
            plans=[one for one in plans if one.template.kind != STAY],
            events=[one for one in plans if one.template.kind == STAY],
            missing=[one for one in newest if one.kind != STAY and one.slug not in begun],
            stays=[one for one in newest if one.kind == STAY],
            states=STATES,
            note=note,
            waiting=waiting,
            aliases=aliases,
            problem=problem,
        )

    def begin(self) -> Answer:
        """Begin a checklist; whoever begins it leads it."""
        with self._house.database.write() as unit:
            try:
                row = self._house.rooms.safety_plans.begin(unit, self._mine(unit.conn), request.form.get("slug", "")[:40], lead=me().id)
            except NoSuchPlan:
                abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("plans.one", plan_id=row), HTTPStatus.SEE_OTHER)

    def one(self, plan_id: str, problem: str = "", kept: str = "", status: int = HTTPStatus.OK) -> Response:
        """One plan: its items, signatures, drills, and what a newer version adds."""
        with self._house.database.read() as conn:
            mine = self._mine(conn)
            view = self._view(conn, plan_id)
            staff = [one for one in members(conn, role=Role.SHELTER_STAFF) if one.service_id == mine]
            aliases = {one.id: one.alias for one in everyone(conn)}
        newest = self._house.rooms.checklists.newest[view.line.template.slug]
        language = request.args.get("language", "en")
        return page(
            "plans/one.html",
            status=status,
            view=view,
            plan=view.line,
            language=language if language in LANGUAGES else "en",
            languages=LANGUAGES,
            states=STATES,
            staff=staff,
            aliases=aliases,
            today=self._today(),
            added=[item for item in newest.items if view.newer and item.id in view.newer.added + view.newer.reworded],
            dropped=len(view.newer.dropped) if view.newer else 0,
            newest=newest,
            may_sign=me().id not in [by for by, _ in view.signed] or view.line.state is not Plan.SIGNED_ONCE,
            problem=problem,
            kept=kept,
        )

    def act(self, plan_id: str, act: str) -> Answer:
        """One act of a person; then the page again. What cannot be done says why, with the words kept."""
        doing = plan_acts.ACTS.get(act)
        if doing is None:
            abort(HTTPStatus.NOT_FOUND)
        try:
            with self._house.database.write() as unit:
                there = plan_acts.Doing(self._house.rooms, unit, self._mine(unit.conn), plan_id, me().id, request.form, request.files)
                said, stays = doing(there)
        except NoSuchPlan:
            abort(HTTPStatus.NOT_FOUND)
        except (PlanRefusal, AlreadyMoved, ValueError) as error:
            return self.one(plan_id, problem=_why(error), kept=request.form.get("text", "")[:500], status=HTTPStatus.CONFLICT)
        if said:
            flash(said)
        if not stays:
            return redirect(url_for("plans.show"), HTTPStatus.SEE_OTHER)
        anchor = f"i-{request.form['item']}" if request.form.get("item") else None
        language = request.form.get("language") or None
        return redirect(url_for("plans.one", plan_id=stays, language=language, _anchor=anchor), HTTPStatus.SEE_OTHER)

    def ticks(self, plan_id: str) -> Response:
        """Ticks that waited in a page for the line: {item: state}. Answers with how every item stands now."""
        wanted = request.get_json(silent=True)
        if not isinstance(wanted, dict) or not set(wanted.values()) <= set(Item):
            abort(HTTPStatus.BAD_REQUEST)
        with self._house.database.write() as unit:
            mine, room = self._mine(unit.conn), self._house.rooms.safety_plans
            acts = {Item.DONE: room.tick, Item.NOT_HERE: room.set_aside, Item.TO_DO: room.untick}
            try:
                for item, state in wanted.items():
                    acts[Item(state)](unit, mine, plan_id, str(item), by=me().id)
            except NoSuchPlan:
                abort(HTTPStatus.NOT_FOUND)
        with self._house.database.read() as conn:
            view = self._view(conn, plan_id)
        left = {"open": view.line.open_items, "state": STATES[view.line.state]}
        return jsonify(items={one.item.id: one.state.value for one in view.items}, **left)

    def photo(self, plan_id: str, item: str) -> Response:
        """The photo of an item, redrawn without metadata when it came."""
        with self._house.database.read() as conn:
            found = self._house.rooms.plan_reading.photo(conn, self._mine(conn), plan_id, item)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        response = Response(found, content_type="image/jpeg")
        response.headers["Cache-Control"] = "no-store"
        return response

    def sheet(self, plan_id: str, language: str) -> Response:
        """The A4 page to print from the browser."""
        return page("plans/sheet.html", sheet=self._sheet(plan_id, language), Item=Item)

    def pdf(self, plan_id: str, language: str) -> Response:
        """The same as a PDF."""
        made = self._sheet(plan_id, language)
        response = Response(printing.pdf(made), content_type="application/pdf")
        response.headers["Content-Disposition"] = f'inline; filename="list-{made.name.lower()}-{language}.pdf"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def note(self, act: str) -> Answer:
        """begin, read, end: the neutral note to everybody of my house."""
        rooms = self._house.rooms
        with self._house.database.write() as unit:
            mine = self._mine(unit.conn)
            if act == "begin":
                rooms.lockdowns.begin(unit, mine, by=me().id)
            elif act == "read":
                rooms.lockdowns.read(unit, mine, member_id=me().id)
            elif act == "end":
                try:
                    rooms.lockdowns.end(unit, mine, request.form.get("id", "")[:32], by=me().id)
                except NoSuchPlan:
                    abort(HTTPStatus.NOT_FOUND)
            else:
                abort(HTTPStatus.NOT_FOUND)
            rooms.wake.ring(unit, Topic.OUTBOX)
        return redirect(url_for("plans.show"), HTTPStatus.SEE_OTHER)

    def ring(self) -> Answer:
        """My house needs help at its own door: an SOS to the hotline, everybody is paged."""
        rooms = self._house.rooms
        with self._house.database.write() as unit:
            raised = rooms.house_alarm.ring(unit, self._mine(unit.conn), by=me().id)
            rooms.wake.ring(unit, Topic.OUTBOX)
        duty = "Colleagues are being told now." if raised.on_duty else "Nobody is on duty now; everybody is being paged."
        flash(f"Received. {duty} If you can, call the police. Until somebody calls you, nobody may have read this.")
        return redirect(url_for("plans.show"), HTTPStatus.SEE_OTHER)

    def task_done(self, number: int) -> Answer:
        """What waited for me is settled."""
        with self._house.database.write() as unit:
            if number not in {one.number for one in tasks.of_house(unit.conn, me().id)}:
                abort(HTTPStatus.NOT_FOUND)
            try:
                self._house.rooms.tasks.done(unit, number, me().id)
            except (NoSuchTask, TakenByAnother):
                abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("plans.show"), HTTPStatus.SEE_OTHER)

    def overdue(self) -> Response:
        """For supervisors: plans of all houses that are overdue, by opaque names and whom to ask."""
        with self._house.database.read() as conn:
            late = self._house.rooms.plan_reading.overdue(conn, self._today())
            aliases = {one.id: one.alias for one in everyone(conn)}
        return page("plans/overdue.html", late=late, aliases=aliases)

    def _sheet(self, plan_id: str, language: str) -> printing.Sheet:
        if language not in WORDS:
            abort(HTTPStatus.NOT_FOUND)
        with self._house.database.read() as conn:
            view = self._view(conn, plan_id)
        states = {one.item.id: one.state for one in view.items}
        return printing.sheet(view.line.template, states, name=view.line.name, language=language, printed=self._today())

    def _mine(self, conn: Any) -> str:
        """The house of whoever asks. Whoever has none finds nothing here."""
        found = house_of(conn, me().id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        return found

    def _view(self, conn: Any, plan_id: str) -> PlanView:
        view = self._house.rooms.plan_reading.plan(conn, self._mine(conn), plan_id, self._today())
        if view is None:
            abort(HTTPStatus.NOT_FOUND)
        return view

    def _today(self) -> date:
        return self._house.clock.now().astimezone(self._house.rooms.jurisdictions.zone(None)).date()


def _weight(one: PlanLine) -> tuple[bool, bool, str]:
    return (not one.overdue, one.state in (Plan.SIGNED, Plan.ENDED), one.template.title["en"])


def _why(error: Exception) -> str:
    if isinstance(error, UnknownWord):
        return f"“{error.word}” is not among the words that may be written here, since it could be somebody's name. Nothing was lost: change it."
    if isinstance(error, NotDone):
        return "Some items are open, or wait for their evidence. A plan is signed when each is done or not needed here."
    if isinstance(error, SamePerson):
        return "You have signed already. The second signature is another person's."
    if isinstance(error, AlreadyMoved):
        return "Somebody was faster: the plan has changed meanwhile. Look again."
    return f"This could not be taken: {error}."
