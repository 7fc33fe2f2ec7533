"""The files: dated, sourced, demonstrative; broken ones are one clear line. The points: pure, and never less by answering more."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.alerts.risk.errors import BadQuestionnaire, NoSuchAnswer
from sos.alerts.risk.questionnaire import Questionnaire, Questionnaires, read
from sos.alerts.risk.scoring import score
from sos.alerts.triage import ORDER, Assessment, Urgency, raised
from tests.alerts.risk.conftest import CONFIG

FOLDER = CONFIG / "questionnaires"
FILE = FOLDER / "demonstration.2026-11-22.toml"
OURS = read(FILE)
SEQUENCES = st.lists(st.tuples(st.sampled_from(OURS.questions), st.integers(0, 5)), max_size=20)


def test_what_stands_here_is_a_demonstration_that_nobody_has_signed_and_says_so() -> None:
    loaded = Questionnaires.load(FOLDER)
    assert loaded.files
    assert not loaded.problems
    for one in loaded.files:
        assert one.demonstration
        assert one.review == "none"
        assert "not a risk assessment" in one.title
        assert one.source
    assert len(loaded.unreviewed()) == len(loaded.files)


@pytest.mark.parametrize(
    ("answers", "band", "reasons"),
    [
        pytest.param({}, "nothing more said", (), id="everything skipped says nothing, and not that all is well"),
        pytest.param({"neck": "yes"}, "look closer", ("pressure on the neck",), id="a neck alone is looked at closely"),
        pytest.param(
            {"weapon": "shown", "afraid": "very"}, "look at once", ("a weapon was shown", "very afraid for tonight"), id="two together"
        ),
        pytest.param({"more_often": "no", "neck": "no"}, "nothing more said", (), id="no is no reason"),
    ],
)
def test_answers_come_to_a_band_with_reasons(answers: dict[str, str], band: str, reasons: tuple[str, ...]) -> None:
    result = score(OURS, answers)
    assert result.band.name == band
    assert result.reasons == reasons
    assert set(result.skipped) == {question.id for question in OURS.questions} - set(answers)


@given(SEQUENCES)
def test_no_sequence_of_answers_lowers_anything(sequence: list[tuple[object, int]]) -> None:
    """Question after question is answered or skipped; the result is given to the alert each time, as an operator might."""
    answers: dict[str, str] = {}
    points, known = 0, Assessment(Urgency.URGENT)
    for question, n in sequence:
        choices = question.answers  # type: ignore[attr-defined]
        if n < len(choices) and question.id not in answers:  # type: ignore[attr-defined]
            answers[question.id] = choices[n].code  # type: ignore[attr-defined]
        result = score(OURS, answers)
        assert result.points >= points
        after = raised(known, "risk_answers") if result.raises else known
        assert ORDER[after.urgency] <= ORDER[known.urgency]
        points, known = result.points, after


def test_an_answer_that_is_not_in_the_file_is_refused() -> None:
    for answers in ({"neck": "perhaps"}, {"colour": "yes"}):
        with pytest.raises(NoSuchAnswer):
            score(OURS, answers)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("points = 2", "points = -2", "points must be a whole number from 0 up", id="points that would lower"),
        pytest.param("from = 0", "from = 1", "bands must begin at 0", id="no band for nothing"),
        pytest.param("from = 3", "from = 9", "bands must begin at 0 and go up", id="bands out of order"),
        pytest.param('id = "neck"', 'id = "neck"\nmust = true', "unknown field must", id="a question that would be a must"),
        pytest.param('id = "neck"', 'id = "weapon"', "question weapon stands twice", id="a question twice"),
        pytest.param('source = "invented', 'origin = "invented', "unknown field origin", id="no source"),
        pytest.param('review = "none"', "", "review is missing", id="no word about its review"),
        pytest.param('version = "2026-11-22"', 'version = "lately"', "Invalid isoformat", id="no date"),
        pytest.param('version = "2026-11-22"', 'version = "2026-11-23"', "must be called demonstration.2026-11-23.toml", id="another date"),
        pytest.param("[[question]]", "[[question", "cannot be read", id="no TOML"),
    ],
)
def test_a_broken_file_is_one_clear_line_and_left_out(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = FILE.read_text()
    assert old in text
    (tmp_path / FILE.name).write_text(text.replace(old, new, 1))
    with pytest.raises(BadQuestionnaire, match=says) as failed:
        read(tmp_path / FILE.name)
    assert str(failed.value).startswith(f"{FILE.name}: ")
    assert "\n" not in str(failed.value)
    assert Questionnaires.load(tmp_path).files == ()


def test_the_newest_version_that_has_begun_is_the_current_one() -> None:
    def of(version: str) -> Questionnaire:
        return Questionnaire(OURS.slug, version, *(getattr(OURS, name) for name in Questionnaire.__slots__[2:]))

    loaded = Questionnaires((of("2027-01-01"), of("2026-11-22"), of("2026-12-01")))
    assert loaded.current(date(2026, 12, 5))["demonstration"].version == "2026-12-01"
    assert loaded.current(date(2026, 11, 1)) == {}
