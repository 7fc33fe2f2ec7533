"""Where an answer leads on: after a person was asked for, after the fixed line, and the child lines of a place that is not known."""

import pytest

from sos.bot.messages import Channel
from tests.bot.talking import Line, Person

pytestmark = pytest.mark.story


@pytest.mark.parametrize("then", ["1", "please ask for my neighbour"])
def test_after_a_person_was_asked_for_she_sees_where_to_go_on(line: Line, then: str) -> None:
    ana = line.person().says("hello", "1", "1", "I want to talk to a person")
    assert ana.read[-1].endswith("\n1 skip\n2 menu\n0 end")
    ana.sends(then)
    assert ana.read[-1].endswith("\n1 menu\n0 end")
    assert "find a service" in ana.sends("1")[0]


def test_another_after_the_fixed_line_is_another_kind_of_help(line: Line) -> None:
    ana: Person = line.person().says("hello", "1", "1", "I need a shelter")
    others = ana.sends("2")
    ana.says("I need a shelter")
    assert ana.sends("another") == others
    assert "legal help" in others[0]


@pytest.mark.parametrize("language", ["en", "sq", "sr", "bs", "tr"])
def test_a_child_in_an_unknown_place_reads_for_which_country_each_number_is(line: Line, language: str) -> None:
    ana = line.person("7002", Channel.TELEGRAM).says(language.upper(), "I am 14 years old")
    numbers = line.rooms.jurisdictions.by_country
    child = next(one.number for one in numbers["RS"].numbers if "child" in one.purposes)
    emergency = next(one.number for one in numbers["XK"].numbers if one.slug == "emergency")
    say = line.rooms.texts.say
    rows = [row for row in ana.all_read.splitlines() if child in row or emergency in row]
    assert len(rows) == 2, ana.all_read
    assert rows[0].startswith(say("country.RS", language))
    assert child in rows[0]
    assert rows[1].startswith(say("country.XK", language))
    assert emergency in rows[1]
