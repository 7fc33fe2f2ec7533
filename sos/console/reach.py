"""The ways by which I am reached: add, prove, link, test, remove. A number shows only its end, and only to its owner."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from sos.console import shell
from sos.console.house import House
from sos.db.database import Unit
from sos.db.wake import Topic
from sos.staff.reach import queries, wording
from sos.staff.reach.errors import NotANumber, Registered, TooMany

TOLD_WRONG = "This code was wrong or is over. After five tries ask for a new one."


def blueprint(house: House) -> Blueprint:
    """`/staff/reach` and its acts."""
    door = Blueprint("reach", __name__)
    desk = Desk(house)
    door.add_url_rule("/staff/reach", "show", desk.show)
    door.add_url_rule("/staff/reach/number", "add_number", desk.add_number, methods=["POST"])
    door.add_url_rule("/staff/reach/code", "confirm", desk.confirm, methods=["POST"])
    door.add_url_rule("/staff/reach/telegram", "link", desk.link, methods=["POST"])
    door.add_url_rule("/staff/reach/<way_id>/test", "test", desk.test, methods=["POST"])
    door.add_url_rule("/staff/reach/<way_id>/remove", "remove", desk.remove, methods=["POST"])
    return door


class Desk:
    """What a member does about her own ways, and about nobody else's."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, error: str = "", code: str = "") -> Response:
        """My ways and how they fare."""
        with self._house.database.read() as conn:
            ways = queries.all_ways(conn, shell.me().id)
            endings = {way.id: self._house.rooms.reach.ending(conn, way.id) for way in ways}
        return shell.page(
            "reach/show.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            ways=ways,
            endings=endings,
            waits=any(not way.verified for way in ways),
            error=error,
            code=code,
        )

    def add_number(self) -> Response:
        """Text a code to a number."""
        number = request.form.get("number", "")[:32]
        return self._do(lambda unit: self._house.rooms.reach.begin_sms(unit, shell.me().id, number), "A code is on its way to this number.")

    def confirm(self) -> Response:
        """The code that came; every try counts."""
        with self._house.database.write() as unit:
            proved = self._house.rooms.reach.confirm(unit, shell.me().id, request.form.get("code", "")[:12])
        if not proved:
            return self.show(error=TOLD_WRONG)
        return self._back("This number is proved. You are paged there from now on.")

    def link(self) -> Response:
        """Shows a one-time code, this once."""
        with self._house.database.write() as unit:
            code = self._house.rooms.reach.telegram_code(unit, shell.me().id)
        return self.show(code=code)

    def test(self, way_id: str) -> Response:
        """A test page to one of my ways."""

        def act(unit: Unit) -> None:
            way = queries.way(unit.conn, way_id)
            if way is None or way.member_id != shell.me().id or not way.verified:
                abort(HTTPStatus.NOT_FOUND)
            self._house.rooms.reach.send(unit, way, text=wording.TEST)

        return self._do(act, "A test is on its way.")

    def remove(self, way_id: str) -> Response:
        """One of my ways less."""

        def act(unit: Unit) -> None:
            if not self._house.rooms.reach.remove(unit, shell.me().id, way_id):
                abort(HTTPStatus.NOT_FOUND)

        return self._do(act, "Removed. Nothing is sent there any more.")

    def _do(self, act: Callable[[Unit], object], said: str) -> Response:
        try:
            with self._house.database.write() as unit:
                act(unit)
                self._house.rooms.wake.ring(unit, Topic.OUTBOX)
        except (NotANumber, TooMany, Registered) as error:
            return self.show(error=str(error))
        return self._back(said)

    def _back(self, said: str) -> Response:
        flash(said)
        return redirect(url_for("reach.show"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
