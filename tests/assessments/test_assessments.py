"""An assessment lists what she needs: every question optional, nothing about safety unless she is alone, nothing left when she erases."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from sos.assessments.actions import Assessments
from sos.assessments.errors import NoSuchAnswer, NoSuchAssessment, NotAlone, WrongQuestionnaire
from sos.assessments.questionnaires import Question, Questionnaires, read
from sos.assessments.results import result, with_gaps
from sos.audit.actions import Audit
from sos.db.database import Database
from sos.directory.categories import Categories
from sos.keys.keystore import Keystore
from sos.survivors.actions import Survivors
from sos.survivors.address import Address, Channel
from sos.survivors.keys import KeyGone

ANA = "a" * 32
CATEGORIES = {"legal_aid", "housing", "documents"}
FILE = """
slug = "needs"
version = 1
dated = 2026-11-22
source = "a test"
review = "none"
title = { en = "Needs" }
[[area]]
id = "papers"
title = { en = "Papers" }
[[area]]
id = "home"
title = { en = "Home" }
[[question]]
id = "id_card"
area = "papers"
text = { en = "Does she have an identity card?" }
[[question.answer]]
code = "yes"
label = { en = "Yes" }
[[question.answer]]
code = "no"
label = { en = "No" }
need = true
categories = ["documents", "legal_aid"]
[[question]]
id = "safe_at_home"
area = "home"
safety = true
text = { en = "Can she stay where she is?" }
[[question.answer]]
code = "yes"
label = { en = "Yes" }
[[question.answer]]
code = "no"
label = { en = "No" }
need = true
categories = ["housing"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "assessments"
    made.mkdir()
    (made / "needs.1.toml").write_text(FILE)
    return made


class Desk:
    def __init__(self, database: Database, keystore: Keystore, folder: Path) -> None:
        audit = Audit(keystore.audit_key)
        self.database, self.survivors = database, Survivors(keystore, audit)
        self.assessments = Assessments(self.survivors, lambda: Questionnaires.load(folder, categories=CATEGORIES), audit)
        with database.write() as unit:
            self.arta = self.survivors.meet(unit, Address(Channel.SMS, "+38344000101"), "generic").id
            self.id = self.assessments.begin(unit, survivor_id=self.arta, slug="needs", by=ANA)

    def answer(self, question: str, code: str | None) -> None:
        with self.database.write() as unit:
            self.assessments.answer(unit, self.id, question, code, by=ANA)

    def answers(self) -> dict[str, str]:
        with self.database.write() as unit:
            return dict(self.assessments.open(unit, self.id, by=ANA).answers)


@pytest.fixture
def desk(database: Database, keystore: Keystore, folder: Path) -> Desk:
    return Desk(database, keystore, folder)


def test_what_she_answers_becomes_needs_with_categories_and_gaps(desk: Desk) -> None:
    desk.answer("id_card", "no")
    with desk.database.write() as unit:
        told = desk.assessments.open(unit, desk.id, by=ANA).result
    assert [(one.area, one.categories) for one in told.needs] == [("papers", ("documents", "legal_aid"))]
    assert (told.asked, told.skipped) == (1, 1)
    assert with_gaps(told, lambda slug: slug != "documents").gaps == ("documents",)


def test_every_question_may_be_skipped_and_every_answer_taken_back(desk: Desk) -> None:
    desk.answer("id_card", "no")
    desk.answer("id_card", "yes")
    assert desk.answers() == {"id_card": "yes"}
    desk.answer("id_card", None)
    assert desk.answers() == {}
    with desk.database.write() as unit:
        assert desk.assessments.open(unit, desk.id, by=ANA).result.needs == ()


def test_questions_about_safety_wait_until_she_is_alone(desk: Desk) -> None:
    with pytest.raises(NotAlone):
        desk.answer("safe_at_home", "no")
    with desk.database.write() as unit:
        desk.assessments.alone(unit, desk.id, alone=True, by=ANA)
    desk.answer("safe_at_home", "no")
    with desk.database.write() as unit:
        desk.assessments.alone(unit, desk.id, alone=False, by=ANA)
    with pytest.raises(NotAlone):
        desk.answer("safe_at_home", "yes")
    assert desk.answers() == {"safe_at_home": "no"}, "what she said stays hers"


@pytest.mark.parametrize(("question", "code"), [("id_card", "maybe"), ("shoe_size", "yes")])
def test_what_was_not_asked_is_not_kept(desk: Desk, question: str, code: str) -> None:
    with pytest.raises(NoSuchAnswer):
        desk.answer(question, code)


def test_it_is_counted_only_when_she_says_so(desk: Desk) -> None:
    with desk.database.write() as unit:
        assert not desk.assessments.open(unit, desk.id, by=ANA).counted
        desk.assessments.count_her(unit, desk.id, counted=True, by=ANA)
        assert desk.assessments.open(unit, desk.id, by=ANA).counted
        with pytest.raises(NoSuchAssessment):
            desk.assessments.count_her(unit, "0" * 32, counted=True, by=ANA)


def test_nothing_of_it_can_be_read_without_her_key(desk: Desk) -> None:
    desk.answer("id_card", "no")
    with desk.database.read() as conn:
        assert "id_card" not in repr([tuple(row) for row in conn.execute(text("SELECT * FROM assessments"))])
    with desk.database.write() as unit:
        desk.survivors.destroy_key(unit, desk.arta)
    with pytest.raises(KeyGone):
        desk.answers()
    with desk.database.write() as unit:
        desk.assessments.forget_person(unit, desk.arta)
        assert desk.assessments.of(unit, desk.arta) == []


def test_an_assessment_keeps_the_version_it_was_asked_in(desk: Desk, folder: Path) -> None:
    (folder / "needs.2.toml").write_text(FILE.replace("version = 1", "version = 2").replace("id_card", "passport"))
    desk.answer("id_card", "no")
    assert desk.answers() == {"id_card": "no"}
    with desk.database.write() as unit:
        newer = desk.assessments.begin(unit, survivor_id=desk.arta, slug="needs", by=ANA)
        assert desk.assessments.open(unit, newer, by=ANA).questionnaire.version == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('area = "home"', 'area = "garden"'), "no area garden"),
        (('categories = ["housing"]', 'categories = ["palaces"]'), "no category palaces"),
        (('id = "safe_at_home"', 'id = "id_card"'), "id of its own"),
        (('code = "no"', 'code = "yes"'), "code of its own"),
        (('review = "none"', 'reviewed = "none"'), "unknown reviewed"),
        (("dated = 2026-11-22", "dated = 3"), "dated"),
        (('review = "none"', 'review = "none"\nprogramme = "both"'), "both"),
        (('title = { en = "Needs" }', 'title = { de = "Bedarf" }'), "words in en"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_file_is_named_with_its_fault(folder: Path, change: tuple[str, str], said: str) -> None:
    (folder / "needs.1.toml").write_text(FILE.replace(*change))
    (folder / "other.1.toml").write_text(FILE.replace('slug = "needs"', 'slug = "other"'))
    with pytest.raises(WrongQuestionnaire, match=said):
        read(folder / "needs.1.toml", categories=CATEGORIES)
    loaded = Questionnaires.load(folder, categories=CATEGORIES)
    assert set(loaded.newest) == {"other"}, "the others stay"
    assert len(loaded.problems) == 1


@given(answers=st.dictionaries(st.sampled_from(["id_card", "safe_at_home", "nothing"]), st.sampled_from(["yes", "no", "", "maybe"])))
def test_any_answers_give_a_result_and_no_need_that_nobody_named(answers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "needs.1.toml").write_text(FILE)
    told = result(Questionnaires.load(folder, categories=CATEGORIES).newest["needs"], answers)
    named = {one for one, code in answers.items() if code == "no" and one != "nothing"}
    assert {question for need in told.needs for question in need.questions} == named


REAL = Path(__file__).resolve().parents[2] / "config"


def test_the_files_here_can_be_read_in_three_languages_and_nobody_has_reviewed_them() -> None:
    loaded = Questionnaires.load(REAL / "assessments", categories=Categories.load(REAL / "categories.toml").by_slug)
    assert loaded.problems == ()
    assert {slug: one.programme.value for slug, one in loaded.newest.items()} == {"needs": "protection", "durable_solutions": "household"}
    assert set(loaded.newest["durable_solutions"].areas) == {
        "safety", "housing", "documents", "livelihood", "participation", "access_to_services",
    }  # fmt: skip
    for one in loaded.newest.values():
        assert one.review == "none"
        texts = [one.title, *one.areas.values(), *(words for question in one.questions for words in _words_of(question))]
        assert len(texts) > 30
        assert all(set(words) == {"en", "sq", "sr"} for words in texts)
        assert all(question.safety for question in one.questions if question.area == "safety"), "safety waits until she is alone"
        assert {question.area for question in one.questions} == set(one.areas)


def _words_of(question: Question) -> list[Mapping[str, str]]:
    return [question.text, *(choice.label for choice in question.answers)]
