"""Urgency: what raises it, and that nothing lowers it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.alerts import triage
from sos.alerts.triage import CALLED_FOR, ORDER, Assessment, Urgency
from sos.bot.flows.sos import REASONS
from sos.bot.understanding.intents import Signal

CODES = st.one_of(st.sampled_from(sorted(CALLED_FOR)), st.text(alphabet="abcdefg_", min_size=1, max_size=8))


@given(start=st.sampled_from(Urgency), codes=st.lists(CODES, max_size=20), repeats=st.lists(st.integers(1, 50), max_size=5))
def test_no_sequence_of_inputs_lowers_the_urgency_or_forgets_a_reason(start: Urgency, codes: list[str], repeats: list[int]) -> None:
    known = Assessment(start)
    steps = [lambda now, code=code: triage.raised(now, code) for code in codes]
    steps += [lambda now, count=count: triage.after_repeat(now, "sos_word", count) for count in repeats]
    for step in steps:
        after = step(known)
        assert ORDER[after.urgency] <= ORDER[known.urgency]
        assert after.reasons[: len(known.reasons)] == known.reasons
        assert len(set(after.reasons)) == len(after.reasons)
        known = after


@pytest.mark.parametrize(
    ("codes", "urgency"),
    [
        pytest.param(["sos_word"], Urgency.URGENT, id="the bare word is urgent"),
        pytest.param(["weapon"], Urgency.EMERGENCY, id="a weapon is an emergency"),
        pytest.param(["sos_word", "weapon"], Urgency.EMERGENCY, id="the gravest word counts"),
        pytest.param(["weapon", "sos_word"], Urgency.EMERGENCY, id="a milder word afterwards lowers nothing"),
        pytest.param(["sos_word", "duress"], Urgency.EMERGENCY, id="the duress word raises"),
        pytest.param(["sos_word", "call_192_yes"], Urgency.EMERGENCY, id="she wants the police called"),
        pytest.param(["sos_word", "silence"], Urgency.EMERGENCY, id="she fell silent"),
        pytest.param(["contact"], Urgency.ORDINARY, id="a call without danger is ordinary"),
        pytest.param(["contact", "never_heard_of"], Urgency.URGENT, id="an unknown reason raises by one step"),
        pytest.param(["contact", "never_heard_of", "never_heard_of"], Urgency.URGENT, id="the same reason again is no new one"),
    ],
)
def test_what_each_reason_calls_for(codes: list[str], urgency: Urgency) -> None:
    assert triage.first(codes) == Assessment(urgency, tuple(dict.fromkeys(codes)))


def test_the_third_message_of_danger_is_a_reason_of_its_own() -> None:
    known = triage.first(["sos_word"])
    assert triage.after_repeat(known, "sos_word", 2).urgency is Urgency.URGENT
    third = triage.after_repeat(known, "sos_word", 3)
    assert third == Assessment(Urgency.EMERGENCY, ("sos_word", "repeated"))


def test_every_signal_has_its_place_so_that_none_raises_by_being_unknown() -> None:
    assert set(REASONS) <= set(Signal)
    assert {signal.value for signal in Signal} <= set(CALLED_FOR)
