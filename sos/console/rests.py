"""`/staff/rest`: a quiet break of five minutes after a hard case, and the end of it. Nobody else is told."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response as Answer

from sos.console.house import House
from sos.console.shell import me
from sos.staff.duty import rests


def blueprint(house: House) -> Blueprint:
    """Begin and end."""
    door = Blueprint("rests", __name__)

    @door.post("/staff/rest")
    def begin() -> Answer:
        with house.database.write() as unit:
            until = rests.begin(unit, me().id)
        if until is None:
            flash("Nobody else is in reach now, so there is no break. Ask a supervisor to stand in.")
        return redirect("/staff", HTTPStatus.SEE_OTHER)

    @door.post("/staff/rest/end")
    def end() -> Answer:
        with house.database.write() as unit:
            rests.end(unit, me().id)
        return redirect("/staff", HTTPStatus.SEE_OTHER)

    return door
