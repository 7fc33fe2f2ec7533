"""The content gate over every template, language, script, country, channel and value: nothing refused gets out, and nothing safe is refused.

Templates are the catalogue's own; values are what the program can put in, and what a directory entry or a colleague's alias could hold.
"""

import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sos.bot.engine import State
from sos.bot.flows import numbers
from sos.bot.messages import Channel, Reply, Say
from sos.bot.rendering import Rendered, Renderer
from sos.conversations.herald import Told
from sos.texts.gate import Refusal, refusal
from sos.texts.script import Script
from sos.texts.segments import Encoding, measure
from tests.bot.plain_desk import PlainDesk, jurisdictions, texts

FULL: Final = ("en", "sq", "sr", "bs", "tr", "rom")
BARRED: Final = frozenset(number.number for one in jurisdictions().by_country.values() for number in one.numbers if number.authority)
AUTHORITY: Final = re.compile(r"(?<![\d ])(192|112)(?!\d)")
SECRETS: Final = ("tomatoes", "green door", "hunter2")
"""Words she agreed: no template has a place for one."""
WORDS: Final = st.text(alphabet="abcdefgh ëçšžıİĐđ0123456789.-", max_size=24)
KEYS: Final = sorted(key for key in texts().keys if not key.startswith(("command.", "web.", "option.", "language.own")))
LANGUAGES: Final = st.sampled_from(FULL)
COUNTRIES: Final = st.sampled_from([None, "XK", "RS"])
SCRIPTS: Final = st.sampled_from(list(Script))
CHANNELS: Final = st.sampled_from(list(Channel))
TOLD_KEYS: Final = sorted(key for key in texts().keys if key.startswith("told."))


def renderer(language: str, country: str | None, script: Script, channel: Channel) -> Renderer:
    return Renderer(texts(), channel, jurisdictions().zone(country), language, country=country, script=script)


def values(key: str, country: str | None, *, barred: bool, word: str) -> dict[str, object]:
    """What the program would put in: numbers as her choice and her place allow them, anything else from outside."""
    state, desk = State(country=country, police_barred=barred), PlainDesk()
    mine: dict[str, object] = {
        "danger": numbers.danger(state, desk),
        "ambulance": numbers.ambulance(state, desk),
        "police": numbers.police(state, desk),
        "lines": numbers.lines(state, desk, *numbers.ALL),
        "duty": Say("sos.duty.somebody"),
        "who": Say("sos.duty.nobody.short"),
        "time": "23:59",
        "at": "20:00",
        "since": "19:00",
        "times": 3,
        "km": 3.5,
    }
    return {name: mine.get(name, word or "x") for name in texts().keys[key].placeholders}


def said(rendered: Rendered) -> str:
    return " \n".join([rendered.text, *(button.label for button in rendered.buttons)])


@settings(max_examples=600)
@given(st.sampled_from(KEYS), LANGUAGES, COUNTRIES, SCRIPTS, CHANNELS, WORDS, st.booleans())
def test_for_who_wants_no_police_no_authority_gets_out_whatever_stands_in_a_value(
    key: str, language: str, country: str | None, script: Script, channel: Channel, word: str, planted: bool
) -> None:
    filled = values(key, country, barred=True, word=f"{word} 192" if planted else word)
    rendered = renderer(language, country, script, channel).render(Reply(key, filled), "menu")
    if refusal(said(rendered), barred_numbers=BARRED) is None:
        assert not AUTHORITY.search(said(rendered)), "what the gate lets out holds none"
        assert not any(number in said(rendered) for number in BARRED if len(number) > 3)


@settings(max_examples=400)
@given(st.sampled_from(KEYS), LANGUAGES, COUNTRIES, SCRIPTS, CHANNELS)
def test_the_programs_own_values_never_need_the_gate(
    key: str, language: str, country: str | None, script: Script, channel: Channel
) -> None:
    """The gate is the second lock: without the police a text asks for no authority in the first place."""
    filled = values(key, country, barred=True, word="x")
    rendered = renderer(language, country, script, channel).render(Reply(key, filled), "menu")
    assert refusal(said(rendered), barred_numbers=BARRED) is None, (key, language)


@given(st.sampled_from(KEYS), LANGUAGES, COUNTRIES, SCRIPTS, CHANNELS, st.sampled_from(SECRETS))
def test_no_template_has_a_place_for_a_word_she_agreed(
    key: str, language: str, country: str | None, script: Script, channel: Channel, secret: str
) -> None:
    names = {"word", "check", "cover_word", "duress", "secret", "password"}
    assert not texts().keys[key].placeholders & names
    filled = values(key, country, barred=False, word="x")
    assert secret not in said(renderer(language, country, script, channel).render(Reply(key, filled), "menu"))


@pytest.mark.parametrize("language", FULL)
def test_a_text_that_may_leave_unasked_holds_no_telling_word_of_any_language(language: str) -> None:
    """Whoever finds the phone may read another language than she does."""
    telling = texts().telling_words()
    assert len(telling) > 60
    neutral = [key for key in texts().keys if texts().is_neutral(key)]
    assert {"unasked.write", "unasked.changed"} <= set(neutral)
    for key in neutral:
        for script in Script:
            for channel in Channel:
                rendered = renderer(language, None, script, channel).render(Reply(key, bare=True), "")
                assert refusal(rendered.text, neutral=True, not_neutral=telling) is None, (key, language, rendered.text)
                assert not texts().keys[key].placeholders


@given(WORDS, st.sampled_from(sorted(texts().telling_words())))
def test_a_telling_word_is_found_in_a_text_that_nobody_asked_for(around: str, word: str) -> None:
    assert refusal(f"{around} {word}", neutral=True, not_neutral=texts().telling_words()) is Refusal.NOT_NEUTRAL


@settings(max_examples=400)
@given(st.sampled_from(TOLD_KEYS), st.sampled_from(FULL), COUNTRIES, st.booleans())
def test_what_becomes_of_an_alert_is_one_sms_in_plain_letters(key: str, language: str, country: str | None, barred: bool) -> None:
    filled = values(key, country, barred=barred, word="Aleksandra")
    if any(value is None for value in filled.values()):
        return
    rendered = renderer(language, country, Script.LATIN, Channel.SMS).render(Reply(key, filled, urgent=True), "")
    cost = measure(rendered.text)
    assert (cost.segments, cost.encoding) == (1, Encoding.GSM7), rendered.text


@pytest.mark.parametrize("language", sorted(set(FULL) - {"rom"}))
@pytest.mark.parametrize("told", list(Told))
def test_every_change_has_its_own_text_in_every_language(told: Told, language: str) -> None:
    keys = [key for key in TOLD_KEYS if key == f"told.{told.value}" or key.startswith(f"told.{told.value}.")]
    assert keys
    for key in keys:
        assert texts().has(key, language), (key, language)


@given(st.sampled_from(KEYS), LANGUAGES, COUNTRIES, SCRIPTS, CHANNELS, WORDS)
def test_no_placeholder_is_left_open(key: str, language: str, country: str | None, script: Script, channel: Channel, word: str) -> None:
    filled = values(key, country, barred=False, word=word)
    rendered = renderer(language, country, script, channel).render(Reply(key, filled), "menu")
    assert refusal(said(rendered)) is None
