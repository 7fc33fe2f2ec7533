"""An agency's own items: what it was asked, as far as she agreed, now. Never another agency's, never who else was asked, never more than the fields.

Opening an item is seeing it. Whoever belongs to no agency has no such pages.
"""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from sos.console import sharing_words
from sos.console.house import House
from sos.console.shell import me, page
from sos.db.statements import AlreadyMoved
from sos.referrals.access import Viewer
from sos.referrals.consents.receipts import Recipient
from sos.referrals.errors import NoSuchReferral
from sos.referrals.states import MOVES, Decline, Referral
from sos.staff.members import queries as members
from sos.survivors.keys import KeyGone
from sos.transitions import IllegalMove

ACTS = ("accept", "begin", "complete", "decline")


def blueprint(house: House) -> Blueprint:
    """`/staff/items` and one item by its random id."""
    door = Blueprint("agency", __name__)

    @door.get("/staff/items")
    def show() -> Response:
        with house.database.read() as conn:
            items = house.rooms.referral_reading.items(conn, _viewer(conn), house.clock.now())
        return page("referrals/items.html", items=items)

    @door.get("/staff/items/<referral_id>")
    def one(referral_id: str) -> Response:
        return _one(house, referral_id)

    @door.post("/staff/items/<referral_id>/<act>")
    def act(referral_id: str, act: str) -> Answer:
        return _act(house, referral_id, act)

    return door


def _viewer(conn: Connection) -> Viewer:
    found = members.member(conn, me().id)
    if found is None or not found.service_id:
        abort(HTTPStatus.NOT_FOUND)
    return Viewer(found.id, Recipient("service", found.service_id))


def _one(house: House, referral_id: str, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    with house.database.write() as unit:
        viewer = _viewer(unit.conn)
        shown = house.rooms.referral_reading.open(unit, referral_id, viewer)
        if shown is None:
            abort(HTTPStatus.NOT_FOUND)
        state = shown.item.state
        if "see" in MOVES.moves[state]:
            state = house.rooms.referrals.act(unit, referral_id, viewer, "see")
    return page(
        "referrals/item.html",
        status=status,
        shown=shown,
        state=state,
        may=[one for one in ACTS if one in MOVES.moves[state]],
        may_tell=state in (Referral.IN_SERVICE, Referral.COMPLETED),
        fields=sharing_words.FIELDS,
        declines=sharing_words.DECLINES,
        problem=problem,
    )


def _act(house: House, referral_id: str, act: str) -> Answer:
    reason = request.form.get("reason", "")
    if act == "decline" and reason not in set(Decline):
        return _one(house, referral_id, problem="Choose a reason. Nothing was changed.", status=HTTPStatus.CONFLICT)
    try:
        with house.database.write() as unit:
            viewer = _viewer(unit.conn)
            if act == "tell":
                text = request.form.get("text", "").strip()[:500]
                if text:
                    house.rooms.referrals.feedback(unit, referral_id, viewer, text)
            elif act in ACTS:
                house.rooms.referrals.act(unit, referral_id, viewer, act, reason=Decline(reason) if act == "decline" else None)
            else:
                abort(HTTPStatus.NOT_FOUND)
    except (NoSuchReferral, KeyGone):
        abort(HTTPStatus.NOT_FOUND)
    except (IllegalMove, AlreadyMoved):
        return _one(house, referral_id, problem="It has changed meanwhile. Look at it again.", status=HTTPStatus.CONFLICT)
    flash("Kept.")
    return redirect("/staff/items" if act == "decline" else f"/staff/items/{referral_id}", HTTPStatus.SEE_OTHER)
