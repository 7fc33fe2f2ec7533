"""Questionnaires for trained members, on an alert; and who is trained. Without a training that is good today there is no such page."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.alerts.errors import NoSuchAlert
from sos.alerts.risk import training
from sos.alerts.risk.actions import About
from sos.alerts.risk.errors import NoSuchAnswer, NoSuchQuestionnaire, NotTrained
from sos.alerts.risk.scoring import Result
from sos.alerts.risk.training import WrongDays
from sos.console.house import House
from sos.console.shell import me, page
from sos.staff.members.queries import everyone, members

GOOD_FOR: Final = timedelta(days=730)
"""How long a training is good where nothing else is said."""


def blueprint(house: House) -> Blueprint:
    """`/staff/alerts/<number>/questions/<slug>` and `/staff/trained`."""
    door, desk = Blueprint("risk", __name__), _Desk(house)
    door.add_url_rule("/staff/alerts/<int:number>/questions", "choose", desk.choose)
    door.add_url_rule("/staff/alerts/<int:number>/questions/<slug>", "show", desk.show)
    door.add_url_rule("/staff/alerts/<int:number>/questions/<slug>", "give", desk.give, methods=["POST"])
    door.add_url_rule("/staff/trained", "trained", desk.trained)
    door.add_url_rule("/staff/trained", "note", desk.note, methods=["POST"])
    door.add_url_rule("/staff/trained/end", "end", desk.end, methods=["POST"])
    return door


class _Desk:
    """What trained members and their supervisors do."""

    def __init__(self, house: House) -> None:
        self._house = house

    def choose(self, number: int) -> Response:
        """The questionnaires that this member is trained for."""
        now = self._house.clock.now()
        with self._house.database.read() as conn:
            if bars.find(conn, number, me().id) is None:
                abort(HTTPStatus.NOT_FOUND)
            may = training.trained_for(conn, me().id, now.date())
        current = self._house.rooms.risk.questionnaires.current(now.date())
        return page("risk/choose.html", number=number, questionnaires=[one for slug, one in current.items() if slug in may])

    def show(self, number: int, slug: str, *, result: Result | None = None, error: str = "") -> Response:
        risk = self._house.rooms.risk
        try:
            with self._house.database.write() as unit:
                found = bars.find(unit.conn, number, me().id)
                if found is None:
                    abort(HTTPStatus.NOT_FOUND)
                asked = risk.questions(unit, slug=slug, by=me().id)
                given = risk.given(unit, about=About.ALERT, subject=found.id, by=me().id)
                aliases = {member.id: member.alias for member in everyone(unit.conn)}
        except (NotTrained, NoSuchQuestionnaire, NoSuchAlert):
            abort(HTTPStatus.NOT_FOUND)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        return page("risk/show.html", status=status, number=number, asked=asked, given=given, result=result, error=error, aliases=aliases)

    def give(self, number: int, slug: str) -> Answer:
        answers = {name.removeprefix("q-"): value for name, value in request.form.items() if name.startswith("q-") and value}
        try:
            with self._house.database.write() as unit:
                found = bars.find(unit.conn, number, me().id)
                if found is None:
                    abort(HTTPStatus.NOT_FOUND)
                result = self._house.rooms.risk.give_for_alert(unit, alert_id=found.id, slug=slug, by=me().id, answers=answers)
        except (NotTrained, NoSuchQuestionnaire, NoSuchAlert):
            abort(HTTPStatus.NOT_FOUND)
        except NoSuchAnswer:
            return self.show(number, slug, error="The questionnaire has changed meanwhile. Nothing was kept; answer again.")
        return self.show(number, slug, result=result)

    def trained(self, *, error: str = "") -> Response:
        """Who is trained for what, and until when."""
        with self._house.database.read() as conn:
            people = members(conn)
            aliases = {member.id: member.alias for member in everyone(conn)}
            noted = training.everyone(conn)
        questionnaires = self._house.rooms.risk.questionnaires
        today = self._house.clock.now().date()
        return page(
            "risk/trained.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            people=people,
            aliases=aliases,
            trainings=noted,
            questionnaires=questionnaires.current(today),
            problems=questionnaires.problems,
            today=today,
            until=today + GOOD_FOR,
            error=error,
        )

    def note(self) -> Answer:
        form = request.form
        try:
            days = {"trained_on": date.fromisoformat(form.get("trained_on", "")), "until": date.fromisoformat(form.get("until", ""))}
            with self._house.database.write() as unit:
                member_id, slug = form.get("member_id", ""), form.get("questionnaire", "")
                known = {member.id for member in members(unit.conn)}
                if member_id not in known or slug not in self._house.rooms.risk.questionnaires.current(unit.now.date()):
                    raise WrongDays
                training.note(unit, self._house.rooms.audit, member_id=member_id, questionnaire=slug, by=me().id, **days)
        except (ValueError, WrongDays):
            return self.trained(
                error="Choose a person, a questionnaire, a day that is not in the future and a later end. Nothing was kept."
            )
        flash("Kept.")
        return redirect(url_for("risk.trained"), HTTPStatus.SEE_OTHER)

    def end(self) -> Answer:
        member_id, slug = request.form.get("member_id", ""), request.form.get("questionnaire", "")
        with self._house.database.write() as unit:
            known = {(one.member_id, one.questionnaire) for one in training.everyone(unit.conn)}
            if (member_id, slug) not in known:
                abort(HTTPStatus.NOT_FOUND)
            training.end(unit, self._house.rooms.audit, member_id=member_id, questionnaire=slug, by=me().id)
        flash("From today on this person counts as untrained.")
        return redirect(url_for("risk.trained"), HTTPStatus.SEE_OTHER)
