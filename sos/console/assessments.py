"""Assessments: questions that may all be skipped, what they tell, and which services could help. Lists needs; moves no alert and makes no number.

Questions about safety show only after "alone now: yes". A household's record and a person's are never one (DOMAIN 42).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.assessments.actions import Assessed, Assessments
from sos.assessments.errors import NoSuchAnswer, NoSuchAssessment, NotAlone, OtherProgramme, WrongQuestionnaire
from sos.assessments.questionnaires import LANGUAGES
from sos.assessments.results import Result, result, with_gaps
from sos.console import existing, suitable
from sos.console.house import House
from sos.console.shell import me, page
from sos.console.suitable import Services
from sos.db.database import Unit
from sos.survivors.keys import KeyGone

SHOWN = 3
"""Services of each category that are listed."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is for the needs. `by_category`: label -> services; the place is posted, never kept."""

    told: Result
    by_category: Mapping[str, Services] = field(repr=False)
    place: str = field(repr=False, default="")


def blueprint(house: House) -> Blueprint:
    """`/staff/people/<survivor_id>/assessments` and `/staff/assessments/<assessment_id>`."""
    door, desk = Blueprint("assessments", __name__), _Desk(house)
    door.add_url_rule("/staff/people/<survivor_id>/assessments", "hers", desk.hers)
    door.add_url_rule("/staff/people/<survivor_id>/assessments", "begin", desk.begin, methods=["POST"])
    door.add_url_rule("/staff/assessments/<assessment_id>", "one", desk.one)
    door.add_url_rule("/staff/assessments/<assessment_id>/answers", "answer", desk.answer, methods=["POST"])
    door.add_url_rule("/staff/assessments/<assessment_id>/alone", "alone", desk.alone, methods=["POST"])
    door.add_url_rule("/staff/assessments/<assessment_id>/counted", "count", desk.count, methods=["POST"])
    door.add_url_rule("/staff/assessments/<assessment_id>/services", "services", desk.services, methods=["POST"])
    return door


class _Desk:
    """What whoever talks with her does."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def _assessments(self) -> Assessments:
        """Asked for at each request: the doors open also while the keystore is away."""
        return self._house.rooms.assessments

    def hers(self, survivor_id: str) -> Response:
        with self._house.database.write() as unit:
            existing.require(self._house, unit.conn, survivor_id)
            alias = existing.alias(self._house, unit, survivor_id)
            given = self._assessments.of(unit, survivor_id)
            possible = self._assessments.possible(unit.conn, survivor_id)
        files = self._house.rooms.assessment_files
        titles = {slug: one.title["en"] for slug, one in files.newest.items()}
        return page(
            "assessments/hers.html",
            survivor_id=survivor_id,
            alias=alias,
            given=given,
            possible=possible,
            titles=titles,
            problems=files.problems,
        )

    def begin(self, survivor_id: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                existing.require(self._house, unit.conn, survivor_id)
                made = self._assessments.begin(unit, survivor_id=survivor_id, slug=request.form.get("slug", ""), by=me().id)
        except OtherProgramme:
            flash("A household and a person whom the hotline meets have records of their own. Open a new record for the household.")
            return redirect(url_for("assessments.hers", survivor_id=survivor_id), HTTPStatus.SEE_OTHER)
        except (NoSuchAssessment, KeyGone):
            abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("assessments.one", assessment_id=made), HTTPStatus.SEE_OTHER)

    def one(self, assessment_id: str) -> Response:
        with self._house.database.write() as unit:
            return self._page(unit, self._mine(unit, assessment_id))

    def answer(self, assessment_id: str) -> Answer:
        """The whole page at once; what is skipped is taken back."""
        given = {name.removeprefix("q-"): value for name, value in request.form.items() if name.startswith("q-")}
        said = "Kept. Skipped questions tell nothing."
        with self._house.database.write() as unit:
            found = self._mine(unit, assessment_id)
            for question, code in given.items():
                if found.answers.get(question, "") != code:
                    try:
                        self._assessments.answer(unit, assessment_id, question, code or None, by=me().id)
                    except NotAlone:
                        said = "Kept, but not the questions about safety: she has not said that she is alone now."
                    except NoSuchAnswer:
                        said = "Some of it was not kept: this questionnaire does not ask that."
        flash(said)
        return self._back(assessment_id, "#result")

    def alone(self, assessment_id: str) -> Answer:
        alone = request.form.get("alone") == "yes"
        return self._do(assessment_id, lambda unit: self._assessments.alone(unit, assessment_id, alone=alone, by=me().id))

    def count(self, assessment_id: str) -> Answer:
        counted = request.form.get("counted") == "yes"
        return self._do(assessment_id, lambda unit: self._assessments.count_her(unit, assessment_id, counted=counted, by=me().id))

    def services(self, assessment_id: str) -> Response:
        """Suitable services for each category of a need, and what nobody offers. That confidential ones were looked at is audited."""
        typed = request.form.get("place", "").strip()[:100]
        with self._house.database.write() as unit:
            found = self._mine(unit, assessment_id)
            self._house.rooms.audit.record(unit, "hidden.cards_read", actor=me().id)
            seen = _seen(found)
            by_category = {slug: self._matched(unit, slug, typed) for slug in seen.categories}
            told = with_gaps(seen, lambda slug: bool(by_category[slug].matches))
            return self._page(unit, found, Offered(told, by_category, typed))

    def _matched(self, unit: Unit, slug: str, typed: str) -> Services:
        ask = suitable.Ask(category=slug, place=typed)
        return suitable.suitable(self._house.rooms, unit.conn, ask, unit.now, known=None, without_authorities=False)

    def _page(self, unit: Unit, found: Assessed, offered: Offered | None = None) -> Response:
        language = request.values.get("in", "en")
        labels = {slug: kind.label for slug, kind in self._house.rooms.categories.by_slug.items()}
        return page(
            "assessments/one.html",
            assessed=found,
            asked=found.questionnaire,
            alias=existing.alias(self._house, unit, found.survivor_id),
            told=offered.told if offered else _seen(found),
            offered=offered,
            labels=labels,
            language=language if language in LANGUAGES else "en",
            languages=LANGUAGES,
            texts={one.id: one.text for one in found.questionnaire.questions},
            shown=SHOWN,
        )

    def _do(self, assessment_id: str, what: Callable[[Unit], None]) -> Answer:
        with self._house.database.write() as unit:
            self._mine(unit, assessment_id)
            what(unit)
        return self._back(assessment_id)

    def _back(self, assessment_id: str, at: str = "") -> Answer:
        language = request.form.get("in", "en")
        kept = f"?in={language}" if language in LANGUAGES and language != "en" else ""
        return redirect(url_for("assessments.one", assessment_id=assessment_id) + kept + at, HTTPStatus.SEE_OTHER)

    def _mine(self, unit: Unit, assessment_id: str) -> Assessed:
        """The assessment, opened and audited, if its person exists for this member; 404 otherwise."""
        try:
            found = self._assessments.open(unit, assessment_id, by=me().id)
        except (NoSuchAssessment, WrongQuestionnaire, KeyGone):
            abort(HTTPStatus.NOT_FOUND)
        if found.survivor_id in bars.survivors(unit.conn, me().id):
            abort(HTTPStatus.NOT_FOUND)
        return found


def _seen(found: Assessed) -> Result:
    """What may stand on a screen now: nothing that came from a question about safety while she is not alone."""
    hidden = set() if found.alone else {one.id for one in found.questionnaire.questions if one.safety}
    return result(found.questionnaire, {question: code for question, code in found.answers.items() if question not in hidden})
