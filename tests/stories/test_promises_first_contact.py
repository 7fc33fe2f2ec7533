"""Promises 1, 2, 15, 20 and 21 as they meet somebody who writes for the first time."""

import re

import pytest

from sos.bot.messages import Channel
from sos.outbox.models import OutboxRow
from tests.bot.plain_desk import texts
from tests.bot.talking import Line, Person
from tests.stories.voices import GREETING, LANGUAGES, LAWYER, introduced, on_every_channel

pytestmark = pytest.mark.story
QUESTIONS_ABOUT_HER = re.compile(r"child|old is|boy|hurt|injur|town|village|who is it for", re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_line_then_the_limits_then_the_first_question(line: Line, language: str) -> None:
    found = texts()
    for person in on_every_channel(line):
        plain = person.address.channel is Channel.SMS
        spoken = [language] if found.languages and language in found.languages else ["en"]
        first = person.sends(GREETING[language])[-1]
        assert "192" not in first
        limits = person.sends("1")[0]
        assert "192" in limits
        menu = person.sends("1")[0]
        assert menu not in (first, limits)
        assert plain == ("\n1 " in first), spoken


def test_no_question_about_her_comes_before_the_limits(line: Line) -> None:
    asked = ("hello", "I need a lawyer", "help for my children", "I am pregnant", "somewhere to stay with two boys", "ku mund te gjej mjek")
    for n, text in enumerate(asked):
        ana = line.person(f"+3834419{n}001").says("EN")
        ana.sends(text)
        for answer in ana.read:
            if "We store what you write" in answer:
                continue  # the limits name what may have to be told; they ask nothing
            assert not QUESTIONS_ABOUT_HER.search(answer), (text, answer)


def test_nothing_she_may_choose_sends_her_round_in_the_first_contact(line: Line, ana: Person) -> None:
    ana.says("hello", "2")
    assert re.search(r"\b112\b", ana.all_read), "numbers and hours without any question"
    (limits,) = ana.sends("1")
    assert "Go on?" in limits
    assert "Ended" in ana.sends("0")[0]


def test_an_sos_skips_both(line: Line) -> None:
    for person in on_every_channel(line):
        (answer, *_) = person.sends("SOS")
        assert "Received" in answer or "U mor" in answer
        assert "show our texts" not in answer


@pytest.mark.parametrize("language", sorted(LAWYER))
def test_what_she_asked_first_is_kept_and_asked_no_more(line: Line, language: str) -> None:
    ana = line.person().says(LAWYER[language], "1")
    ana.sends("1")
    ana.sends("4")
    assert "Prizren" in ana.all_read


@pytest.mark.parametrize("word", ["skip", "kalo", "preskoči", "atla", "geç"])
def test_every_question_on_the_way_to_a_service_can_be_skipped(line: Line, word: str) -> None:
    language = {"skip": "en", "kalo": "sq", "preskoči": "sr"}.get(word, "tr")
    ana = introduced(line.person(), language)
    ana.taps("menu:service")
    ana.taps("service.category:health")
    for _ in range(4):
        if re.search(r"\d km|demonstration", ana.all_read):
            return
        ana.sends(word)
    assert "demonstration" in ana.all_read, ana.read


def test_not_answering_at_all_costs_nothing(line: Line, ana: Person) -> None:
    """She writes on as if nothing had been asked."""
    ana.says("hello", "hello", "hello")
    ana.sends("I need a lawyer in Prizren")
    for text in ("why do you ask", "4"):
        ana.sends(text)
    assert "Prizren" in ana.all_read


def test_every_sentence_is_one_that_people_wrote_and_none_repeats_her_words(line: Line) -> None:
    ana = line.person().says("EN", "1", "1")
    for text in (
        "xylophone umbrella",
        "my xylophone is broken, what do you think about it",
        "are you a robot xylophone",
        "tell me xylophone",
    ):
        assert not any("xylophone" in answer for answer in ana.sends(text))


def test_nobody_is_asked_for_a_name_a_gender_or_papers() -> None:
    found = texts()
    asked = re.compile(r"(your|ditt) name|are you (a|male|female)|man or woman|surname|identity card|passport", re.IGNORECASE)
    questions = [key for key in found.keys if "?" in found.say(key, "en")]
    assert len(questions) > 10
    assert not [key for key in questions if asked.search(found.say(key, "en"))]


def test_everything_can_be_done_in_writing(line: Line, ana: Person) -> None:
    introduced(ana).says("I need a lawyer in Prizren", "4")
    assert "a person writes to me" in ana.all_read, "beside every number stands a written way"
    assert "a person writes to me" in ana.sends("1")[0]


def test_nothing_leaves_but_answers_to_the_one_who_wrote(line: Line, ana: Person) -> None:
    introduced(ana).says("I am 15 years old", "my father hits me", "SOS", "3")
    with line.rooms.database.read() as conn:
        from sqlalchemy import func, select

        assert conn.execute(select(func.count(OutboxRow.contact_id.distinct()))).scalar_one() == 1
