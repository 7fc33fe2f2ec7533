"""Practice mode: a band of its own and the word PRACTICE on every screen and in every title. Reads and writes practice rows only.

Anybody with an account may practise, so that an institution's staff can be trained with accounts that may do nothing else.
"""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.console.house import House
from sos.console.shell import fragment, me, page
from sos.practice import queries
from sos.practice.debrief import debrief
from sos.practice.errors import Ended, NotYourRun
from sos.practice.states import Difficulty, Run, Topic
from sos.practice.topics import LANGUAGES
from sos.staff.members.queries import everyone

LONGEST: Final = 2000
NAMES: Final = {"en": "English", "sq": "Albanian", "sr": "Serbian"}
LEVELS: Final = {Difficulty.FIRST: "First steps", Difficulty.MIDDLE: "With care", Difficulty.HARD: "Hard"}
ENDS: Final = {
    Run.RUNNING: "still going on",
    Run.WENT_ON: "the person goes on with something that helps",
    Run.LEFT: "the person left",
    Run.SILENT: "nobody wrote any more",
    Run.STOPPED: "you ended it",
}
TOPICS: Final = {
    Topic.SKIP: "every question may be skipped",
    Topic.BELIEVE: "being believed",
    Topic.SAFE_TO_WRITE: "safe to write?",
    Topic.CONFIDENTIAL: "what is kept and who reads it",
    Topic.WANTS: "what would help",
    Topic.HE_IS_WHERE: "where he is now",
    Topic.WHERE: "where the person is",
    Topic.CHILDREN: "children",
    Topic.STRANGLING: "neck and breath",
    Topic.INJURIES: "injuries, and the 72 hours",
    Topic.WEAPONS: "weapons at hand",
    Topic.CALL_192: "may a colleague call 192?",
    Topic.CALL_BACK: "when and how to write again",
    Topic.OPTIONS: "what is possible",
    Topic.PLAN: "a plan for tonight",
    Topic.CHECK_WORD: "the agreed word",
    Topic.GOODBYE: "the door left open",
    Topic.NAME: "a name was asked for; nothing here needs one",
    Topic.WHY: "a why-question: it sounds like blame",
    Topic.BLAME: "words that blame",
    Topic.MUST: "an order: the person decides",
    Topic.PROMISE: "a promise about what others will do or feel",
    Topic.LONG: "longer than two texts",
    Topic.MANY_QUESTIONS: "three questions at once",
}


def blueprint(house: House) -> Blueprint:
    """`/staff/practice` and the exercises under it."""
    door, desk = Blueprint("practice", __name__), _Desk(house)
    door.add_url_rule("/staff/practice", "show", desk.show)
    door.add_url_rule("/staff/practice", "begin", desk.begin, methods=["POST"])
    door.add_url_rule("/staff/practice/record", "record", desk.record)
    door.add_url_rule("/staff/practice/<run_id>", "one", desk.one)
    door.add_url_rule("/staff/practice/<run_id>/lines", "lines", desk.lines)
    door.add_url_rule("/staff/practice/<run_id>/write", "write", desk.write, methods=["POST"])
    door.add_url_rule("/staff/practice/<run_id>/stop", "stop", desk.stop, methods=["POST"])
    return door


class _Desk:
    """What a member does in practice."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self) -> Response:
        """The simulated people, and what this member has practised."""
        practice = self._house.rooms.practice
        with self._house.database.read() as conn:
            mine = queries.record(conn, member_id=me().id, limit=20)
        return page(
            "practice/show.html",
            scenarios=practice.scenarios.by_slug.values(),
            problems=practice.scenarios.problems,
            mine=mine,
            titles=self._titles(),
            sees_all=bool({"supervisor", "administrator"} & me().roles),
            languages=NAMES,
            levels=LEVELS,
            ends=ENDS,
        )

    def begin(self) -> Answer:
        scenario, language = request.form.get("scenario", ""), request.form.get("language", "")
        if scenario not in self._house.rooms.practice.scenarios.by_slug or language not in LANGUAGES:
            abort(HTTPStatus.BAD_REQUEST)
        with self._house.database.write() as unit:
            run_id = self._house.rooms.practice.begin(unit, member_id=me().id, scenario=scenario, language=language)
        return redirect(url_for("practice.one", run_id=run_id), HTTPStatus.SEE_OTHER)

    def one(self, run_id: str, *, said: str = "", kept: str = "") -> Response:
        """The exercise; when it is over, its debrief."""
        self._look(run_id)
        with self._house.database.read() as conn:
            found = self._run(run_id)
            lines = self._house.rooms.practice.lines(conn, run_id=run_id, member_id=me().id)
        scenario = self._house.rooms.practice.scenarios.by_slug[found.scenario]
        over = found.outcome is not Run.RUNNING
        return page(
            "practice/one.html",
            run=found,
            lines=lines,
            scenario=scenario,
            said=said,
            kept=kept,
            longest=LONGEST,
            languages=NAMES,
            levels=LEVELS,
            debrief=debrief(scenario, found.place) if over else None,
            topics=TOPICS,
            ends=ENDS,
        )

    def lines(self, run_id: str) -> Response:
        """The lines again, for the page's script; 205 tells it that the exercise is over and the page has more to say."""
        self._look(run_id)
        found = self._run(run_id)
        if found.outcome is not Run.RUNNING:
            return Response(status=HTTPStatus.RESET_CONTENT)
        with self._house.database.read() as conn:
            lines = self._house.rooms.practice.lines(conn, run_id=run_id, member_id=me().id)
        return Response(fragment("practice/_lines.html", lines=lines, run=found))

    def write(self, run_id: str) -> Answer:
        text = request.form.get("text", "").strip()
        if not text:
            return self.one(run_id, said="Nothing was written, so nothing was sent.")
        if len(text) > LONGEST:
            return self.one(run_id, said=f"More than {LONGEST} letters: shorten it. Nothing was lost.", kept=text)
        try:
            with self._house.database.write() as unit:
                self._house.rooms.practice.write(unit, run_id=run_id, member_id=me().id, text=text)
        except NotYourRun:
            abort(HTTPStatus.NOT_FOUND)
        except Ended:
            pass  # the page says how it ended
        return redirect(url_for("practice.one", run_id=run_id) + "#write", HTTPStatus.SEE_OTHER)

    def stop(self, run_id: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                self._house.rooms.practice.stop(unit, run_id=run_id, member_id=me().id)
        except NotYourRun:
            abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("practice.one", run_id=run_id), HTTPStatus.SEE_OTHER)

    def record(self) -> Response:
        """Who has practised what and when: for supervisors and administrators. No lines, no debriefs."""
        with self._house.database.read() as conn:
            runs = queries.record(conn)
            aliases = {member.id: member.alias for member in everyone(conn)}
        return page("practice/record.html", runs=runs, aliases=aliases, titles=self._titles(), languages=NAMES, levels=LEVELS, ends=ENDS)

    def _titles(self) -> dict[str, str]:
        return {scenario.slug: scenario.title for scenario in self._house.rooms.practice.scenarios.by_slug.values()}

    def _look(self, run_id: str) -> None:
        practice, now = self._house.rooms.practice, self._house.clock.now()
        try:
            with self._house.database.read() as conn:
                if not practice.is_due(conn, run_id=run_id, member_id=me().id, now=now):
                    return
            with self._house.database.write() as unit:
                practice.look(unit, run_id=run_id, member_id=me().id)
        except NotYourRun:
            abort(HTTPStatus.NOT_FOUND)

    def _run(self, run_id: str) -> queries.Practised:
        try:
            with self._house.database.read() as conn:
                return queries.run(conn, run_id, member_id=me().id)
        except NotYourRun:
            abort(HTTPStatus.NOT_FOUND)
