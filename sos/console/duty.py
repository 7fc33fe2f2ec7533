"""My shift, the week, and the rota that supervisors plan; the calendar address. Shows aliases and times; never why somebody is away."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from sos.console import shell
from sos.console.duty_week import CALENDAR_AHEAD, CALENDAR_BEFORE, hands_over, seen
from sos.console.house import House
from sos.console.times import ZONE
from sos.db.database import Unit
from sos.staff.duty import feed, queries, rota
from sos.staff.duty.errors import BadTurn
from sos.staff.duty.states import TurnKind
from sos.staff.members.queries import members

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
REPEATS = {
    "": "once",
    "FREQ=DAILY": "every day",
    "FREQ=WEEKLY": "every week",
    "FREQ=WEEKLY;INTERVAL=2": "every second week",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": "Monday to Friday",
    "FREQ=WEEKLY;BYDAY=SA,SU": "Saturday and Sunday",
}
ZONE_NAME = ZONE.key


def blueprint(house: House) -> Blueprint:
    """`/staff/duty` and its acts, `/staff/duty/<token>.ics`."""
    door = Blueprint("duty", __name__)
    desk = Desk(house)
    door.add_url_rule("/staff/duty", "show", desk.show)
    door.add_url_rule("/staff/duty/start", "start", desk.start, methods=["POST"])
    door.add_url_rule("/staff/duty/end", "end", desk.end, methods=["POST"])
    door.add_url_rule("/staff/duty/feed", "open_feed", desk.open_feed, methods=["POST"])
    door.add_url_rule("/staff/duty/feed/close", "close_feed", desk.close_feed, methods=["POST"])
    door.add_url_rule("/staff/duty/turns", "plan", desk.plan, methods=["POST"])
    door.add_url_rule("/staff/duty/turns/<turn_id>/remove", "remove", desk.remove, methods=["POST"])
    door.add_url_rule("/staff/duty/turns/<turn_id>/swap", "swap", desk.swap, methods=["POST"])
    door.add_url_rule("/staff/duty/absences", "absence", desk.absence, methods=["POST"])
    door.add_url_rule("/staff/duty/changes/<change_id>/take-back", "take_back", desk.take_back, methods=["POST"])
    door.add_url_rule("/staff/duty/<token>.ics", "calendar", desk.calendar)
    door.add_app_template_filter(wall, "wall")
    return door


def wall(moment: datetime, form: str) -> str:
    """A moment on the hotline's wall clock, in `strftime` form."""
    return moment.astimezone(ZONE).strftime(form)


class Desk:
    """What a member, and a supervisor, does about duty."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, error: str = "", address: str = "") -> Response:
        """My shift, the week from the day asked for, gaps, and for supervisors the plan."""
        me, now = shell.me(), self._house.clock.now()
        with self._house.database.read() as conn:
            values = seen(conn, me.id, now, request.args.get("from", ""))
            notes = self._house.rooms.duty.notes(conn, now)
            left = hands_over(conn, me.id, now)
        return shell.page(
            "duty/show.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            notes=notes,
            left=left,
            plans="supervisor" in me.roles,
            error=error,
            address=address,
            repeats=REPEATS,
            zone=ZONE_NAME,
            **values,
        )

    def start(self) -> Response:
        """At work from now; again, it says "I am still here"."""
        until = request.form.get("until", "")

        def act(unit: Unit) -> None:
            stays = None
            if until:
                today = unit.now.astimezone(ZONE).strftime("%Y-%m-%d")
                stays = rota.from_wall(f"{today}T{until}", ZONE_NAME)
                if stays <= unit.now:
                    stays = rota.next_day(stays, ZONE_NAME)
            self._house.rooms.duty.start_shift(unit, shell.me().id, until=stays)

        return self._do(act, "You are on duty. This browser sounds while an SOS waits.")

    def end(self) -> Response:
        """Going home, with a note for whoever comes next."""
        note = request.form.get("note", "")
        return self._do(lambda unit: self._house.rooms.duty.end_shift(unit, shell.me().id, note), "Your shift has ended.")

    def open_feed(self) -> Response:
        """Shows the new address, this once."""
        with self._house.database.write() as unit:
            token = self._house.rooms.duty.feed_token(unit, shell.me().id)
        return self.show(address=self._house.public_url + url_for("duty.calendar", token=token))

    def close_feed(self) -> Response:
        """The address opens nothing any more."""
        return self._do(lambda unit: self._house.rooms.duty.revoke_feed(unit, shell.me().id), "The calendar address is closed.")

    def plan(self) -> Response:
        """A new line of the rota."""
        form = request.form
        kind = TurnKind.INTERPRETER if form.get("kind") == TurnKind.INTERPRETER.value else TurnKind.DUTY

        def act(unit: Unit) -> None:
            who = self._member(unit, form.get("member_id", ""))
            repeat = form.get("repeat", "")
            if repeat not in REPEATS:
                raise BadTurn("Choose how the turn repeats.")
            until = form.get("until", "").replace("-", "")
            self._house.rooms.duty.add_turn(
                unit,
                member_id=who,
                starts=form.get("starts", "")[:16],
                ends=form.get("ends", "")[:16],
                zone=ZONE_NAME,
                repeat=f"{repeat};UNTIL={until}T235959" if repeat and until else repeat,
                kind=kind,
                languages=form.getlist("language") if kind is TurnKind.INTERPRETER else (),
                by=shell.me().id,
            )

        return self._do(act, "Planned.")

    def remove(self, turn_id: str) -> Response:
        """It comes no more."""
        return self._do(lambda unit: self._house.rooms.duty.remove_turn(unit, turn_id, by=shell.me().id), "Removed from now on.")

    def swap(self, turn_id: str) -> Response:
        """One occurrence goes to another member, or stands open."""
        form = request.form

        def act(unit: Unit) -> None:
            to = self._member(unit, form["to"]) if form.get("to") else None
            self._house.rooms.duty.swap(unit, turn_id=turn_id, occurrence=form.get("occurrence", "")[:16], to=to, by=shell.me().id)

        return self._do(act, "Changed, this once.")

    def absence(self) -> Response:
        """A member is away."""
        form = request.form

        def act(unit: Unit) -> None:
            starts, ends = (rota.from_wall(form.get(name, "")[:16], ZONE_NAME) for name in ("starts", "ends"))
            who = self._member(unit, form.get("member_id", ""))
            self._house.rooms.duty.absence(unit, member_id=who, starts=starts, ends=ends, by=shell.me().id)

        return self._do(act, "Noted. Her turns in this time stand open: see the gaps.")

    def take_back(self, change_id: str) -> Response:
        """Undo a change."""
        return self._do(
            lambda unit: self._house.rooms.duty.take_back(unit, change_id, by=shell.me().id), "The rota stands as it was planned."
        )

    def calendar(self, token: str) -> Response:
        """A member's turns for her telephone. A wrong or closed address is none."""
        if len(token) > 64 or not set(token) <= _ALPHABET:
            abort(HTTPStatus.NOT_FOUND)
        now = self._house.clock.now()
        with self._house.database.read() as conn:
            owner = self._house.rooms.duty.feed_owner(conn, token) or abort(HTTPStatus.NOT_FOUND)
            found = [
                one
                for kind in TurnKind
                for one in queries.standing(conn, now - CALENDAR_BEFORE, now + CALENDAR_AHEAD, kind=kind)
                if one.member_id == owner
            ]
        return Response(feed.calendar(found, now=now), content_type="text/calendar; charset=utf-8")

    def _member(self, unit: Unit, member_id: str) -> str:
        if member_id not in {member.id for member in members(unit.conn)}:
            raise BadTurn("Choose a member.")
        return member_id

    def _do(self, act: Callable[[Unit], object], said: str) -> Response:
        try:
            with self._house.database.write() as unit:
                act(unit)
        except BadTurn as error:
            return self.show(error=str(error))
        flash(said)
        return redirect(url_for("duty.show"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
