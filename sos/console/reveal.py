"""The place of the house that rings, for whoever answers its alert: after a fresh second factor, with a reason, for 30 seconds. Never cached."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, request

from sos.alerts import bars
from sos.console.house import House
from sos.console.shell import me, page
from sos.encryption import CannotOpen
from sos.shelters.errors import NoSuchHiddenService
from sos.shelters.reveal import SHOWN, Why

REASONS: Final = {
    Why.HOUSE_RINGS: "The house itself rang",
    Why.POLICE: "To tell the police",
    Why.AMBULANCE: "To tell an ambulance",
    Why.MOVE: "Somebody must leave there at once",
    Why.ARRIVAL: "A person brings somebody there",
}


def blueprint(house: House) -> Blueprint:
    """`/staff/alerts/<number>/place`."""
    door = Blueprint("reveal", __name__)

    @door.get("/staff/alerts/<int:number>/place")
    def ask(number: int) -> Response:
        """What will happen, before it does."""
        with house.database.write() as unit:
            found = bars.find(unit.conn, number, me().id)
            service_id = house.rooms.house_alarm.house_of(unit, found.id) if found else None
        if service_id is None:
            abort(HTTPStatus.NOT_FOUND)
        return page("reveal.html", number=number, reasons=REASONS, place=None, seconds=int(SHOWN.total_seconds()))

    @door.post("/staff/alerts/<int:number>/place")
    def show(number: int) -> Response:
        """Audited in the transaction that opens it."""
        why = request.form.get("why", "")
        if why not in set(Why):
            abort(HTTPStatus.BAD_REQUEST)
        who, rooms = me(), house.rooms
        try:
            with house.database.write() as unit:
                found = bars.find(unit.conn, number, who.id)
                service_id = rooms.house_alarm.house_of(unit, found.id) if found else None
                if found is None or service_id is None:
                    abort(HTTPStatus.NOT_FOUND)
                place = rooms.reveal.place(unit, service_id, case=found.id, why=Why(why), by=who.id, fresh=who.fresh)
        except (NoSuchHiddenService, CannotOpen):
            return page("reveal.html", number=number, reasons=REASONS, place=None, gone=True, seconds=0)
        seconds = int(SHOWN.total_seconds())
        response = page("reveal.html", number=number, reasons=REASONS, place=place, seconds=seconds)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Refresh"] = f"{seconds}; url=/staff/alerts/{number}"
        return response

    return door
