"""A member's own page: where she is signed in, her second factors, signing out everywhere. Shows nobody else's."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from sos.console import guard, shell
from sos.console.house import House
from sos.console.sign_in import CALLED_SO
from sos.staff.members.errors import AliasTaken, BadMember
from sos.staff.members.queries import member
from sos.staff.sign_in.states import Factor


def blueprint(house: House) -> Blueprint:
    """`/staff/account`, `/staff/account/name`, `/staff/account/end`, `/staff/account/end-all`."""
    door = Blueprint("account", __name__)

    @door.get("/staff/account")
    def show() -> Response:
        found, rooms, now = guard.session() or abort(HTTPStatus.UNAUTHORIZED), house.rooms, house.clock.now()
        with house.database.read() as conn:
            return shell.page(
                "sign_in/account.html",
                member=member(conn, found.member_id),
                login=rooms.credentials.login(conn, found.member_id),
                this=found,
                sessions=rooms.sessions.of(conn, found.member_id, now),
                keys=rooms.factors.keys(conn, found.member_id),
                has_app=Factor.TOTP in rooms.factors.ways(conn, found.member_id),
                codes_left=rooms.factors.recovery_codes_left(conn, found.member_id),
            )

    @door.post("/staff/account/name")
    def call() -> Response:
        said = "From now on people who write read this name."
        try:
            with house.database.write() as unit:
                house.rooms.members.call(unit, shell.me().id, request.form.get("name", ""))
        except AliasTaken:
            said = f"Nothing was changed. {CALLED_SO}"
        except BadMember as error:
            said = f"Nothing was changed: {error}."
        flash(said)
        return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]

    @door.post("/staff/account/end")
    def end() -> Response:
        with house.database.write() as unit:
            house.rooms.sessions.end(unit, request.form.get("session", ""), member_id=shell.me().id)
        flash("That session has ended.")
        return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]

    @door.post("/staff/account/end-all")
    def end_all() -> Response:
        with house.database.write() as unit:
            house.rooms.sessions.end_all(unit, shell.me().id)
        return redirect(guard.SIGN_IN, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]

    return door
