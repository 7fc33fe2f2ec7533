"""What a line of the member is about, in three languages."""

from pathlib import Path

import pytest

from sos.practice.errors import BadScript
from sos.practice.states import Topic
from sos.practice.topics import Topics
from tests.practice.conftest import CONFIG


@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [
        pytest.param("en", "Are you safe to write now?", {Topic.SAFE_TO_WRITE}, id="whether she can write"),
        pytest.param("sq", "A jeni vetëm tani?", {Topic.SAFE_TO_WRITE}, id="the same in Albanian with its letters"),
        pytest.param("sr", "Да ли сте безбедни?", {Topic.SAFE_TO_WRITE}, id="the same in Serbian Cyrillic"),
        pytest.param("sr", "Are you alone now?", {Topic.SAFE_TO_WRITE}, id="English is understood beside her language"),
        pytest.param("en", "This is not your fault.", {Topic.BELIEVE}, id="not your fault is no blame"),
        pytest.param("en", "Is it your fault?", {Topic.BLAME}, id="your fault is"),
        pytest.param("en", "You do not have to answer.", {Topic.SKIP}, id="need not is no must"),
        pytest.param("sr", "Ne morate odgovoriti.", {Topic.SKIP}, id="nor in Serbian"),
        pytest.param("sr", "Morate da ga prijavite. Zašto niste?", {Topic.MUST, Topic.WHY}, id="must and why in Serbian"),
        pytest.param("sq", "Pse nuk ike?", {Topic.WHY}, id="why in Albanian"),
        pytest.param("sr", "Sinoć, ranije, bolje?", set(), id="words that only begin alike are not heard"),
        pytest.param("en", "Help is coming, I promise.", {Topic.PROMISE}, id="a promise about others"),
        pytest.param("en", "Where? When? Who?", {Topic.MANY_QUESTIONS}, id="three questions at once"),
        pytest.param("en", "a" * 321, {Topic.LONG}, id="longer than two texts"),
    ],
)
def test_a_line_is_about(topics: Topics, language: str, text: str, heard: set[Topic]) -> None:
    assert set(topics.heard(text, language)) == heard


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("[topic.why]", "[topic.whyever]", "topic why", id="an unknown topic"),
        pytest.param('sr = ["zasto"', 'bs = ["zasto"', "topic why has no phrases in sr", id="a language missing"),
        pytest.param("[topic.why]", "[topic.why", "cannot be read", id="no TOML"),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (CONFIG / "topics.toml").read_text()
    assert old in text
    (tmp_path / "topics.toml").write_text(text.replace(old, new))
    with pytest.raises(BadScript, match=says) as failed:
        Topics.load(tmp_path / "topics.toml")
    assert "\n" not in str(failed.value)
