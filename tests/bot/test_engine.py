"""Where she stands survives any damage; an answer is found by number, tap or words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.engine import END, State, fell_silent, locked_away, pick, tapped, unlocked, with_numbers
from sos.bot.messages import Option

OPTIONS = (Option("go", "a"), Option("numbers", "b"), Option("far", "c"), Option(END, "d"))
LABELS = {"go": ["go on", "vazhdo"], "numbers": ["numbers and hours"], "far": ["away from a place"], END: ["end"]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "go"),
        (" 2. ", "numbers"),
        ("(1)", "go"),
        ("０", END),
        ("0", END),
        ("4", None),
        ("12", None),
        ("Go on", "go"),
        ("VAZHDO", "go"),
        ("numbers", "numbers"),
        ("away", "far"),
        ("aw", None),
        ("1 or 2", None),
        ("", None),
    ],
)
def test_an_answer_is_found_by_its_number_or_its_words(text: str, value: str | None) -> None:
    assert pick(text, OPTIONS, labels=lambda option: LABELS[option.value]) == value


def test_the_beginning_of_two_answers_is_neither() -> None:
    options = (Option("a", "a"), Option("b", "b"))
    assert pick("blue", options, labels=lambda option: {"a": ["blue house"], "b": ["blue door"]}[option.value]) is None


def test_ending_is_always_nought_and_last() -> None:
    assert [number for number, _ in with_numbers((OPTIONS[3], *OPTIONS[:3]))] == ["1", "2", "3", "0"]


def test_a_button_of_another_question_is_no_answer_to_this_one() -> None:
    assert tapped("first:go", "first", OPTIONS) == "go"
    assert tapped("menu:go", "first", OPTIONS) is None
    assert tapped("first:unknown", "first", OPTIONS) is None
    assert tapped("go", "first", OPTIONS) is None


@given(st.dictionaries(st.sampled_from([*State.__slots__, "other"]), JSON))
def test_whatever_was_stored_gives_a_state(stored: dict[str, object]) -> None:
    state = State.from_json(stored)
    assert State.from_json(state.to_json()) == state


def test_a_state_comes_back_as_it_was_kept() -> None:
    state = State(
        language="sq", chosen=True, step="match", wish={"category": "health", "shown": ["a"]}, away_from=("xk-peje",), police_barred=True
    )
    assert State.from_json(state.to_json()) == state


def test_what_tells_of_her_is_held_back_and_given_back() -> None:
    state = State(
        language="sq",
        step="match",
        wish={"category": "health"},
        place="xk-peje",
        country="XK",
        away_from=("xk-prizren",),
        police_barred=True,
    )
    hidden = locked_away(state)
    assert (hidden.step, hidden.wish, hidden.place, hidden.country) == ("", {}, None, None)
    assert hidden.police_barred
    assert hidden.away_from == ("xk-prizren",), "what she stays away from holds, whoever writes"
    assert locked_away(hidden).held == hidden.held
    back = unlocked(hidden)
    assert (back.step, back.wish, back.place, back.verified) == ("match", {"category": "health"}, "xk-peje", True)


def test_silence_is_thirty_minutes() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert not fell_silent(State(), now)
    assert not fell_silent(State(at=(now - timedelta(minutes=30)).isoformat()), now)
    assert fell_silent(State(at=(now - timedelta(minutes=31)).isoformat()), now)
    assert fell_silent(State(at="no time"), now)


def test_a_state_is_not_shown() -> None:
    assert "health" not in repr(State(wish={"category": "health"}, place="xk-peje"))
    assert "peje" not in repr(State(wish={"category": "health"}, place="xk-peje"))
