"""One alert: what she wrote, why it is urgent, what helps, and every act on it. Opening it by the person who took it is "opened".

A number in the address, never a word. What a barred person asks for does not exist.
"""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.alerts.errors import AlreadyMoved, AtCapacity, NoSuchAlert, NotYours, OutcomeNeeded
from sos.alerts.states import Alert
from sos.console import alert_acts, alert_view, case
from sos.console.guard import by_script
from sos.console.house import House
from sos.console.shell import fragment, me, page
from sos.conversations.herald import CannotTell, EmptyText, Refused
from sos.db.again import once_more
from sos.transitions import IllegalMove

SAID = {
    AlreadyMoved: "Somebody was faster: the alert has changed meanwhile. Nothing of yours was lost. Look again.",
    NotYours: "Another person has this alert. Ask for a hand-over, or call a supervisor.",
    AtCapacity: "You hold as many ordinary matters as one person may. Hand one over or close one first. An SOS is never refused.",
    OutcomeNeeded: "An alert ends with an outcome. Choose one.",
    IllegalMove: "That cannot be done with this alert now. Look where it stands.",
    CannotTell: "There is no way left to write to her: she was forgotten, or hides everything from her device. Nothing was sent.",
    NoSuchAlert: "This person cannot take it now. Choose another one, or whoever is next on duty.",
    EmptyText: "Nothing was written, so nothing was sent.",
}


def blueprint(house: House) -> Blueprint:
    """`/staff/alerts/<number>` and what is done there."""
    door = Blueprint("alert", __name__)

    @door.get("/staff/alerts/<int:number>")
    def show(number: int) -> Response:
        return _page(house, number)

    @door.get("/staff/alerts/<int:number>/lines")
    def lines(number: int) -> Response:
        return _lines(house, number)

    @door.post("/staff/alerts/<int:number>/services")
    def services(number: int) -> Response:
        """Match with what the form says: the part alone for the script, the page without it."""
        if by_script():
            return Response(fragment("_services.html", **_view(house, number, request.form)))
        return _page(house, number)

    @door.post("/staff/alerts/<int:number>/number")
    def number(number: int) -> Response:
        """Her number on the page, this once; for whoever has the alert, and supervisors."""
        return _number(house, number)

    @door.post("/staff/alerts/<int:number>/<act>")
    def act(number: int, act: str) -> Answer:
        return _act(house, number, act)

    return door


def _lines(house: House, number: int) -> Response:
    """The conversation again, where it has changed. Read (and audited) only then."""
    with house.database.read() as conn:
        mark = alert_view.mark(conn, number, me().id)
    if mark is None:
        abort(HTTPStatus.NOT_FOUND)
    if request.if_none_match.contains(mark):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = Response(fragment("_lines.html", **_view(house, number, None, polls=True)))
    response.set_etag(mark)
    return response


def _number(house: House, number: int) -> Response:
    values = _view(house, number, request.form)
    if not values["may_work"] or values["ended"]:
        return _page(house, number, problem=SAID[NotYours], status=HTTPStatus.CONFLICT)
    with house.database.write() as unit:
        found = bars.find(unit.conn, number, me().id)
        call = case.call_back(unit, house.rooms, found.survivor_id, by=me().id) if found and found.survivor_id else None
    return page("alert.html", status=HTTPStatus.OK, call=call, problem="", kept="", **values)


def _act(house: House, number: int, act: str) -> Answer:
    """One act of a person, in one transaction; then the page again. What cannot be done says why, with the words kept."""
    if act not in alert_acts.ACTS:
        abort(HTTPStatus.NOT_FOUND)
    try:
        said = _do(house, number, act)
    except (NoSuchAlert, AlreadyMoved, NotYours, AtCapacity, OutcomeNeeded, IllegalMove, CannotTell, EmptyText, Refused) as error:
        if isinstance(error, NoSuchAlert) and act not in alert_acts.NAMES_ANOTHER:
            abort(HTTPStatus.NOT_FOUND)
        return _page(house, number, problem=why(error), kept=request.form.get("text", ""), status=HTTPStatus.CONFLICT)
    if said:
        flash(said)
    return redirect("/staff" if act in alert_acts.LEAVES else f"/staff/alerts/{number}", HTTPStatus.SEE_OTHER)


@once_more
def _do(house: House, number: int, act: str) -> str:
    with house.database.write() as unit:
        found = bars.find(unit.conn, number, me().id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        return alert_acts.ACTS[act](alert_acts.Doing(house.rooms, unit, found, me(), request.form))


def why(error: Exception) -> str:
    if isinstance(error, Refused):
        return f"The content check refuses this text ({error.why}). Nothing was sent; change it and send again."
    return next(text for kind, text in SAID.items() if isinstance(error, kind))


def _page(house: House, number: int, *, problem: str = "", kept: str = "", status: int = HTTPStatus.OK) -> Response:
    return page("alert.html", status=status, problem=problem, kept=kept, **_view(house, number, request.form))


@once_more
def _view(house: House, number: int, form: Mapping[str, str] | None, *, polls: bool = False) -> dict[str, object]:
    """What the page shows. Whoever took it and sees it has opened it. A screen that asks by itself (`polls`) has nobody before it for sure: she may have
    taken it by telephone, from bed.
    """
    is_look_ahead = polls or "prefetch" in request.headers.get("Sec-Purpose", "")
    try:
        with house.database.write() as unit:
            found = bars.find(unit.conn, number, me().id)
            if found is None:
                abort(HTTPStatus.NOT_FOUND)
            if found.state is Alert.TAKEN and found.taken_by == me().id and not is_look_ahead:
                house.rooms.alerts.opened(unit, found.id, me().id)
            return alert_view.view(house.rooms, unit, found, me(), form)
    except NoSuchAlert:
        abort(HTTPStatus.NOT_FOUND)
