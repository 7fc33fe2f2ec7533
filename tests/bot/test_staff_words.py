"""How members of the staff answer a page: any case, any signs, any look-alike letters; and nothing that she could have meant is one of these words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.staff_words import Link, Take, is_for_herself, read


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("TAKE 12-4815", id="as the page says it"),
        pytest.param("take12 4815", id="without the first space"),
        pytest.param("  Take   12 - 4815. ", id="with spaces and a full stop"),
        pytest.param("ТАКЕ 12-4815", id="in Cyrillic letters that look the same"),
        pytest.param("таке 12-4815", id="in small Cyrillic letters"),
        pytest.param("ΤΑΚΕ 12-4815", id="in Greek capitals"),
        pytest.param("ＴＡＫＥ　１２－４８１５", id="in wide letters and digits"),
        pytest.param("TAKE ١٢-٤٨١٥", id="with Arabic digits"),
        pytest.param("T A K E 12 4815", id="spelt out"),
        pytest.param('"TAKE 12–4815"', id="quoted, with a long dash"),
        pytest.param("take\n12-4815", id="on two lines"),
    ],
)
def test_every_way_to_write_it_takes_the_task(text: str) -> None:
    assert read(text) == Take(12, "4815")


@pytest.mark.parametrize(
    "text",
    [
        "TAKE", "TAKE 12", "TAKE 12-48", "TAKE 124815", "take me away 12-4815", "please TAKE 12-4815", "TAKE 12-4815 now", "12-4815", "SOS", "SOS 12-4815",
        "Take 12 pills 4815", "take 12 x 4815", "take 30 tablets 1000 mg", "TAKE 12-4815 SOS", "", "1", "ME", "x" * 100,
    ],
)  # fmt: skip
def test_nothing_else_is_one(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["LINK ABCD2345", "link abcd-2345", "/start LINK-ABCD2345", "/start link_abcd2345", " Link: ABCD 2345 "])
def test_a_chat_is_linked_by_typing_or_by_a_start_link(text: str) -> None:
    assert read(text) == Link("ABCD2345")


@pytest.mark.parametrize("text", ["LINK", "/start", "LINK ABC", "the link ABCD2345 please", "link ABCD23456"])
def test_what_is_no_code_links_nothing(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(("text", "hers"), [("ME", True), (" me. ", True), ("МЕ", True), ("help me", False), ("meme", False), ("", False)])
def test_me_alone_says_that_she_writes_for_herself(text: str, hers: bool) -> None:
    assert is_for_herself(text) is hers


@given(
    st.integers(1, 10**7),
    st.integers(0, 10**8 - 1),
    st.integers(4, 8),
    st.sampled_from(["-", " ", ".", " - ", "/", ":"]),
    st.sampled_from(["", " ", "  "]),
)
def test_any_number_and_any_code_come_back_as_they_were_sent(number: int, code: int, length: int, between: str, gap: str) -> None:
    digits = f"{code % 10**length:0{length}d}"
    assert read(f"tAkE{gap}{number}{between}{digits}") == Take(number, digits)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    read(text)
    is_for_herself(text)


@given(st.text(alphabet=string.ascii_letters + " ", max_size=60))
def test_words_without_digits_take_nothing(text: str) -> None:
    assert not isinstance(read(text), Take)
