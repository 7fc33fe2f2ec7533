"""Appointments of one person: agreed at her time, with the reason she gives to others and a neutral line of her own. Never a place in an address."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from sos.console import existing
from sos.console.house import House
from sos.console.shell import me, page
from sos.console.times import ZONE
from sos.db.statements import AlreadyMoved
from sos.referrals.appointments.actions import NoSuchAppointment, NotThen
from sos.referrals.appointments.states import AppointmentKind
from sos.survivors.keys import KeyGone
from sos.texts.gate import refusal
from sos.transitions import IllegalMove

KINDS = {
    AppointmentKind.JOB_COUNSELLING: "Job counselling",
    AppointmentKind.HOME_CARE: "Care at home",
    AppointmentKind.LEGAL_TALK: "Legal talk",
    AppointmentKind.PSYCHOLOGICAL_TALK: "Somebody to talk to",
    AppointmentKind.HEALTH: "Doctor or nurse",
    AppointmentKind.MEDIATOR: "Mediator for papers",
}
STATES = {"agreed": "agreed", "held": "took place", "not_held": "did not take place", "cancelled": "cancelled"}
ACTS = {"held": "hold", "not-held": "miss", "cancel": "cancel"}
LONGEST = 200


class NotAgreed(Exception):
    """Why, as a sentence for the person at the desk; holds no word of what was written."""


def blueprint(house: House) -> Blueprint:
    """`/staff/people/<survivor_id>/appointments` and what is done with each."""
    door, desk = Blueprint("appointments", __name__), _Desk(house)
    at = "/staff/people/<survivor_id>/appointments"
    door.add_url_rule(at, "show", desk.show)
    door.add_url_rule(at, "agree", desk.agree, methods=["POST"])
    door.add_url_rule(f"{at}/<appointment_id>/<act>", "act", desk.act, methods=["POST"])
    return door


class _Desk:
    """What whoever works with her does."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, survivor_id: str, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
        rooms = self._house.rooms
        with self._house.database.write() as unit:
            existing.require(self._house, unit.conn, survivor_id)
            alias = existing.alias(self._house, unit, survivor_id)
            found = rooms.appointments.of(unit, survivor_id)
            rooms.audit.record(unit, "appointment.read", subject=survivor_id, actor=me().id)
        kept = request.form if problem else {}
        shown = [(one, one.starts_at.astimezone(ZONE)) for one in found]
        values = {"alias": alias, "kinds": KINDS, "states": STATES, "problem": problem, "kept": kept}
        return page("appointments/show.html", status=status, survivor_id=survivor_id, appointments=shown, **values)

    def agree(self, survivor_id: str) -> Answer:
        form, rooms = request.form, self._house.rooms
        words = {name: form.get(name, "").strip()[:LONGEST] for name in ("with_whom", "where", "cover", "reminder")}
        try:
            starts_at, kind, minutes = (
                _moment(form.get("starts_at", "")),
                AppointmentKind(form.get("kind", "")),
                _minutes(form.get("minutes", "")),
            )
            if words["reminder"] and refusal(words["reminder"], neutral=True, not_neutral=rooms.texts.telling_words()) is not None:
                raise NotAgreed(
                    "This reminder tells too much to stand on her phone, or holds a number. Choose other words together. Nothing was kept."
                )
            with self._house.database.write() as unit:
                existing.require(self._house, unit.conn, survivor_id)
                rooms.appointments.agree(
                    unit,
                    survivor_id=survivor_id,
                    kind=kind,
                    starts_at=starts_at,
                    minutes=minutes,
                    by=me().id,
                    with_whom=words["with_whom"],
                    where=words["where"],
                    cover=words["cover"],
                    reminder=words["reminder"],
                )
        except (NotAgreed, NotThen, ValueError) as error:
            return self.show(survivor_id, problem=_why(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except KeyGone:
            abort(HTTPStatus.NOT_FOUND)
        flash(
            "Agreed. "
            + ("Her line leaves three hours before, if she may be written to then." if words["reminder"] else "No reminder leaves.")
        )
        return redirect(f"/staff/people/{survivor_id}/appointments", HTTPStatus.SEE_OTHER)

    def act(self, survivor_id: str, appointment_id: str, act: str) -> Answer:
        rooms = self._house.rooms
        try:
            with self._house.database.write() as unit:
                existing.require(self._house, unit.conn, survivor_id)
                if rooms.appointments.whose(unit, appointment_id) != survivor_id:
                    raise NoSuchAppointment
                if act == "put-off":
                    rooms.appointments.put_off(unit, appointment_id, _moment(request.form.get("starts_at", "")), by=me().id)
                elif act in ACTS:
                    rooms.appointments.end(unit, appointment_id, ACTS[act], by=me().id)
                else:
                    raise NoSuchAppointment
        except (NotThen, ValueError) as error:
            return self.show(survivor_id, problem=_why(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except (IllegalMove, AlreadyMoved):
            return self.show(survivor_id, problem="This has been ended meanwhile. Nothing was changed.", status=HTTPStatus.CONFLICT)
        except (NoSuchAppointment, KeyGone):
            abort(HTTPStatus.NOT_FOUND)
        flash("Noted.")
        return redirect(f"/staff/people/{survivor_id}/appointments", HTTPStatus.SEE_OTHER)


def _moment(text: str) -> datetime:
    """A time on the hotline's wall clock. Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def _minutes(text: str) -> int:
    if not text.isdecimal() or not 5 <= int(text[:4]) <= 600:
        raise ValueError
    return int(text)


def _why(error: Exception) -> str:
    if isinstance(error, NotAgreed):
        return str(error)
    if isinstance(error, NotThen):
        return "That time is past, or she has another appointment then. Nothing was changed."
    return "Choose what for, a day and time, and 5 to 600 minutes. Nothing was kept."
