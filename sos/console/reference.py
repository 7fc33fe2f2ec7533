"""What is looked up at night: who really answers, phrases in six languages, who can interpret. Shows public numbers and aliases only."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.console import phrasebook, times, words
from sos.console.house import House
from sos.console.shell import me, page
from sos.directory.test_calls import actions as test_calls
from sos.directory.test_calls.actions import Heard, WrongCall
from sos.staff.duty import queries as duty
from sos.staff.members.queries import everyone, members

HEARD: Final = {
    Heard.PERSON: "A person answered",
    Heard.PASSED_ON: "A person, after being passed on",
    Heard.MACHINE: "A machine answered",
    Heard.NO_ANSWER: "Nobody answered",
    Heard.DEAD: "The number is dead or another's",
}


def blueprint(house: House) -> Blueprint:
    """`/staff/night-list`, `/staff/phrasebook`, `/staff/interpreters`."""
    door, desk = Blueprint("reference", __name__), _Desk(house)
    door.add_url_rule("/staff/night-list", "night_list", desk.night_list)
    door.add_url_rule("/staff/night-list", "note_call", desk.note_call, methods=["POST"])
    door.add_url_rule("/staff/phrasebook", "phrases", desk.phrases)
    door.add_url_rule("/staff/interpreters", "interpreters", desk.interpreters)
    return door


class _Desk:
    """What an operator looks up."""

    def __init__(self, house: House) -> None:
        self._house = house

    def night_list(self, *, error: str = "") -> Response:
        """Every public number with the newest test call at night, and a form for the next one."""
        with self._house.database.read() as conn:
            lines = test_calls.night_list(conn, self._house.rooms.jurisdictions, self._house.clock.now())
            aliases = {member.id: member.alias for member in everyone(conn)}
        return page(
            "reference/night_list.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            lines=lines,
            due=sum(line.due for line in lines),
            aliases=aliases,
            heard=HEARD,
            languages=words.LANGUAGES,
            error=error,
        )

    def note_call(self) -> Answer:
        form = request.form
        country, _, slug = form.get("number", "").partition(".")
        try:
            with self._house.database.write() as unit:
                test_calls.note(
                    unit,
                    self._house.rooms.audit,
                    self._house.rooms.jurisdictions,
                    country=country,
                    slug=slug,
                    result=Heard(form.get("result", "")),
                    waited_seconds=int(form.get("waited", "0") or "0"),
                    languages=[code for code in form.getlist("languages") if code in words.LANGUAGES],
                    by=me().id,
                    called_at=_moment(form.get("called_at", "")),
                )
        except (WrongCall, ValueError):
            return self.night_list(error="Choose the number and who answered; the call was within the last week. Nothing was kept.")
        flash("The test call is kept.")
        return redirect(url_for("reference.night_list"), HTTPStatus.SEE_OTHER)

    def phrases(self) -> Response:
        """All phrases, each in every language that has it."""
        return page(
            "reference/phrasebook.html", book=phrasebook.book(self._house.rooms.texts), kinds=phrasebook.KINDS, languages=words.LANGUAGES
        )

    def interpreters(self) -> Response:
        """Who can be called to interpret now, and which members speak what."""
        now = self._house.clock.now()
        with self._house.database.read() as conn:
            on_call = {code: duty.interpreters(conn, code, now) for code in words.LANGUAGES}
            everybody = members(conn)
            at_work = {one.member_id for one in duty.on_duty(conn, now)}
        return page("reference/interpreters.html", on_call=on_call, everybody=everybody, at_work=at_work, languages=words.LANGUAGES)


def _moment(local: str) -> datetime | None:
    """A `datetime-local` value on the wall clock of the hotline; None where it is empty. Raises ValueError."""
    return datetime.fromisoformat(local).replace(tzinfo=times.ZONE).astimezone(UTC) if local else None
