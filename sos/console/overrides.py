"""Sharing without her consent: one person asks with a legal ground and a reason, another decides, both with a fresh second factor.

The program decides nothing. Whoever asked sees no button to approve; the room refuses it all the same.
"""

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.console import rows, sharing_words
from sos.console.house import House
from sos.console.referral_acts import Doing, Refused
from sos.console.shell import me, page
from sos.db.statements import AlreadyMoved
from sos.referrals.access import Viewer
from sos.referrals.errors import Barred, NoSuchGround, NoSuchReferral, OneAndTheSame
from sos.referrals.override.actions import Request
from sos.referrals.override.states import ToldHer
from sos.survivors.keys import KeyGone
from sos.transitions import IllegalMove

_DAYS = timedelta(days=7)
_SAID = {
    OneAndTheSame: "You asked for it; another person decides.",
    Barred: "This agency must not know of this case. Nothing was sent.",
    NoSuchGround: "Choose a legal ground. Nothing was kept.",
    ValueError: "Say why, and what is to be shared. Nothing was kept.",
}


def blueprint(house: House) -> Blueprint:
    """`/staff/overrides`, asking for one, deciding on one."""
    door = Blueprint("overrides", __name__)

    @door.get("/staff/overrides")
    def show() -> Response:
        return _show(house)

    @door.post("/staff/people/<survivor_id>/override")
    def ask(survivor_id: str) -> Answer:
        return _ask(house, survivor_id)

    @door.post("/staff/overrides/<override_id>/<act>")
    def decide(override_id: str, act: str) -> Answer:
        """approve, refuse, end."""
        return _decide(house, override_id, act)

    @door.post("/staff/overrides/<override_id>/told")
    def told(override_id: str) -> Answer:
        """How she was told, or that it is unsafe: the only way its task ends."""
        how = request.form.get("told", "")
        if how not in set(ToldHer):
            return _show(house, "Say whether she was told, or that it is unsafe.", HTTPStatus.CONFLICT)
        try:
            with house.database.write() as unit:
                house.rooms.overrides.tell(unit, override_id, ToldHer(how), by=me().id)
        except NoSuchReferral:
            abort(HTTPStatus.NOT_FOUND)
        flash("Noted.")
        return redirect("/staff/overrides", HTTPStatus.SEE_OTHER)

    return door


def _ask(house: House, survivor_id: str) -> Answer:
    try:
        with house.database.write() as unit:
            if survivor_id in bars.survivors(unit.conn, me().id) or not house.rooms.survivors.exists(unit.conn, survivor_id):
                abort(HTTPStatus.NOT_FOUND)
            doing = Doing(house.rooms, unit, survivor_id, me(), request.form, {})
            wanted = Request(doing.text("ground", 40), doing.text("reason"), doing.recipient(), doing.values(), unit.now + _DAYS)
            house.rooms.overrides.ask(unit, survivor_id, wanted, by=me().id)
    except (NoSuchGround, ValueError, Refused) as error:
        return _show(house, _SAID.get(type(error), str(error)), HTTPStatus.CONFLICT)
    except KeyGone:
        abort(HTTPStatus.NOT_FOUND)
    flash("Asked for. Nothing leaves until another person has decided.")
    return redirect("/staff/overrides", HTTPStatus.SEE_OTHER)


def _decide(house: House, override_id: str, act: str) -> Answer:
    room = house.rooms.overrides
    doing = {"approve": room.approve, "refuse": room.refuse, "end": room.end}.get(act)
    if doing is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        with house.database.write() as unit:
            doing(unit, override_id, by=me().id)
    except (OneAndTheSame, Barred) as error:
        return _show(house, _SAID[type(error)], HTTPStatus.CONFLICT)
    except (IllegalMove, AlreadyMoved):
        return _show(house, "It has changed meanwhile: look at it again.", HTTPStatus.CONFLICT)
    except (NoSuchReferral, KeyGone):
        abort(HTTPStatus.NOT_FOUND)
    flash("Done." if act != "approve" else "Approved and sent. Somebody has to tell her: a task stands.")
    return redirect("/staff/overrides", HTTPStatus.SEE_OTHER)


def _show(house: House, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    rooms = house.rooms
    with house.database.write() as unit:
        asked = rooms.overrides.asked(unit, Viewer(me().id))
        shown = [(one, sharing_words.called(rooms, unit.conn, one.request.recipient) if one.request else "") for one in asked]
        aliases = rows.aliases_of(unit.conn)
        for one in asked:
            rooms.audit.record(unit, "override.read", subject=one.id, actor=me().id)
    return page(
        "referrals/overrides.html",
        status=status,
        asked=shown,
        aliases=aliases,
        grounds=rooms.overrides.grounds.grounds,
        fields=sharing_words.FIELDS,
        problem=problem,
    )
