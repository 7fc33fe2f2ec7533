"""Promise 11: ERASE at any time, in any language; the same reply whatever is open; nothing of her is left that her device could show."""

import pytest
from sqlalchemy import select

from sos.bot.messages import Channel
from sos.conversations.models import ConversationRow, MessageRow
from sos.survivors.models import SurvivorRow
from tests.bot.talking import Line, Person
from tests.stories.voices import agree, introduced, on_every_channel

pytestmark = pytest.mark.story
ERASE = {
    "sq": ("FSHI", "fshij", "fshi gjithçka"),
    "sr": ("OBRIŠI", "obrisi", "ОБРИШИ", "obriši sve"),
    "bs": ("obriši",),
    "tr": ("SİL", "sil"),
    "en": ("ERASE", "erase", "delete everything"),
}


@pytest.mark.parametrize("language", sorted(ERASE))
def test_the_word_erases_in_her_language_with_nothing_left(line: Line, language: str) -> None:
    for n, word in enumerate(ERASE[language]):
        ana = introduced(line.person(f"+3834416{n}001"), language).says("I need a lawyer in Prizren", "4")
        ana.sends(word)
        if ana.state.introduced.value == "done":  # a sentence is asked about first, since nothing brings it back
            ana.sends("1")
        assert ana.state.introduced.value == "not_yet", word
    assert "Prizren" not in ana.all_read


def test_at_every_step_and_in_cover(line: Line) -> None:
    steps = ((), ("hello",), ("hello", "1"), ("hello", "1", "1"), ("hello", "1", "1", "1", "1"), ("hello", "1", "1", "3"))
    for n, before in enumerate(steps):
        ana = line.person(f"+3834417{n}001").says(*before)
        ana.sends("ERASE")
        assert len(ana.read) == 1
        assert ana.lanes in ([], ["reply"])
    assert line.count(ConversationRow) == line.count(MessageRow) == 0
    covered = agree(introduced(line.person("+38344179001")), "2", "tomatoes").says("I need a lawyer in Prizren", "tomatoes")
    office = list(covered.read)
    assert covered.sends("ERASE") == office == covered.sends("hello"), "he reads an office, before and after"
    assert covered.state.place is None
    with line.rooms.database.read() as conn:
        keys = list(conn.execute(select(SurvivorRow.wrapped_key)).scalars())
    assert sum(key is not None for key in keys) == 1, "what is left is a new box that knows nothing but the cover"


def test_the_reply_is_the_same_with_an_open_alert_a_task_a_word_or_nothing(line: Line) -> None:
    said = set()
    before = (("hello",), ("SOS",), ("hello", "1", "1", "3", "please write"), ("hello", "1", "1", "5", "2", "tomatoes"), ("he choked me",))
    for n, messages in enumerate(before):
        ana = line.person(f"+3834418{n}001").says("EN", *messages)
        said.add(tuple(ana.sends("ERASE")))
    assert said == {("Done. Nothing shows here any more.",)}


def test_with_nothing_open_her_key_is_destroyed_at_once(line: Line, ana: Person) -> None:
    introduced(ana).sends("ERASE")
    with line.rooms.database.read() as conn:
        assert list(conn.execute(select(SurvivorRow.wrapped_key)).scalars()) == [None]


def test_an_open_alert_goes_on_and_keeps_what_it_needs(line: Line, ana: Person) -> None:
    ana.says("EN", "SOS he has a knife", "Prizren", "ERASE")
    assert line.alerts() == 1
    assert {"words", "place", "mark.erase"} <= set(line.entries())
    (again,) = ana.sends("SOS")
    assert ", gjithsej 2" in again, "the same alert, still open; her language is as unknown as she is"
    assert line.alerts() == 1


def test_who_comes_back_is_met_as_somebody_new(line: Line) -> None:
    for person in on_every_channel(line):
        agree(introduced(person), "1", "green door").says("I need a lawyer in Prizren", "4", "ERASE")
        answers = [*person.sends("hello"), *person.sends("another"), *person.sends("green door")]
        assert "information line" in answers[0]
        assert not any("Prizren" in text or "Your word" in text for text in answers), person.address.channel


def test_on_the_web_the_old_lines_are_gone_from_the_page(line: Line) -> None:
    ana = introduced(line.person("web-session-91", Channel.WEB)).says("my secret is umbrella", "ERASE")
    assert "umbrella" not in str(ana.bodies)
    assert line.count(MessageRow) == 1, "the confirmation alone, in a new box"


def test_a_sentence_about_erasing_is_asked_about_first(line: Line, ana: Person) -> None:
    (question,) = introduced(ana).sends("please delete what I wrote")
    assert "Nothing brings it back" in question
    ana.sends("no")
    assert ana.state.introduced.value == "done"
