"""The last look at a text: what must not leave does not, whatever the catalogue says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.texts.gate import Refusal, refusal

BARRED = ("192", "112", "0800 11112")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Call 192.", Refusal.BARRED_NUMBER),
        ("Call 1 9 2 now", Refusal.BARRED_NUMBER),
        ("192", Refusal.BARRED_NUMBER),
        ("(112)", Refusal.BARRED_NUMBER),
        ("0800-11-112", Refusal.BARRED_NUMBER),
        ("+383 00 000 192", None),
        ("0800 192 333", None),
        ("1920", None),
        ("192 km away", None),
        ("194", None),
        ("Hello {name}", Refusal.UNRESOLVED),
        ("  \n", Refusal.EMPTY),
        ("Hello", None),
    ],
)
def test_numbers_and_open_placeholders(text: str, why: Refusal | None) -> None:
    assert refusal(text, barred_numbers=BARRED) is why


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("Thank you, noted.", True),
        ("Your shelter called.", False),
        ("Насиље", False),
        ("NASILJE", False),
        ("Un-safe", True),
        ("Information", True),
    ],
)
def test_a_text_that_nobody_asked_for_tells_nothing(text: str, allowed: bool) -> None:
    assert (refusal(text, neutral=True, not_neutral=("shelter", "nasil", "violen")) is None) is allowed


@given(st.text(), st.sampled_from(BARRED), st.text(alphabet="abc .,\n", max_size=5), st.text(alphabet="abc,\n", max_size=5))
def test_a_barred_number_is_found_wherever_it_stands(before: str, number: str, left: str, right: str) -> None:
    if before[-1:].isdigit() or ((before + left)[-1:].isspace() and (before + left)[-2:-1].isdigit()):
        left += "x"
    text = f"{before} x{left} {number}{right}"
    if right.startswith("km"):
        return
    assert refusal(text, barred_numbers=BARRED) in (Refusal.BARRED_NUMBER, Refusal.UNRESOLVED)


@given(st.text())
def test_it_never_raises(text: str) -> None:
    refusal(text, barred_numbers=BARRED, neutral=True, not_neutral=("a",))
