"""What a text costs by SMS, and how plain letters make it cost fewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.texts.segments import Encoding, Measure, fits, measure, parts, plain_letters

GSM = Encoding.GSM7
UCS = Encoding.UCS2


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        pytest.param("", Measure(0, GSM), id="nothing costs nothing"),
        pytest.param("a" * 160, Measure(1, GSM), id="160 letters are one"),
        pytest.param("a" * 161, Measure(2, GSM), id="161 are two"),
        pytest.param("a" * 306, Measure(2, GSM), id="two parts hold 153 each"),
        pytest.param("a" * 307, Measure(3, GSM), id="307 are three"),
        pytest.param("€" * 80, Measure(1, GSM), id="an escaped letter counts twice"),
        pytest.param("€" * 81, Measure(2, GSM), id="81 escaped letters are two"),
        pytest.param("Ç ö ü é ä ñ à @ £ Δ", Measure(1, GSM), id="these accents are inside"),
        pytest.param("ë", Measure(1, UCS), id="Albanian ë is outside"),
        pytest.param("ç", Measure(1, UCS), id="lower-case ç is outside"),
        pytest.param("ћ" * 70, Measure(1, UCS), id="70 letters of UCS-2 are one"),
        pytest.param("ћ" * 71, Measure(2, UCS), id="71 are two"),
        pytest.param("ћ" * 135, Measure(3, UCS), id="135 are three"),
        pytest.param("😀" * 35, Measure(1, UCS), id="an emoji counts twice"),
        pytest.param("😀" * 67, Measure(3, UCS), id="and is never cut apart"),
        pytest.param("\x1b", Measure(1, UCS), id="a bare escape is no letter"),
    ],
)
def test_a_text_costs(text: str, cost: Measure) -> None:
    assert measure(text) == cost


@given(st.text(max_size=400))
def test_parts_rejoin_to_the_text_and_each_part_fits_one_sms(text: str) -> None:
    cut = parts(text)
    assert "".join(cut) == text
    assert len(cut) == measure(text).segments
    assert all(measure(part).segments == 1 for part in cut)


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        pytest.param("Помоћ: позовите", "sr", "Pomoc: pozovite", id="Cyrillic by its letters, not by their looks"),
        pytest.param("Ђорђе, љубав, њива, џеп", "sr", "Djordje, ljubav, njiva, dzep", id="the double letters"),
        pytest.param("Došao je čovek", "bs", "Dosao je covek", id="Bosnian"),
        pytest.param("gjë, çdo, Çka", "sq", "gje, cdo, Çka", id="Albanian keeps what GSM-7 has"),
        pytest.param("şğıİçöü", "tr", "sgiIcöü", id="Turkish keeps ö and ü"),
        pytest.param("“go” – now… it’s", "en", '"go" - now... it\'s', id="a printer's signs"),
        pytest.param("a\u00a0b\u2068c\u2069", "sq", "a bc", id="marks nobody sees"),
        pytest.param("SOS 😀🏃\u200d♀️", "sq", "SOS ", id="emoji go"),
        pytest.param("1️⃣ 192", "sq", "1 192", id="a digit in a key cap stays"),
        pytest.param("plain [text] €5", "en", "plain [text] €5", id="nothing to do"),
    ],
)
def test_plain_letters(text: str, language: str, plain: str) -> None:
    assert plain_letters(text, language) == plain


@given(st.text(max_size=200), st.sampled_from(["sq", "sr", "bs", "tr", "rom", "en"]))
def test_plain_letters_are_always_gsm_and_change_no_more_the_second_time(text: str, language: str) -> None:
    plain = plain_letters(text, language)
    assert measure(plain).encoding is GSM
    assert plain_letters(plain, language) == plain


@given(st.text(alphabet="0123456789 ëçћЉšđ€[]😀+", max_size=80))
def test_plain_letters_drop_no_digit(text: str) -> None:
    assert [c for c in plain_letters(text, "sr") if c in "0123456789+"] == [c for c in text if c in "0123456789+"]


def test_fits_asks_for_gsm_and_for_length() -> None:
    assert fits("a" * 160, 1)
    assert not fits("a" * 161, 1)
    assert fits("a" * 161, 2)
    assert not fits("ë", 1)
