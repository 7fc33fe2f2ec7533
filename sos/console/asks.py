"""The search for a room from an alert: ask several shelters blindly, see their answers, offer the first yes, go on, settle, or stop.

Shelters hear what the room must be like and nothing of her. Whoever is barred from the alert finds nothing here.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.alerts.bars import Found
from sos.alerts.errors import NotYours
from sos.console import asks_view, times
from sos.console.house import House
from sos.console.shell import fragment, me, page
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved
from sos.shelters import wording
from sos.shelters.asks import queries as asks
from sos.shelters.asks.errors import NobodyToAsk, NoSuchAsk
from sos.shelters.asks.queries import RoundSeen
from sos.shelters.asks.states import Need
from sos.shelters.holds import queries as holds
from sos.shelters.holds.actions import UnitNeed
from sos.shelters.holds.cases import opaque
from sos.shelters.holds.errors import NoneFree
from sos.shelters.units.states import UnitKind
from sos.transitions import IllegalMove

KEPT: Final = timedelta(hours=2)
_OVER_12: Final = 13
_DEFAULT: Final = Need(UnitKind.FAMILY_ROOM)
SAID: Final = {
    "go-on": "That room is let go. The next shelters are being asked.",
    "settle": "Noted: she goes there. The room is kept for 12 hours. Tell her the way in by voice, never in a text.",
    "end": "Stopped. Every room of this search is let go.",
    "kin-none": "Noted: none of his kin works or lives there.",
    "kin-found": "Noted: kin of his is there. Let the room go and ask the next ones.",
    "agreed": "Noted: the gatekeeper agreed.",
    "refused": "Noted: the gatekeeper said no. The room is free again; ask the next ones.",
}
HOLD_ACTS: Final = {"agreed": "agree", "refused": "decline", "let-go": "release"}


def blueprint(house: House) -> Blueprint:
    """`/staff/alerts/<number>/room` and what is done there."""
    door, desk = Blueprint("asks", __name__), _Desk(house)
    path = "/staff/alerts/<int:number>/room"
    door.add_url_rule(path, "show", desk.show)
    door.add_url_rule(path, "look", desk.look, methods=["POST"])
    door.add_url_rule(f"{path}/answers", "answers", desk.answers)
    door.add_url_rule(f"{path}/ask", "begin", desk.begin, methods=["POST"])
    door.add_url_rule(f"{path}/hold/<service_id>", "hold", desk.hold, methods=["POST"])
    door.add_url_rule(f"{path}/held/<hold_id>/<act>", "held", desk.held, methods=["POST"])
    door.add_url_rule(f"{path}/<round_id>/<act>", "act", desk.act, methods=["POST"])
    return door


class _Desk:
    """What an operator does to find a room."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, number: int) -> Response:
        """What is needed, whom to ask, and the answers."""
        return self._page(number, _DEFAULT)

    def look(self, number: int) -> Response:
        """The same with what the form says."""
        try:
            return self._page(number, asks_view.need_of(request.form))
        except ValueError:
            return self._page(number, _DEFAULT, problem="Between 1 and 20 beds. Nothing was asked.")

    def answers(self, number: int) -> Response:
        """The answers alone, for the script; 304 while nothing changed."""
        with self._house.database.read() as conn:
            found = bars.find(conn, number, me().id) or abort(HTTPStatus.NOT_FOUND)
            values = asks_view.answers(self._house.rooms, conn, found)
        if request.if_none_match.contains(values["mark"]):
            response = Response(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = Response(fragment("asks/_answers.html", may_act=_may_act(found), **values))
        response.set_etag(values["mark"])
        return response

    def begin(self, number: int) -> Answer:
        """Ask the chosen shelters, ring by ring."""

        def act(unit: Unit, found: Found) -> None:
            need = asks_view.need_of(request.form)
            shown = asks_view.shelters(self._house.rooms, unit, found, me().id, need, request.form)
            self._house.rooms.asks.begin(unit, case=found.id, need=need, rings=asks_view.rings_of(shown), by=me().id)

        return self._do(
            number, act, "The shelters are being asked, each at a moment of its own within two minutes. Their answers come up here."
        )

    def act(self, number: int, round_id: str, act: str) -> Answer:
        """Go on, settle, stop; what the kin check and the gatekeeper said."""
        if act not in SAID:
            abort(HTTPStatus.NOT_FOUND)

        def done(unit: Unit, found: Found) -> None:
            self._round_act(unit, self._own_round(unit, found, round_id), act)

        return self._do(number, done, SAID[act])

    def hold(self, number: int, service_id: str) -> Answer:
        """Keep a room by hand, without an ask: its staff are told on their telephones."""

        def act(unit: Unit, found: Found) -> None:
            rooms, need = self._house.rooms, asks_view.need_of(request.form)
            shown = asks_view.shelters(rooms, unit, found, me().id, need, request.form)
            if service_id not in {one.id for one in shown}:
                abort(HTTPStatus.NOT_FOUND)
            wanted = UnitNeed(need.kind, need.beds, need.step_free, _OVER_12 if need.boy_over_12 else None)
            case, until = opaque(rooms.keystore.place_key, found.id), unit.now + KEPT
            subject = bool(rooms.confirming.settings(unit.conn, service_id).gatekeeper.name)
            rooms.holds.hold(unit, service_id, wanted, case=case, until=until, by=me().id, subject_to_gatekeeper=subject)
            rooms.staff_phones.kept(unit, service_id, wording.kept(until.astimezone(times.ZONE), need.kind))

        return self._do(number, act, "Held for two hours; the shelter is told that a room is kept.")

    def held(self, number: int, hold_id: str, act: str) -> Answer:
        """A room held by hand: the gatekeeper spoke, or it is let go."""
        how = HOLD_ACTS.get(act)
        if how is None:
            abort(HTTPStatus.NOT_FOUND)

        def done(unit: Unit, found: Found) -> None:
            mine = holds.open_for(unit.conn, opaque(self._house.rooms.keystore.place_key, found.id))
            if hold_id not in {one.id for one in mine}:
                abort(HTTPStatus.NOT_FOUND)
            getattr(self._house.rooms.holds, how)(unit, hold_id, by=me().id)

        return self._do(number, done, "Noted.")

    def _round_act(self, unit: Unit, one: RoundSeen, act: str) -> None:
        rooms, by = self._house.rooms, me().id
        if act in ("go-on", "settle", "end"):
            {"go-on": rooms.asks.go_on, "settle": rooms.asks.settle, "end": rooms.asks.end}[act](unit, one.id, by=by)
            return
        if one.answer is None:
            raise NoSuchAsk("nobody said yes")
        if act.startswith("kin-"):
            rooms.asks.kin_checked(unit, one.answer.id, found=act == "kin-found", by=by)
        elif one.answer.hold_id is not None:
            getattr(rooms.holds, HOLD_ACTS[act])(unit, one.answer.hold_id, by=by)

    def _own_round(self, unit: Unit, found: Found, round_id: str) -> RoundSeen:
        rounds = asks.rounds_of(unit.conn, self._house.rooms.keystore.place_key, found.id)
        return next((one for one in rounds if one.id == round_id), None) or abort(HTTPStatus.NOT_FOUND)

    def _do(self, number: int, act: Callable[[Unit, Found], None], said: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                found = bars.find(unit.conn, number, me().id) or abort(HTTPStatus.NOT_FOUND)
                if not _may_act(found):
                    raise NotYours
                act(unit, found)
        except NotYours:
            return self._page(number, _DEFAULT, problem="Another person has this alert. Ask for a hand-over, or call a supervisor.")
        except NobodyToAsk:
            return self._page(number, _DEFAULT, problem="Choose at least one shelter to ask. Nothing was asked.")
        except NoneFree:
            return self._page(number, _DEFAULT, problem="No room that suits is free there any more. Nothing was held.")
        except (AlreadyMoved, IllegalMove, NoSuchAsk):
            return self._page(number, _DEFAULT, problem="The search has changed meanwhile. Nothing of yours was lost; look again.")
        except ValueError:
            return self._page(number, _DEFAULT, problem="Between 1 and 20 beds. Nothing was asked.")
        flash(said)
        return redirect(url_for("asks.show", number=number), HTTPStatus.SEE_OTHER)

    def _page(self, number: int, need: Need, *, problem: str = "") -> Response:
        with self._house.database.write() as unit:
            found = bars.find(unit.conn, number, me().id) or abort(HTTPStatus.NOT_FOUND)
            values = asks_view.view(self._house.rooms, unit, found, me().id, need, request.form)
        status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
        return page("asks/show.html", status=status, problem=problem, may_act=_may_act(found), **values)


def _may_act(found: Found) -> bool:
    """Whoever has (or had) the alert, and supervisors."""
    return found.taken_by == me().id or "supervisor" in me().roles
