"""Her words and her right to be forgotten: ERASE, check, cover and duress word, code phrase, on the real rooms."""

import pytest
from sqlalchemy import select

from sos.bot.messages import Channel
from sos.conversations.actions import transcript
from sos.conversations.models import ConversationRow, MessageRow
from sos.outbox.models import OutboxRow
from sos.survivors.models import SurvivorRow
from tests.bot.talking import Line, Person

pytestmark = pytest.mark.story
AUTHORITIES = ("192", "112", "0800 11112", "0800 100 600")


def introduced(person: Person) -> Person:
    return person.says("hello", "1", "1")


# --- erase, exit


def test_erase_reads_the_same_whether_something_is_open_or_not(line: Line) -> None:
    quiet, loud = line.person("+38344000111"), line.person("+38344000112")
    introduced(quiet)
    loud.sends("SOS")
    assert quiet.sends("erase") == loud.sends("ERASE") == ["Done. Nothing shows here any more."]


def test_after_erase_nothing_of_her_is_left_and_the_reply_still_leaves(line: Line, ana: Person) -> None:
    introduced(ana)
    ana.sends("fshi")
    assert ana.read
    assert line.count(ConversationRow) == 0
    assert line.count(MessageRow) == 0
    with line.rooms.database.read() as conn:
        assert list(conn.execute(select(SurvivorRow.wrapped_key)).scalars()) == [None]
        assert list(conn.execute(select(OutboxRow.key_kind)).scalars()) == ["transit"]
    (again,) = ana.sends("hello")
    assert "information line" in again


def test_erase_with_an_open_alert_keeps_the_alert(line: Line, ana: Person) -> None:
    ana.says("SOS", "erase")
    assert line.alerts() == 1
    assert "mark.erase" in line.entries()
    assert ana.sends("hello")[0].startswith("Hello, information line")


def test_on_the_web_erase_is_confirmed_in_a_new_empty_box(line: Line) -> None:
    ana = line.person("web-session-1", Channel.WEB)
    introduced(ana)
    assert ana.sends("erase") == ["Done. Nothing shows here any more."]
    assert line.count(OutboxRow) == 0, "the page reads the transcript; nothing waits for a gateway"


# --- words

KNOWN = (
    "hello",
    "zdravo",
    "thanks",
    "help",
    "upomoc",
    "menu",
    "numbers",
    "english",
    "shqip",
    "türkçe",
    "lawyer",
    "avokat",
    "doctor",
    "go on",
    "another",
)


def agree(person: Person, number: str, word: str) -> None:
    person.says("menu", "5", number, word)
    assert "Kept" in person.read[0]


def test_a_right_and_a_wrong_check_word_read_the_same(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "1", "green door")
    for word in ("green door", "red door"):
        line.clock.advance(hours=1)
        assert ana.sends("hello")[0].startswith("Your word, please")
        assert ana.sends(word) == ["Thank you, noted."]
    assert "mark.wrong_word" not in line.entries(), "there is no alert to mark"


def test_after_silence_nothing_earlier_shows_before_the_check_word(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "1", "green door")
    ana.says("I need a lawyer", "Prizren", "skip")
    assert "Prizren" in ana.all_read
    line.clock.advance(minutes=31)
    ana.says("hello", "wrong one")
    assert not any("Prizren" in text for text in [*ana.sends("more"), *ana.sends("another"), *ana.sends("hello")])
    line.clock.advance(minutes=31)
    ana.says("hello", "green door")
    assert "Prizren" not in "".join(ana.read)
    assert any("Pri" in text or "advice" in text for text in ana.sends("another")), "the right word gives back where she stood"


def test_without_a_check_word_silence_begins_anew(line: Line, ana: Person) -> None:
    introduced(ana).says("I need a lawyer", "Prizren", "skip")
    line.clock.advance(minutes=31)
    assert not any("Prizren" in text for text in [*ana.sends("hello"), *ana.sends("another")])


def test_cover_makes_an_office_and_an_sos_inside_still_raises(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "2", "tomatoes")
    office = ana.sends("Tomatoes")
    assert "office" in office[0]
    assert ana.sends("hello") == ana.sends("I need a lawyer") == ana.sends("0") == office
    assert ana.sends("SOS") == ana.sends("he is beating me") == office
    assert line.alerts() == 1
    ana.sends("tomatoes")
    assert "find a service" in ana.sends("menu")[0]


def test_the_cover_word_within_a_sentence_does_nothing(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "2", "tomatoes")
    assert "office" not in ana.sends("tomatoes and potatoes")[0]


def test_the_duress_word_looks_the_same_and_raises(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "1", "green door")
    agree(ana, "3", "yellow cup")
    line.clock.advance(hours=1)
    ana.sends("hello")
    assert ana.sends("yellow cup") == ["Thank you, noted."]
    assert line.alerts() == 1
    assert "mark.duress" in line.entries()


def test_agreed_words_stand_in_no_transcript_and_in_no_alert(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "1", "green door")
    agree(ana, "2", "tomatoes")
    ana.sends("SOS")
    line.clock.advance(hours=1)
    ana.says("green door", "tomatoes", "green door")
    with line.rooms.database.write() as unit:
        known = line.rooms.survivors.meet(unit, ana.address, "generic")
        said = " ".join(str(one.body) for one in transcript(unit.conn, survivor_id=known.id, key=known.key.raw))
    assert "SOS" in said
    assert "green" not in said
    assert "tomatoes" not in said
    assert line.entries().count("words") == 1


@pytest.mark.parametrize("word", ["sos", "stop", "1234", "abc", "help me", "0", "a b c d e f", *KNOWN])
def test_words_that_do_something_else_are_refused(line: Line, ana: Person, word: str) -> None:
    introduced(ana).says("5", "1", word)
    assert "Kept" not in ana.all_read


def test_another_check_word_needs_the_first_one(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "1", "green door")
    line.clock.advance(hours=1)
    ana.says("hello", "1", "menu", "5")
    assert "Your word, please" in ana.all_read


def test_a_code_phrase_is_shown_once_on_the_web_and_opens_an_empty_box_elsewhere(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = line.person("web-session-1", Channel.WEB)
    introduced(ana).says("5", "1", "green door", "5")
    ana.taps("words:phrase")
    ana.taps("phrase:yes")
    with line.rooms.database.read() as conn:
        assert "phrase" not in " ".join(map(str, conn.execute(select(OutboxRow.channel)).scalars()))
    assert not any("Your phrase" in text for text in ana.read), "kept in no transcript"
    with line.rooms.database.write() as unit:
        known = line.rooms.survivors.meet(unit, ana.address, "web")
        monkeypatch.setattr("sos.survivors.actions.new_phrase", lambda: "hammer rope door bell wall knee")
        phrase = line.rooms.survivors.code_phrase(unit, known)
    other = line.person("web-session-2", Channel.WEB)
    other.sends(phrase)
    assert phrase not in other.all_read
    assert "Your word, please" in other.all_read
    assert other.state.locked


def test_who_has_just_said_the_check_word_is_told_what_erasing_does(line: Line, ana: Person) -> None:
    introduced(ana)
    agree(ana, "1", "green door")
    (answer,) = ana.sends("erase")
    assert "copies can no longer be read after 7 days" in answer
