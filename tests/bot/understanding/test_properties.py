"""What holds for any text at all."""

import time

import cyrtranslit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sos.bot.understanding.intents import Danger, Understanding
from sos.bot.understanding.normalise import normalise
from sos.bot.understanding.understander import Understander
from tests.bot.understanding.labelled_sentences import LANGUAGES, sentences

UNDERSTANDER = Understander.load(LANGUAGES)
ORDER = {None: 0, Danger.DOUBTFUL: 1, Danger.PROBABLE: 2}
ALL = [s.text for half in ("build", "measured") for s in sentences(half)]
SERBIAN = [
    s.text
    for half in ("build", "measured")
    for s in sentences(half)
    if (s.language == "sr" and s.text.isascii() is False) or s.language == "sr"
]


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_text_raises(text: str) -> None:
    answer = UNDERSTANDER.understand(text)
    assert isinstance(answer, Understanding)
    assert 0.0 <= answer.confidence <= 1.0
    assert isinstance(UNDERSTANDER.sos_words(text), bool)


@given(st.binary(max_size=200), st.sampled_from([None, "sq", "sr", "bs", "tr", "rom", "en", "xx"]))
@settings(max_examples=200, deadline=None)
def test_broken_bytes_and_unknown_languages_raise_nothing(raw: bytes, language: str | None) -> None:
    UNDERSTANDER.understand(raw.decode("utf-8", "replace"), language)
    UNDERSTANDER.understand(raw.decode("utf-8", "surrogateescape"), language)
    UNDERSTANDER.sos_words(raw.decode("latin-1"))


def test_there_are_sentences_to_look_at() -> None:
    assert len(ALL) > 600
    assert len(SERBIAN) > 200


@pytest.mark.parametrize("word", ["SOS", "Pomoć!", "ndihmë", "help me", "imdat"])
def test_adding_an_sos_word_never_lowers_danger(word: str) -> None:
    for text in ALL:
        before = UNDERSTANDER.understand(text).danger
        assert ORDER[UNDERSTANDER.understand(f"{text}. {word}").danger] >= ORDER[before], text
        assert ORDER[UNDERSTANDER.understand(f"{word}! {text}").danger] >= ORDER[before], text


def test_capitals_and_missing_accents_change_nothing_about_danger() -> None:
    for text in ALL:
        danger = UNDERSTANDER.understand(text).danger
        assert UNDERSTANDER.understand(text.upper()).danger is danger, text
        assert UNDERSTANDER.understand(text.lower()).danger is danger, text
        assert UNDERSTANDER.understand(normalise(text)).danger is danger, text


def test_serbian_means_the_same_in_both_scripts() -> None:
    for text in SERBIAN:
        latin = cyrtranslit.to_latin(text, "sr")
        cyrillic = cyrtranslit.to_cyrillic(latin, "sr")
        one, other = UNDERSTANDER.understand(latin, "sr"), UNDERSTANDER.understand(cyrillic, "sr")
        assert (one.intent, one.category, one.danger) == (other.intent, other.category, other.danger), text


@pytest.mark.parametrize("unit", ["me rrah burri ", "a", "SOS ", "ž", "x y z ", "ab" * 5_000, "neće da me pusti, ", "Ј", "!?", "' "])
def test_a_flood_of_text_costs_no_more_than_a_page_of_it(unit: str) -> None:
    page, flood = (unit * 10_000)[:2_000], (unit * 100_000)[:100_000]
    started = time.process_time()
    UNDERSTANDER.understand(page)
    one_page = time.process_time() - started
    started = time.process_time()
    UNDERSTANDER.understand(flood)
    assert time.process_time() - started < 10 * one_page + 0.5


def test_a_cry_at_the_end_of_a_very_long_text_is_heard() -> None:
    assert UNDERSTANDER.understand("lorem ipsum " * 1_000 + " me ndihmoni, po me vret burri").danger is Danger.PROBABLE
