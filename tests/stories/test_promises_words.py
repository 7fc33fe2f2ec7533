"""Promises 5, 7, 8 and 12: her words. What must not be told apart from outside is compared byte for byte."""

import pytest
from sqlalchemy import select

from sos.alerts.models import AlertEntryRow, AlertRow
from sos.alerts.states import Alert
from sos.bot.messages import Channel
from sos.conversations.actions import Direction, transcript
from tests.bot.talking import Line, Person
from tests.stories.voices import LANGUAGES, agree, introduced, on_every_channel

pytestmark = pytest.mark.story


def bytes_of(person: Person, text: str) -> tuple[str, list[str]]:
    """Everything she reads for a message, and how urgent it goes. `curtain` only tells her page which earlier lines to hide or show again."""
    person.lanes = []
    person.sends(text)
    return repr([{name: value for name, value in body.items() if name != "curtain"} for body in person.bodies]), list(person.lanes)


def with_words(person: Person) -> Person:
    for number, word in (("1", "green door"), ("2", "tomatoes"), ("3", "yellow cup")):
        agree(person, number, word)
    return person


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_wrong_and_duress_word_are_equal_bytes_on_every_channel(line: Line, language: str) -> None:
    heard = []
    for n, channel in enumerate(Channel):
        for m, word in enumerate(("green door", "red door", "yellow cup")):
            ana = with_words(introduced(line.person(f"+383441{n}{m}001", channel), language))
            line.clock.advance(hours=1)
            ana.sends("hello")
            heard.append((channel, *bytes_of(ana, word)))
    for channel in Channel:
        said = [rest for one, *rest in heard if one is channel]
        assert said[0] == said[1] == said[2], (language, channel)
    with line.rooms.database.read() as conn:
        reasons = list(conn.execute(select(AlertRow.reason)).scalars())
    assert reasons == ["duress_word"] * len(Channel), "alike to see, and only one of them raises"


def test_cancel_withdrawal_safe_and_wrong_word_are_the_same_words_and_move_nothing(line: Line) -> None:
    for person in on_every_channel(line):
        with_words(introduced(person)).sends("SOS")
        told = {bytes_of(person, text)[0] for text in ("cancel", "I am safe now", "please cancel my request", "green door", "yellow cup")}
        assert len(told) == 1, (person.address.channel, told)
        assert "Thank you, noted." in told.pop()
    with line.rooms.database.read() as conn:
        assert set(conn.execute(select(AlertRow.state)).scalars()) == {Alert.RECEIVED.value}
        marks = set(conn.execute(select(AlertEntryRow.kind).where(AlertEntryRow.kind.like("mark.%"))).scalars())
    assert {"mark.cancel", "mark.safe", "mark.duress"} <= marks


def test_with_or_without_an_alert_a_cancel_reads_the_same(line: Line) -> None:
    for n, language in enumerate(LANGUAGES):
        quiet, loud = (introduced(line.person(f"+3834415{n}{m}01"), language) for m in (1, 2))
        loud.sends("SOS")
        assert bytes_of(quiet, "cancel") == bytes_of(loud, "cancel"), language


def test_the_duress_word_inside_cover_is_answered_by_the_office_and_raises(line: Line) -> None:
    for n, person in enumerate(on_every_channel(line), 1):
        with_words(introduced(person)).sends("tomatoes")
        office = bytes_of(person, "hello")
        assert bytes_of(person, "yellow cup") == office == bytes_of(person, "SOS") == bytes_of(person, "what are your hours")
        assert "SOS" not in office[0]
        assert line.alerts() == n


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_cover_everything_is_an_ordinary_office_that_tells_nothing(line: Line, language: str) -> None:
    ana = with_words(introduced(line.person(), language))
    ana.sends("I need a lawyer in Prizren")
    office = bytes_of(ana, "tomatoes")
    for text in (
        "hello",
        "1",
        "0",
        "menu",
        "numbers",
        "another",
        "where is my wife",
        "erase my data please",
        "EN",
        "SQ",
        "I hit my wife",
        "?",
    ):
        assert bytes_of(ana, text) == office, text
    assert "SOS" not in office[0]


def test_the_cover_word_deletes_nothing_and_gives_back_where_she_stood(line: Line, ana: Person) -> None:
    with_words(introduced(ana)).says("SOS", "tomatoes")
    assert line.alerts() == 1
    assert not any(kind.startswith("mark.") for kind in line.entries()), "it neither cancels nor lowers"
    ana.sends("green door")
    assert "office" in ana.all_read, "taking it off looks like any word said to the office"
    assert "nobody has read this yet" in ana.sends("he is back")[0]


def test_the_cover_word_counts_alone_only_never_within_a_sentence(line: Line, ana: Person) -> None:
    with_words(introduced(ana))
    for text in ("I bought tomatoes", "tomatoes?", "no tomatoes"):
        covered = "office" in ana.sends(text)[0]
        assert covered == (text == "tomatoes?"), text
        if covered:
            ana.sends("green door")


def test_after_silence_nothing_earlier_shows_before_the_right_word(line: Line, ana: Person) -> None:
    with_words(introduced(ana)).says("I need a doctor in Prizren", "1", "4")
    assert "Prizren" in ana.all_read
    line.clock.advance(minutes=31)
    for text in ("hello", "more", "another", "number", "red door", "farther", "menu", "1", "numbers"):
        assert "Prizren" not in "".join(ana.sends(text)), text
    ana.says("green door")
    assert "Prizren" in "".join(ana.sends("number") + ana.sends("another"))


def test_another_device_is_an_address_not_an_identity(line: Line) -> None:
    ana, phone = introduced(line.person("+38344000181")), line.person("telegram-181", Channel.TELEGRAM)
    with_words(ana).sends("I need a lawyer in Prizren")
    assert "Information" in str(phone.sends("hello")) or "information line" in phone.all_read
    assert "Prizren" not in "".join(phone.sends("green door") + phone.sends("another"))


def test_a_code_phrase_is_for_the_web_alone_and_never_leaves_by_sms_or_telegram(line: Line) -> None:
    for person in on_every_channel(line):
        introduced(person).sends("my words")
        offered = str(person.bodies)
        assert ("code phrase" in offered) == (person.address.channel is Channel.WEB), person.address.channel


GUESSES = ("green door", "red door", "yellow cup", "hello", "what can you do for me here")


@pytest.mark.parametrize("before", [(), ("red door",), ("red door", "blue door"), ("red door", "hello", "blue door")])
def test_while_the_word_is_waited_for_right_and_wrong_read_alike_at_every_place(line: Line, before: tuple[str, ...]) -> None:
    heard = []
    for n, channel in enumerate(Channel):
        for m, guess in enumerate(GUESSES):
            ana = with_words(introduced(line.person(f"+383442{n}{m}001", channel)))
            ana.says("I need a lawyer in Prizren")
            line.clock.advance(hours=1)
            ana.says(*before)
            heard.append((channel, *bytes_of(ana, guess)))
            assert ana.state.locked == (guess != "green door")
    for channel in Channel:
        said = [rest for one, *rest in heard if one is channel]
        assert said.count(said[0]) == len(GUESSES), (channel, said)


def test_who_begins_anew_cannot_be_told_by_her_word_either(line: Line, ana: Person) -> None:
    bea = line.person("+38344000192")
    for person in (ana, bea):
        with_words(introduced(person))
    line.clock.advance(hours=1)
    for person in (ana, bea):
        assert "find a service" in person.says("hello", "1").all_read
    assert bytes_of(ana, "green door") == bytes_of(bea, "red door")
    assert not ana.state.locked
    assert bea.state.locked


def test_sos_exit_erase_and_language_need_no_word(line: Line, ana: Person) -> None:
    with_words(introduced(ana))
    line.clock.advance(hours=1)
    ana.says("hello", "red door")
    assert "noted" not in "".join(ana.sends("SQ")).lower()
    assert line.alerts() == 0
    ana.sends("SOS")
    assert line.alerts() == 1
    assert "noted" not in "".join(ana.sends("erase")).lower()


def test_the_first_try_after_silence_stands_in_no_transcript_right_or_wrong(line: Line) -> None:
    for n, guess in enumerate(("green door", "red door")):
        person = with_words(introduced(line.person(f"web-session-8{n}", Channel.WEB)))
        line.clock.advance(hours=1)
        person.sends(guess)
        with line.rooms.database.write() as unit:
            known = line.rooms.survivors.meet(unit, person.address, "web")
            last = [one for one in transcript(unit.conn, survivor_id=known.id, key=known.key.raw) if one.direction is Direction.IN][-1]
        assert last.body == {"text": "", "kind": "text", "masked": True}


def test_only_the_page_is_told_of_its_curtain(line: Line) -> None:
    for person in on_every_channel(line):
        with_words(introduced(person))
        line.clock.advance(hours=1)
        person.says("hello", "green door")
        on_page = person.address.channel is Channel.WEB
        assert any("curtain" in body for body in person.bodies) == on_page
        person.sends("tomatoes")
        assert any("curtain" in body for body in person.bodies) == on_page
