"""Which lines may be seen: nothing from before half an hour of silence, nothing from before a curtain, until one is lifted."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.channels.webchat.thread import MASKED, SILENCE, Answer, shown, thread
from sos.conversations.actions import Direction, Said

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def said(*lines: tuple[float, str, dict]) -> list[Said]:
    """(minute, "in" or "out", body) of each line."""
    return [
        Said(str(number), Direction(direction), body, START + timedelta(minutes=minute))
        for number, (minute, direction, body) in enumerate(lines)
    ]


def seen(lines: list[Said], minute: float) -> list[str]:
    return [line.id for line in shown(lines, START + timedelta(minutes=minute))]


A, B = {"text": "a"}, {"text": "b"}
DROP, LIFT = {"text": "office", "curtain": "drop"}, {"text": "welcome", "curtain": "lift"}


@pytest.mark.parametrize(
    ("lines", "minute", "visible"),
    [
        pytest.param(said(), 0, "", id="nothing was said"),
        pytest.param(said((0, "in", A), (0, "out", B)), 29, "01", id="a talk under way is seen"),
        pytest.param(said((0, "in", A), (0, "out", B)), 31, "", id="after silence nothing is seen"),
        pytest.param(said((0, "in", A), (0, "out", B), (40, "in", A), (40, "out", B)), 41, "23", id="after silence only what is new"),
        pytest.param(said((0, "in", A), (1, "in", B), (1, "out", DROP)), 2, "2", id="a cover hides the word that called it"),
        pytest.param(said((0, "in", A), (1, "out", DROP), (2, "in", A), (2, "out", LIFT)), 3, "0123", id="the check word shows all again"),
        pytest.param(said((0, "out", A), (40, "in", A), (40, "out", LIFT)), 41, "012", id="the check word ends a silence"),
        pytest.param(said((0, "out", A), (1, "out", LIFT), (40, "in", A)), 41, "2", id="a new silence hides again"),
        pytest.param(said((0, "out", A), (1, "out", LIFT), (2, "out", DROP)), 3, "2", id="a new cover hides again"),
        pytest.param(said((0, "out", A), (1, "in", DROP)), 2, "01", id="her own words drop no curtain"),
    ],
)
def test_what_may_be_seen(lines: list[Said], minute: float, visible: str) -> None:
    assert "".join(seen(lines, minute)) == visible


@given(st.lists(st.tuples(st.floats(0, 90), st.sampled_from(["in", "out"])), max_size=12), st.floats(0, 120))
def test_without_a_check_word_nothing_from_before_a_silence_is_ever_seen(steps: list[tuple[float, str]], after: float) -> None:
    minute, lines = 0.0, []
    for pause, direction in steps:
        minute += pause
        lines.append((minute, direction, A))
    whole = said(*lines)
    now = START + timedelta(minutes=minute + after)
    moments = [line.at for line in shown(whole, now)] + [now]
    assert all(later - earlier <= SILENCE for earlier, later in pairwise(moments))
    assert list(shown(whole, now)) == whole[len(whole) - len(moments) + 1 :]


QUESTION = {"text": "Go on?", "buttons": [{"value": "first:yes", "label": "yes"}], "language": "en"}


def test_the_answers_are_those_of_the_latest_question_that_she_has_not_answered() -> None:
    asked = said((0, "in", A), (0, "out", QUESTION), (0, "out", B))
    assert thread(asked, [], START).answers == (Answer("first:yes", "yes"),)
    assert thread([*asked, *said((0, "in", A))], [], START).answers == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"text": "first:yes", "kind": "button"}, "yes"),
        ({"text": "old:one", "kind": "button"}, None),
        ({"text": "my own", "kind": "text"}, "my own"),
        ({"text": "copper", "kind": "text", "masked": True}, MASKED),
        ({"text": "", "kind": "location"}, "share my place"),
    ],
    ids=["a tap reads as its label", "an unknown tap is not shown", "words", "an agreed word", "a place"],
)
def test_her_lines_read_as_she_meant_them(body: dict, words: str | None) -> None:
    lines = thread(said((0, "out", QUESTION | {"ask_location": "share my place"}), (0, "in", body)), [], START).lines
    assert [line.text for line in lines if not line.ours] == ([words] if words else [])


def test_what_is_said_once_stands_last_and_leaves_the_question_in_place() -> None:
    found = thread(said((0, "in", A), (0, "out", QUESTION)), [{"text": "phrase", "buttons": [{"value": ":sos", "label": "SOS"}]}], START)
    assert (found.lines[-1].text, found.lines[-1].once) == ("phrase", True)
    assert found.answers == (Answer("first:yes", "yes"),)
