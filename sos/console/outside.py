"""The page of a one-time link for an agency without an account. Shows nothing before the secret, the consented fields once after it, nothing again.

Right or wrong, over or never there: one answer. No cookie, no script, nothing to keep.
"""

from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request

from sos.console import sharing_words
from sos.console.house import House
from sos.console.shell import dressed
from sos.db.statements import AlreadyMoved
from sos.referrals.states import Decline
from sos.transitions import IllegalMove


def blueprint(house: House) -> Blueprint:
    """`/outside/<token>` and its answer."""
    door = Blueprint("outside", __name__)

    @door.get("/outside/<token>")
    def ask(token: str) -> Response:
        with house.database.write() as unit:
            there = house.rooms.outside_links.waits(unit, token)
        return _page("ask") if there else _page("gone", HTTPStatus.NOT_FOUND)

    @door.post("/outside/<token>")
    def show(token: str) -> Response:
        with house.database.write() as unit:
            opened = house.rooms.outside_links.open(unit, token, request.form.get("secret", "")[:20])
            again = opened is None and house.rooms.outside_links.waits(unit, token)
        if opened is None:
            return _page("ask", HTTPStatus.FORBIDDEN, wrong=True) if again else _page("gone", HTTPStatus.NOT_FOUND)
        return _page("shown", opened=opened)

    @door.post("/outside/answer")
    def answer() -> Response:
        how, reason = request.form.get("how", ""), request.form.get("reason", "")
        if how not in ("accept", "decline") or (how == "decline" and reason not in set(Decline)):
            return _page("gone", HTTPStatus.BAD_REQUEST)
        try:
            with house.database.write() as unit:
                token = request.form.get("answer", "")[:100]
                done = house.rooms.outside_links.answer(unit, token, how, Decline(reason) if how == "decline" else None)
        except (IllegalMove, AlreadyMoved):
            done = None
        return _page("thanks") if done else _page("gone", HTTPStatus.NOT_FOUND)

    return door


def _page(step: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    html = render_template(
        "staff/referrals/outside.html", step=step, fields=sharing_words.FIELDS, declines=sharing_words.DECLINES, **values
    )
    return dressed(make_response(html, status))
