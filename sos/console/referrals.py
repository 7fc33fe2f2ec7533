"""Her consents and referrals as an operator works on them. Everything is read through the consent that lives now; nothing is kept on a page.

A consent is recorded in two steps: the words are read to her, and only then her yes is kept. Nobody says yes in her place.
"""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.console import case, referral_acts, sharing_words, words
from sos.console.house import House
from sos.console.referral_acts import Doing, Refused
from sos.console.shell import me, page
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved
from sos.referrals.access import Viewer
from sos.referrals.consents.errors import ConsentRefusal
from sos.referrals.consents.states import Field, Purpose
from sos.referrals.errors import Barred, NoConsent, NoLegalNote, NoSuchReferral, NotApproved, ReferralRefusal
from sos.referrals.outside import sheet
from sos.referrals.override.states import ToldHer
from sos.survivors.keys import KeyGone
from sos.transitions import IllegalMove

_SAID: dict[type[Exception], str] = {
    NoConsent: "She has not agreed to that: no live consent names this recipient and every field. Nothing was sent.",
    NotApproved: "She has not approved these words as they stand. Read the summary to her first. Nothing was sent.",
    Barred: "This agency must not know of this case. Nothing was sent.",
    NoLegalNote: "It crosses a border: write the legal note, and take a consent of its own. Nothing was sent.",
}


def blueprint(house: House) -> Blueprint:
    """`/staff/people/<id>/referrals`, its acts, and the page to print."""
    door = Blueprint("referrals", __name__)

    @door.get("/staff/people/<survivor_id>/referrals")
    def show(survivor_id: str) -> Response:
        return _show(house, survivor_id)

    @door.post("/staff/people/<survivor_id>/referrals/<act>")
    def act(survivor_id: str, act: str) -> Answer:
        return _act(house, survivor_id, act)

    @door.get("/staff/people/<survivor_id>/referrals/<referral_id>/<language>.pdf")
    def paper(survivor_id: str, referral_id: str, language: str) -> Response:
        return _paper(house, survivor_id, referral_id, language)

    return door


def _act(house: House, survivor_id: str, act: str) -> Answer:
    doing = referral_acts.ACTS.get(act)
    if doing is None:
        abort(HTTPStatus.NOT_FOUND)
    shown: dict[str, object] = {}
    try:
        with house.database.write() as unit:
            _there(house, unit, survivor_id)
            said = doing(Doing(house.rooms, unit, survivor_id, me(), request.form, shown, house.public_url))
    except (ReferralRefusal, ConsentRefusal, Refused, IllegalMove, AlreadyMoved) as error:
        return _show(house, survivor_id, problem=_why(error), status=HTTPStatus.CONFLICT)
    except (KeyGone, NoSuchReferral):
        abort(HTTPStatus.NOT_FOUND)
    if shown:
        return _show(house, survivor_id, said=said, shown=shown)
    if said:
        flash(said)
    return redirect(f"/staff/people/{survivor_id}/referrals", HTTPStatus.SEE_OTHER)


def _why(error: Exception) -> str:
    if isinstance(error, IllegalMove | AlreadyMoved):
        return "It has changed meanwhile. Nothing was lost: look at it again."
    return _SAID.get(type(error), str(error) or "That cannot be done. Nothing was changed.")


def _there(house: House, unit: Unit, survivor_id: str) -> None:
    if survivor_id in bars.survivors(unit.conn, me().id) or not house.rooms.survivors.exists(unit.conn, survivor_id):
        abort(HTTPStatus.NOT_FOUND)


def _show(
    house: House,
    survivor_id: str,
    *,
    problem: str = "",
    said: str = "",
    shown: dict[str, object] | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    rooms, viewer = house.rooms, Viewer(me().id)
    with house.database.write() as unit:
        _there(house, unit, survivor_id)
        if case.key_of(unit, rooms, survivor_id) is None:
            abort(HTTPStatus.NOT_FOUND)
        hers = case.read(unit, rooms, survivor_id, viewer=me().id)
        receipts = rooms.consents.of(unit, survivor_id)
        items = rooms.referral_reading.items(unit.conn, viewer, unit.now, survivor_id=survivor_id)
        opened = [one for item in items if (one := rooms.referral_reading.open(unit, item.id, viewer)) is not None]
        values = {
            "summary": rooms.summaries.of(unit, survivor_id),
            "receipts": [(one, sharing_words.called(rooms, unit.conn, one.recipient), one.opens(unit.now)) for one in receipts],
            "referrals": [
                (one, sharing_words.called(rooms, unit.conn, one.recipient), rooms.referral_reading.words(unit, one.item.id, viewer))
                for one in opened
            ],
            "overrides": rooms.overrides.asked(unit, viewer, survivor_id=survivor_id),
            "reports": rooms.overrides.reports(unit, viewer, survivor_id=survivor_id),
            "recipients": sharing_words.recipients(rooms, unit.conn),
            "known": referral_acts.known(rooms, hers, rooms.summaries.of(unit, survivor_id)),
        }
    return page(
        "referrals/show.html",
        status=status,
        case=hers,
        problem=problem,
        said=said,
        shown=shown or {},
        fields=sharing_words.FIELDS,
        purposes=sharing_words.PURPOSES,
        languages=words.LANGUAGES,
        papers=sheet.LANGUAGES,
        grounds=rooms.overrides.grounds,
        told=ToldHer,
        summary_field=Field.SUMMARY,
        counted=Purpose.COUNTED,
        **values,
    )


def _paper(house: House, survivor_id: str, referral_id: str, language: str) -> Response:
    if language not in sheet.LANGUAGES:
        abort(HTTPStatus.NOT_FOUND)
    with house.database.write() as unit:
        _there(house, unit, survivor_id)
        shown = house.rooms.referral_reading.open(unit, referral_id, Viewer(me().id))
        if shown is None or shown.survivor_id != survivor_id:
            abort(HTTPStatus.NOT_FOUND)
        house.rooms.audit.record(unit, "referral.printed", subject=referral_id, actor=me().id)
        now = unit.now
    made = sheet.sheet(shown.fields, number=shown.item.number, until=shown.until, printed=now, language=language)
    return Response(
        made, content_type="application/pdf", headers={"Cache-Control": "no-store", "Content-Disposition": "inline; filename=request.pdf"}
    )
