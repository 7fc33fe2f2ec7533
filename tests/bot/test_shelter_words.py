"""What shelter staff type at three in the morning: every spelling of an answer, and nothing that is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.shelter_words import FILLERS, Said, read
from sos.shelters.asks.states import WORDS, No
from sos.shelters.confirming.answers import Counted, counts_of
from sos.shelters.units.states import UnitKind

F, S, A, C = UnitKind.FAMILY_ROOM, UnitKind.SINGLE, UnitKind.ACCESSIBLE, UnitKind.CRISIS


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("481 F2 A1", {F: 2, A: 1}),
        ("481 f2a1", {F: 2, A: 1}),
        ("481f2a1", {F: 2, A: 1}),
        ("481-F2-A1.", {F: 2, A: 1}),
        ("481 F 2, A 1", {F: 2, A: 1}),
        ("481 2F 1A", {F: 2, A: 1}),
        ("481: f = 2; a = 0", {F: 2, A: 0}),
        ("481 family 2 single 10", {F: 2, S: 10}),
        ("481 2 family rooms", {F: 2}),
        ("４８１　Ｆ２", {F: 2}),
        ("481 F2\nS0", {F: 2, S: 0}),
        ("481 С1", {C: 1}),
    ],
)
def test_counts_by_kind_in_every_spelling(text: str, kinds: dict[UnitKind, int]) -> None:
    assert read(text) == Said("481", counted=Counted(kinds=kinds))


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("481 3", 3),
        ("481-3", 3),
        ("481: 3 free", 3),
        ("4813", 3),
        (" 481   03 ", 3),
        ("481 3 beds free.", 3),
        ("481 none", 0),
        ("481 ٣", 3),
    ],
)
def test_one_number_alone(text: str, total: int) -> None:
    assert read(text) == Said("481", counted=Counted(total=total))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("481 yes", Said("481", yes=True, counted=Counted(same=True))),
        ("481 PO", Said("481", yes=True, counted=Counted(same=True))),
        ("481da!", Said("481", yes=True, counted=Counted(same=True))),
        ("481 ok", Said("481", counted=Counted(same=True))),
        ("481 still right", Said("481", counted=Counted(same=True))),
        ("481 hold", Said("481", hold=True)),
        ("481 no", Said("481", reason=No.OTHER)),
        ("481 jo", Said("481", reason=No.OTHER)),
        ("481 no full", Said("481", reason=No.FULL)),
        ("481 No, staff", Said("481", reason=No.STAFF_SHORT)),
        ("481 no boy", Said("481", reason=No.CANNOT_TAKE_BOY)),
        ("481 full", Said("481", reason=No.FULL, counted=Counted(total=0))),
    ],
)
def test_yes_no_hold_and_reasons(text: str, said: Said) -> None:
    assert read(text) == said


@pytest.mark.parametrize("reason", WORDS.items())
def test_every_reason_has_a_word_of_its_own(reason: tuple[str, No]) -> None:
    word, meant = reason
    assert read(f"481 no {word}") == Said("481", reason=meant)
    assert set(WORDS.values()) == set(No)
    assert not set(WORDS) & FILLERS


@pytest.mark.parametrize(
    "text",
    [
        "481",
        "481 held",
        "481 f2 f3",
        "481 f",
        "481 x2",
        "481 maybe 3 or 4",
        "481 f2 or f3",
        "481 yes no",
        "481 312",
        "481 no idea",
        "481 f222",
    ],
)
def test_what_could_mean_two_things_is_unclear(text: str) -> None:
    said = read(text)
    assert said == Said("481")
    assert not said.is_clear


@pytest.mark.parametrize("text", ["", "hello", "F2", "48 3", "+38344000101", "044000101", "0038344000101", "help 481 3", "x" * 100])
def test_what_does_not_begin_with_a_code_is_none_of_ours(text: str) -> None:
    assert read(text) is None


@given(
    st.integers(100, 999),
    st.dictionaries(st.sampled_from(UnitKind), st.integers(0, 99), min_size=1),
    st.sampled_from(["", " ", ", ", "-", "\n"]),
)
def test_any_code_and_any_counts_come_back_as_they_were_written(code: int, kinds: dict[UnitKind, int], gap: str) -> None:
    text = f"{code} " + (gap or " ").join(f"{kind.code}{n}" for kind, n in kinds.items())
    assert read(text) == Said(str(code), counted=Counted(kinds=kinds))


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    read(text)


STANDING = {F: 2, S: 1}


@pytest.mark.parametrize(
    ("said", "standing", "counts"),
    [
        pytest.param(Counted(same=True), STANDING, {}, id="still right changes nothing"),
        pytest.param(Counted(total=3), STANDING, {}, id="the sum of what stands is still right"),
        pytest.param(Counted(total=2), STANDING, None, id="another sum could be either kind"),
        pytest.param(Counted(total=0), STANDING, {F: 0, S: 0}, id="none is none of any"),
        pytest.param(Counted(total=4), {S: 1}, {S: 4}, id="a house of one kind needs no letter"),
        pytest.param(Counted(kinds={F: 1}), STANDING, {F: 1}, id="a kind that is not named stays"),
        pytest.param(Counted(kinds={A: 1}), STANDING, None, id="a kind that the house has not"),
        pytest.param(Counted(total=3), {}, None, id="a house without units"),
    ],
)
def test_what_an_answer_means_for_a_house(said: Counted, standing: dict[UnitKind, int], counts: dict[UnitKind, int] | None) -> None:
    assert counts_of(said, standing) == counts
