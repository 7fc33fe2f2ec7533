"""The simulated people: several difficulties, three languages, and one clear error for a broken file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.practice import script
from sos.practice.debrief import debrief
from sos.practice.errors import BadScript
from sos.practice.scenarios import Scenarios, read_scenario
from sos.practice.states import SLIPS, Difficulty, Run, Topic
from sos.practice.topics import LANGUAGES, Topics
from tests.practice.conftest import CONFIG

SCENARIOS = Scenarios.load(CONFIG / "scenarios")
TOPICS = Topics.load(CONFIG / "topics.toml")


def test_there_are_several_difficulties_in_three_languages_and_none_claims_a_review() -> None:
    assert not SCENARIOS.problems
    assert {scenario.difficulty for scenario in SCENARIOS.by_slug.values()} == set(Difficulty)
    assert len(LANGUAGES) == 3
    assert {scenario.review for scenario in SCENARIOS.by_slug.values()} == {"none"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", list(SCENARIOS.by_slug))
def test_every_step_can_be_played_in_every_language_to_its_end(slug: str, language: str) -> None:
    """Asks whatever the step answers to next, until an end is reached; something is said at every step."""
    scenario = SCENARIOS.by_slug[slug]
    seen, waiting, ends = set(), [script.begin(scenario, language).place], set()
    while waiting:
        place = waiting.pop()
        if place.ended is not Run.RUNNING:
            ends.add(place.ended)
            continue
        mark = (place.step, place.answered, place.topics)
        if mark in seen or len(seen) > 3000:
            continue
        seen.add(mark)
        for answer in scenario.steps[place.step].answers:
            if answer.topic.value in place.answered:
                continue
            turn = script.hear(scenario, place, (answer.topic,), language, place.wrote_at + 5)
            assert turn.says or turn.place.ended is not Run.RUNNING
            waiting.append(turn.place)
        for topic in scenario.should:
            waiting += [script.hear(scenario, place, (topic,), language, 5).place] if topic not in place.topics else []
        if scenario.steps[place.step].silences:
            waiting.append(script.wait(scenario, place, language, place.wrote_at + 1000).place)
    assert Run.WENT_ON in ends
    assert {step for step, _, _ in seen} | {"goes_on", "leaves"} >= set(scenario.steps)


@pytest.mark.parametrize("slug", list(SCENARIOS.by_slug))
def test_too_many_slips_lose_the_person(slug: str) -> None:
    scenario = SCENARIOS.by_slug[slug]
    place = script.begin(scenario, "en").place
    for n in range(scenario.patience + 1):
        assert place.ended is Run.RUNNING
        place = script.hear(scenario, place, (Topic.WHY,), "en", n).place
    assert place.ended is Run.LEFT


def test_what_the_simulated_person_says_depends_on_what_is_asked() -> None:
    scenario = SCENARIOS.by_slug["papers"]
    place = script.begin(scenario, "en").place
    children = script.hear(scenario, script.hear(scenario, place, (Topic.WANTS,), "en", 1).place, (Topic.CHILDREN,), "en", 2)
    assert children.says == ("Two. Nine and four. They hear everything at night.",)
    assert script.hear(scenario, place, (), "en", 1).says == ("I do not know where to begin.",)


def test_silence_has_its_timer() -> None:
    scenario = SCENARIOS.by_slug["next_room"]
    place = script.begin(scenario, "en").place
    assert script.wait(scenario, place, "en", 89).says == ()
    spoke = script.wait(scenario, place, "en", 90)
    assert spoke.says == ("hello?",)
    assert script.wait(scenario, spoke.place, "en", 120).says == ()
    assert script.wait(scenario, spoke.place, "en", 240).place.ended is Run.LEFT


def test_nobody_writing_for_half_an_hour_ends_it() -> None:
    scenario = SCENARIOS.by_slug["papers"]
    place = script.begin(scenario, "sr").place
    assert script.wait(scenario, place, "sr", script.FALLS_SILENT).place.ended is Run.SILENT


def test_the_debrief_says_what_was_asked_in_which_order_what_was_missed_and_what_slipped() -> None:
    scenario = SCENARIOS.by_slug["last_night"]
    place = script.begin(scenario, "en").place
    for n, topics in enumerate([(Topic.CHILDREN,), (Topic.WHY,), (Topic.BELIEVE, Topic.SAFE_TO_WRITE), (Topic.STRANGLING,)]):
        place = script.hear(scenario, place, topics, "en", 60 * (n + 1)).place
    said = debrief(scenario, place)
    assert [topic for topic, _ in said.asked] == [Topic.CHILDREN, Topic.BELIEVE, Topic.SAFE_TO_WRITE, Topic.STRANGLING]
    assert said.too_early == (Topic.CHILDREN,)
    assert said.slips == ((Topic.WHY, 1),)
    assert Topic.INJURIES in said.missed
    assert Topic.CHILDREN not in said.missed
    assert said.first_line == 60


@given(
    st.lists(st.tuples(st.lists(st.sampled_from(list(Topic)), max_size=4), st.integers(0, 400)), max_size=25), st.sampled_from(LANGUAGES)
)
def test_any_exercise_stays_within_its_script(turns: list[tuple[list[Topic], int]], language: str) -> None:
    for scenario in SCENARIOS.by_slug.values():
        place, at = script.begin(scenario, language).place, 0
        for topics, seconds in turns:
            at += seconds
            place = script.wait(scenario, place, language, at).place
            place = script.hear(scenario, place, tuple(dict.fromkeys(topics)), language, at).place
            assert place.step in scenario.steps
        said = debrief(scenario, place)
        assert not {topic for topic, _ in said.asked} & SLIPS
        assert not set(said.missed) & {topic for topic, _ in said.asked}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param('slug = "papers"', 'slug = "others"', "slug must be the name of the file", id="another name"),
        pytest.param('go = "goes_on"', 'go = "nowhere"', "step nowhere does not exist", id="a way to nowhere"),
        pytest.param('difficulty = "first"', "", "difficulty is missing", id="a field missing"),
        pytest.param('topic = "where"', 'topic = "weather"', "weather", id="an unknown topic"),
        pytest.param('sr = ["Blizu Peci."]', "", "words are missing in sr", id="a language missing"),
        pytest.param("patience = 3", 'patience = "much"', "invalid literal", id="not a number"),
    ],
)
def test_a_broken_scenario_is_one_clear_line_and_the_others_stay(tmp_path: Path, old: str, new: str, says: str) -> None:
    for path in (CONFIG / "scenarios").glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text())
    text = (tmp_path / "papers.toml").read_text()
    assert old in text
    (tmp_path / "papers.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(BadScript, match=says) as failed:
        read_scenario(tmp_path / "papers.toml")
    assert str(failed.value).startswith("papers.toml: ")
    loaded = Scenarios.load(tmp_path)
    assert len(loaded.problems) == 1
    assert "papers" not in loaded.by_slug
    assert len(loaded.by_slug) == len(SCENARIOS.by_slug) - 1
