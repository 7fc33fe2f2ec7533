"""Recall of SOS and false alarms, by language, on sentences the lexicons were written with and on sentences they were not."""

import pytest

from sos.bot.understanding.intents import Danger
from sos.bot.understanding.understander import Understander
from tests.bot.understanding.labelled_sentences import Sentence, figures, sentences, wilson

LANGUAGES = ("sq", "sr", "en", "bs", "tr", "rom")


def test_enough_sentences_are_labelled_and_the_halves_do_not_overlap() -> None:
    build, measured = ({s.text.casefold() for s in sentences(half)} for half in ("build", "measured"))
    assert len(build) + len(measured) >= 600
    assert len(measured) >= 400
    assert not build & measured
    assert {s.language for s in sentences("measured")} == set(LANGUAGES)


@pytest.mark.parametrize(("half", "recall", "alarms"), [("build", 0.98, 0.01), ("measured", 0.95, 0.02)])
def test_sos_is_heard_and_ordinary_messages_raise_no_alarm(understander: Understander, half: str, recall: float, alarms: float) -> None:
    found = figures(understander, sentences(half))["all"]
    assert found.sos > 100
    assert found.calm > 100
    assert found.heard / found.sos >= recall
    assert found.alarms / found.calm <= alarms
    assert found.right / found.others >= 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_left_behind(understander: Understander, language: str) -> None:
    found = figures(understander, [s for s in sentences("measured") if s.language == language])[language]
    assert found.sos
    assert found.heard / found.sos >= 0.9
    assert wilson(found.heard, found.sos)[1] >= 0.98
    assert wilson(found.alarms, found.calm)[0] <= 0.02


def probable_of_others() -> list[Sentence]:
    return [s for half in ("build", "measured") for s in sentences(half) if s.danger == "probable" and s.intent != "sos"]


def test_violence_now_against_others_and_threats_to_kill_are_graded_as_danger(understander: Understander) -> None:
    found = probable_of_others()
    assert len(found) > 20
    graded = sum(understander.understand(s.text).danger is not None for s in found)
    assert graded / len(found) >= 0.9


def test_most_sos_raise_an_alert_at_once_rather_than_a_question(understander: Understander) -> None:
    found = [s for s in sentences("measured") if s.intent == "sos" and s.danger == "probable"]
    assert len(found) > 100
    assert sum(understander.understand(s.text).danger is Danger.PROBABLE for s in found) / len(found) >= 0.93
