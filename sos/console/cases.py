"""Papers: a mediator's document cases as steps for the thumb. A mediator sees her own cases only; a case whose mediator left waits for a supervisor."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.console import existing
from sos.console.house import House
from sos.console.shell import me, page
from sos.console.times import ZONE
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved
from sos.referrals.document_cases.actions import NOBODY, CaseView, DocumentCases, NoSuchCase
from sos.referrals.document_cases.states import CASE_MOVES, STEP_MOVES, DocumentKind
from sos.staff.members.queries import members
from sos.staff.members.states import Role
from sos.survivors.keys import KeyGone
from sos.transitions import IllegalMove

KINDS = {
    DocumentKind.BIRTH_REGISTRATION: "Birth registration",
    DocumentKind.IDENTITY_CARD: "Identity card",
    DocumentKind.CITIZENSHIP: "Citizenship",
    DocumentKind.RESIDENCE: "Residence",
    DocumentKind.COURT: "Court",
    DocumentKind.CHILDRENS_PAPERS: "Children's papers",
}
MOVES = {"begin": "Begin", "hand_in": "Handed in", "get_stuck": "Stuck", "finish": "Done", "skip": "Not needed"}
ENDS = {
    "receive": "She has it in her hands",
    "refuse": "Refused",
    "stop": "She stops it",
    "appeal": "Appeal",
    "take_up_again": "Take it up again",
}
LONGEST = 1000


def blueprint(house: House) -> Blueprint:
    """`/staff/papers`, one case, and its beginning on a person's page."""
    door, desk = Blueprint("cases", __name__), _Desk(house)
    door.add_url_rule("/staff/papers", "show", desk.show)
    door.add_url_rule("/staff/people/<survivor_id>/papers", "begin", desk.begin, methods=["POST"])
    door.add_url_rule("/staff/papers/<case_id>", "one", desk.one)
    door.add_url_rule("/staff/papers/<case_id>/steps/<step_id>/<how>", "step", desk.step, methods=["POST"])
    door.add_url_rule("/staff/papers/<case_id>/<act>", "act", desk.act, methods=["POST"])
    return door


class _Desk:
    """What a mediator does."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def _cases(self) -> DocumentCases:
        """Asked for at each request: the doors open also while the keystore is away."""
        return self._house.rooms.document_cases

    def show(self) -> Response:
        with self._house.database.read() as conn:
            barred, today = bars.survivors(conn, me().id), self._today()
            mine = self._cases.mine(conn, me().id, today=today, barred=barred)
            free = self._cases.mine(conn, NOBODY, today=today, barred=barred) if Role.SUPERVISOR.value in me().roles else []
        return page("cases/list.html", mine=mine, free=free)

    def begin(self, survivor_id: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                existing.require(self._house, unit.conn, survivor_id)
                case = self._cases.begin(unit, survivor_id=survivor_id, kind=DocumentKind(request.form.get("kind", "")), mediator=me().id)
        except (KeyGone, ValueError):
            abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("cases.one", case_id=case), HTTPStatus.SEE_OTHER)

    def one(self, case_id: str, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
        try:
            with self._house.database.write() as unit:
                view = self._mine(unit, case_id)
                alias = existing.alias(self._house, unit, view.survivor_id)
                others = [one for one in members(unit.conn) if one.id != me().id and one.roles & {Role.OPERATOR, Role.SUPERVISOR}]
                others = [one for one in others if view.survivor_id not in bars.survivors(unit.conn, one.id)]
        except (NoSuchCase, KeyGone):
            abort(HTTPStatus.NOT_FOUND)
        steps = [(step, [(how, MOVES[how]) for how in STEP_MOVES.moves[step.state]]) for step in view.steps]
        ends = [(how, ENDS[how]) for how in CASE_MOVES.moves[view.state]]
        values = {"kind": KINDS[view.kind], "steps": steps, "ends": ends, "alias": alias, "others": others, "today": self._today()}
        return page("cases/one.html", status=status, case=view, problem=problem, **values)

    def step(self, case_id: str, step_id: str, how: str) -> Answer:
        """Move a step, or keep its day and note."""
        return self._do(case_id, lambda unit: self._stepped(unit, case_id, step_id, how))

    def act(self, case_id: str, act: str) -> Answer:
        """Its outcome, handing it over, or taking up one that is nobody's."""
        if act == "take-up":
            return self._take_up(case_id)
        return self._do(case_id, lambda unit: self._acted(unit, case_id, act), back="cases.show" if act == "hand-over" else "cases.one")

    def _stepped(self, unit: Unit, case_id: str, step_id: str, how: str) -> None:
        if how != "keep":
            self._cases.step(unit, case_id, step_id, how, mediator=me().id)
            return
        due = request.form.get("due", "")
        self._cases.due(unit, case_id, step_id, date.fromisoformat(due) if due else None, mediator=me().id)
        self._cases.note(unit, case_id, step_id, request.form.get("note", "").strip()[:LONGEST], mediator=me().id)

    def _acted(self, unit: Unit, case_id: str, act: str) -> None:
        if act != "hand-over":
            self._cases.end(unit, case_id, act, mediator=me().id)
            return
        to, view = request.form.get("to", ""), self._mine(unit, case_id)
        if to not in {one.id for one in members(unit.conn)} or view.survivor_id in bars.survivors(unit.conn, to):
            raise NoSuchCase
        self._cases.hand_over(unit, case_id, to, mediator=me().id)

    def _take_up(self, case_id: str) -> Answer:
        if Role.SUPERVISOR.value not in me().roles:
            abort(HTTPStatus.NOT_FOUND)
        try:
            with self._house.database.write() as unit:
                self._cases.take_up(unit, case_id, by=me().id)
                self._mine(unit, case_id)
        except (NoSuchCase, KeyGone):
            abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("cases.one", case_id=case_id), HTTPStatus.SEE_OTHER)

    def _do(self, case_id: str, what: Callable[[Unit], None], *, back: str = "cases.one") -> Answer:
        try:
            with self._house.database.write() as unit:
                self._mine(unit, case_id)
                what(unit)
        except (IllegalMove, AlreadyMoved):
            return self.one(case_id, problem="This has been moved meanwhile. Nothing was changed.", status=HTTPStatus.CONFLICT)
        except ValueError:
            return self.one(case_id, problem="That is no day. Nothing was changed.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except (NoSuchCase, KeyGone):
            abort(HTTPStatus.NOT_FOUND)
        if back != "cases.one":
            flash("Handed over.")
            return redirect(url_for(back), HTTPStatus.SEE_OTHER)
        return redirect(url_for(back, case_id=case_id), HTTPStatus.SEE_OTHER)

    def _mine(self, unit: Unit, case_id: str) -> CaseView:
        """The case, if it is this member's and exists for her. Raises NoSuchCase, KeyGone."""
        view = self._cases.open(unit, case_id, mediator=me().id)
        if view.survivor_id in bars.survivors(unit.conn, me().id):
            raise NoSuchCase
        return view

    def _today(self) -> date:
        return self._house.clock.now().astimezone(ZONE).date()
