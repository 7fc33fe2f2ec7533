"""Which numbers stand in a text: by her place, never an authority's for who wants no police, both jurisdictions where the place is unknown."""

import pytest

from sos.bot.engine import State
from sos.bot.flows import numbers
from tests.bot.plain_desk import PlainDesk, Talk

UNKNOWN, KOSOVO, SERBIA = State(language="en"), State(language="en", country="XK"), State(language="en", country="RS")
BARRED = State(language="en", police_barred=True)


def read(state: State, value: object) -> str | None:
    return Talk(state=state).renderer()._value(value)


@pytest.mark.parametrize(
    ("state", "danger"),
    [
        (KOSOVO, "112 or 192"),
        (SERBIA, "192"),
        (UNKNOWN, "112 or 192 in Kosovo, 192 in Serbia"),
        (BARRED, None),
    ],
    ids=["in Kosovo", "in Serbia", "a place that is not known gets both", "no police"],
)
def test_what_to_call_in_danger(state: State, danger: str | None) -> None:
    assert read(state, numbers.danger(state, PlainDesk())) == danger


@pytest.mark.parametrize("state", [UNKNOWN, KOSOVO, SERBIA, BARRED])
def test_the_ambulance_is_194_everywhere_and_for_everyone(state: State) -> None:
    assert read(state, numbers.ambulance(state, PlainDesk())) == "194"


@pytest.mark.parametrize(("state", "police"), [(UNKNOWN, "192"), (KOSOVO, "192"), (SERBIA, "192"), (BARRED, None)])
def test_whom_a_colleague_may_call(state: State, police: str | None) -> None:
    assert numbers.police(state, PlainDesk()) == police


def test_authority_and_recorded_lines_say_so() -> None:
    said = read(UNKNOWN, numbers.lines(UNKNOWN, PlainDesk(), *numbers.ALL)) or ""
    assert "0800 11112 (state office)" in said
    assert "0800 222 003 (24/7, calls are recorded)" in said


def test_a_list_for_a_known_place_names_no_other_country() -> None:
    said = read(SERBIA, numbers.lines(SERBIA, PlainDesk(), *numbers.ALL)) or ""
    assert "116 111" in said
    assert "Kosovo" not in said
    assert "112" not in said.replace("116 111", "")


def test_without_any_number_nothing_is_invented() -> None:
    desk = PlainDesk(without_numbers=True)
    assert numbers.danger(UNKNOWN, desk) is None
    assert numbers.lines(UNKNOWN, desk, *numbers.ALL).items == ()
    talk = Talk(desk=desk, state=UNKNOWN)
    (answer,) = talk.sends("SOS")
    assert not any(letter.isdigit() for letter in answer.replace("23:59", ""))
