"""Beds for shelter staff with a telephone in a corridor, and how fresh every shelter's word is for the desk.

Staff see and change their own house only: every other unit, hold or ask does not exist for them. Works without JavaScript.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from sos.console import beds_forms, beds_view
from sos.console.house import House
from sos.console.shell import me, page
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved
from sos.shelters import wording
from sos.shelters.asks import queries as asks
from sos.shelters.asks.errors import NoSuchAsk
from sos.shelters.asks.states import No
from sos.shelters.confirming.errors import BadSettings
from sos.shelters.holds import queries as holds
from sos.shelters.staff import shelter_of
from sos.shelters.units import queries as units
from sos.shelters.units.errors import NoSuchUnit, Unclear
from sos.shelters.units.states import UnitKind
from sos.transitions import IllegalMove

HOLD_ACTS: Final = {"arrived": "take_up", "let-go": "decline", "agreed": "agree", "refused": "decline"}
UNIT_ACTS: Final = {"occupy": "occupy", "leave": "leave", "break": "break", "mend": "mend"}
SAID_OF_HOLDS: Final = {
    "arrived": "Noted: she has arrived. The room counts as occupied.",
    "let-go": "Let go. The room is free again, and the operator sees it.",
    "agreed": "Noted: the gatekeeper agreed. The room stays held.",
    "refused": "Noted: the gatekeeper said no. The room is free again.",
}
REFUSALS_SHOWN: Final = timedelta(days=90)


def blueprint(house: House) -> Blueprint:
    """`/staff/beds` and everything under it."""
    door, desk = Blueprint("beds", __name__), _Desk(house)
    door.add_url_rule("/staff/beds", "show", desk.show)
    door.add_url_rule("/staff/beds", "confirm", desk.confirm, methods=["POST"])
    door.add_url_rule("/staff/beds/holds/<hold_id>/<act>", "hold", desk.hold, methods=["POST"])
    door.add_url_rule("/staff/beds/asks/<ask_id>", "answer", desk.answer, methods=["POST"])
    door.add_url_rule("/staff/beds/rooms", "rooms", desk.rooms)
    door.add_url_rule("/staff/beds/rooms", "add", desk.add, methods=["POST"])
    door.add_url_rule("/staff/beds/rooms/<unit_id>/<act>", "change", desk.change, methods=["POST"])
    door.add_url_rule("/staff/beds/settings", "settings", desk.settings, methods=["POST"])
    door.add_url_rule("/staff/beds/freshness", "freshness", desk.freshness)
    return door


class _Desk:
    """What shelter staff do with their own house, and what the desk sees of all."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, *, error: str = "") -> Response:
        """Today: asks that wait, counters, holds."""
        with self._house.database.read() as conn:
            today = beds_view.corridor(self._house.rooms, conn, self._own(conn), self._house.clock.now())
        return page("beds/show.html", status=_status(error), today=today, error=error, reasons=wording.REASONS, need=wording.need)

    def confirm(self) -> Answer:
        """One tap: still right, or one kind's new count. The number is the one that the tap showed, so a tap twice is a tap once."""
        kind, count = request.form.get("kind", ""), request.form.get("empty", "")
        if kind and (kind not in set(UnitKind) or not count.isdecimal()):
            return self.show(error="That count was not understood. Nothing was changed.")
        counts = {UnitKind(kind): int(count)} if kind else {}
        try:
            with self._house.database.write() as unit:
                self._house.rooms.confirming.confirm(unit, self._own(unit.conn), counts, by=me().id, via="page")
        except (Unclear, AlreadyMoved):
            return self.show(error="That count cannot be: a colleague or a hold was faster. Nothing was changed; look again.")
        flash("Confirmed.")
        return _to("beds.show")

    def hold(self, hold_id: str, act: str) -> Answer:
        """She has arrived, the room is let go, the gatekeeper has spoken."""
        how = HOLD_ACTS.get(act)
        if how is None:
            abort(HTTPStatus.NOT_FOUND)
        try:
            with self._house.database.write() as unit:
                self._own_hold(unit, hold_id)
                getattr(self._house.rooms.holds, how)(unit, hold_id, by=me().id)
        except (IllegalMove, AlreadyMoved):
            return self.show(error="This hold has ended or changed meanwhile. Nothing was changed; look again.")
        flash(SAID_OF_HOLDS[act])
        return _to("beds.show")

    def answer(self, ask_id: str) -> Answer:
        """Yes, hold or no to an ask."""
        said, reason = request.form.get("answer", ""), request.form.get("reason", "")
        if said not in ("yes", "hold", "no") or (said == "no" and reason not in set(No)):
            return self.show(error="Choose a reason for a no. Nothing was sent.")
        try:
            with self._house.database.write() as unit:
                flash(self._answered(unit, self._own(unit.conn), ask_id, said, reason))
        except NoSuchAsk:
            with self._house.database.read() as conn:
                self._own(conn)
            flash(wording.TOO_LATE)
        return _to("beds.show")

    def rooms(self, *, error: str = "") -> Response:
        """The rooms of the house one by one, its settings, and its occupancy over time."""
        now = self._house.clock.now()
        with self._house.database.read() as conn:
            own = self._own(conn)
            today = beds_view.corridor(self._house.rooms, conn, own, now)
            bars = beds_view.occupancy(self._house.rooms, conn, own, now)
        return page(
            "beds/rooms.html",
            status=_status(error),
            today=today,
            bars=bars,
            wide=beds_view.WIDE,
            high=beds_view.HIGH,
            kinds=beds_view.KINDS,
            states=beds_view.STATES,
            error=error,
        )

    def add(self) -> Answer:
        """A new room."""

        def act(unit: Unit, own: str) -> None:
            self._house.rooms.units.add(unit, own, beds_forms.card(request.form), by=me().id)
            self._house.rooms.confirming.watch(unit, own)

        return self._do(act, "Added.")

    def change(self, unit_id: str, act: str) -> Answer:
        """What a room is like, or where it stands."""
        room = self._house.rooms.units

        def changed(unit: Unit, own: str) -> None:
            if act == "card":
                room.change(unit, own, unit_id, beds_forms.card(request.form), by=me().id)
            elif act == "retire":
                room.retire(unit, own, unit_id, by=me().id)
            elif act in UNIT_ACTS:
                room.set_state(unit, own, unit_id, UNIT_ACTS[act], by=me().id)
            else:
                raise NoSuchUnit("no such act")

        return self._do(changed, "Changed.")

    def settings(self) -> Answer:
        """Half-life, quiet hours, gatekeeper."""

        def act(unit: Unit, own: str) -> None:
            self._house.rooms.confirming.choose(unit, own, beds_forms.settings(request.form), by=me().id)

        return self._do(act, "Kept.")

    def freshness(self) -> Response:
        """How old every shelter's word is; for supervisors, which houses refused a group."""
        now, rooms = self._house.clock.now(), self._house.rooms
        with self._house.database.write() as unit:
            rows = beds_view.freshest_last(rooms, unit.conn, now)
            refused = asks.refusals_by_group(unit.conn, rooms.keystore.place_key, now - REFUSALS_SHOWN) if _supervises() else []
            names = beds_view.names_of(rooms, unit.conn, [service for service, _ in refused])
            rooms.audit.record(unit, "hidden.cards_read", actor=me().id)
        return page("beds/freshness.html", rows=rows, refused=[(names.get(one, "not listed any more"), at) for one, at in refused])

    def _answered(self, unit: Unit, own: str, ask_id: str, said: str, reason: str) -> str:
        if said == "no":
            self._house.rooms.asks.say_no(unit, own, ask_id, No(reason), by=me().id)
            return wording.NOTED_NO
        answered = self._house.rooms.asks.say_yes(unit, own, ask_id, by=me().id, subject=said == "hold")
        return wording.yes_noted(held=answered.held, subject=answered.subject) if answered.needed else wording.TOO_LATE

    def _do(self, act: Callable[[Unit, str], None], said: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                act(unit, self._own(unit.conn))
        except NoSuchUnit:
            abort(HTTPStatus.NOT_FOUND)
        except (IllegalMove, AlreadyMoved, Unclear):
            return self.rooms(error="A room that is held or occupied cannot do that. Nothing was changed.")
        except (beds_forms.BadForm, BadSettings) as error:
            return self.rooms(error=f"Nothing was changed: {error}.")
        flash(said)
        return _to("beds.rooms")

    def _own(self, conn: Connection) -> str:
        """The house for which she may speak; 404 for everybody else."""
        return shelter_of(conn, me().id) or abort(HTTPStatus.NOT_FOUND)

    def _own_hold(self, unit: Unit, hold_id: str) -> None:
        found = holds.standing(unit.conn, hold_id)
        mine = {one.id for one in units.kept(unit.conn, self._house.keystore.place_key, self._own(unit.conn))}
        if found is None or found.unit_id not in mine:
            abort(HTTPStatus.NOT_FOUND)


def _supervises() -> bool:
    return "supervisor" in me().roles


def _status(error: str) -> HTTPStatus:
    return HTTPStatus.CONFLICT if error else HTTPStatus.OK


def _to(endpoint: str) -> Answer:
    return redirect(url_for(endpoint), HTTPStatus.SEE_OTHER)
