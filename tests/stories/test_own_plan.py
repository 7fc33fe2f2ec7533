"""Her own safety plan: in pieces over days, each skippable, under a check word or not kept at all, read back by her word alone, deleted alone."""

import json

import pytest
from sqlalchemy import select

from sos.bot.messages import Channel
from sos.conversations.models import MessageRow
from sos.encryption import open_sealed
from sos.survivors.safety_plan.models import OwnPlanRow
from sos.survivors.safety_plan.states import Part
from tests.bot.talking import Line, Person
from tests.stories.voices import agree, introduced

pytestmark = pytest.mark.story
ASKED = {"en": "safety plan", "sq": "plan sigurie", "sr": "plan bezbednosti", "bs": "sigurnosni plan", "tr": "güvenlik planı"}


def test_in_pieces_over_two_days_and_read_back_after_the_word_alone(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door")
    ana.says("safety plan", "1")
    assert "The phone" in ana.all_read
    ana.says("a new code tomorrow")
    assert "Somebody near" in ana.all_read
    ana.says("skip", "Teuta upstairs, any hour", "0")
    line.clock.advance(hours=26)
    ana.sends("safety plan")
    assert "Your word first" in ana.all_read
    assert "plan" not in ana.all_read.lower()
    ana.says("green door", "safety plan", "1")
    assert "A small bag" in ana.all_read, "she goes on where she stopped"
    ana.says("under the stairs", "safety plan")
    ana.sends("2")
    read = ana.all_read
    assert "Phone: a new code tomorrow" in read
    assert "Where to: Teuta upstairs, any hour" in read
    assert "Bag: under the stairs" in read
    assert "Papers" not in read


def test_a_wrong_word_shows_nothing_and_reads_as_the_right_one(line: Line) -> None:
    heard = []
    for number, word in (("+38344000181", "green door"), ("+38344000182", "purple hat")):
        someone = agree(introduced(line.person(number)), "1", "green door").says("safety plan", "1", "planted kopriva", "0")
        line.clock.advance(minutes=40)
        someone.says("safety plan", word)
        heard.append(someone.bodies)
        someone.says("safety plan", "2")
        assert ("kopriva" in someone.all_read) == (word == "green door")
    assert heard[0] == heard[1]


def test_without_a_check_word_the_pieces_are_read_and_nothing_is_kept(line: Line, ana: Person) -> None:
    introduced(ana).sends("safety plan")
    assert "only under a check word" in ana.all_read
    ana.says("2")
    for _ in range(len(Part) - 1):
        ana.sends("planted kopriva words")
    assert line.count(OwnPlanRow) == 0
    ana.sends("1")
    assert "Nothing of it was kept" in ana.all_read


def test_a_word_can_be_agreed_on_the_way(line: Line, ana: Person) -> None:
    introduced(ana).says("safety plan", "1", "green door", "safety plan", "1", "a new code")
    assert line.count(OwnPlanRow) == 1


def test_her_plan_is_deleted_alone(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("safety plan", "1", "a new code", "delete my plan")
    assert line.count(OwnPlanRow) == 1
    ana.says("1")
    assert "deleted here" in ana.all_read
    assert line.count(OwnPlanRow) == 0
    ana.says("safety plan")
    assert "read it" not in ana.all_read


def test_nobody_deletes_it_without_the_word(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("safety plan", "1", "a new code", "0")
    line.clock.advance(minutes=40)
    ana.says("delete my plan", "1", "yes")
    assert line.count(OwnPlanRow) == 1


def test_the_plan_stands_in_no_transcript(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("safety plan", "1", "planted kopriva", "safety plan", "2")
    assert "kopriva" in ana.all_read
    rooms = line.rooms
    with rooms.database.write() as unit:
        known = rooms.survivors.meet(unit, ana.address, "generic")
        rows = unit.conn.execute(select(MessageRow.id, MessageRow.body)).all()
        said = [json.loads(open_sealed(known.key.raw, row.body, table="messages", column="body", row=row.id)) for row in rows]
    assert len(said) > 8
    assert "kopriva" not in json.dumps(said)


def test_danger_in_a_piece_raises_and_the_piece_is_kept(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("safety plan", "1")
    ana.sends("he is beating me now")
    assert line.alerts() == 1
    assert "Kept for you" in ana.all_read
    assert line.count(OwnPlanRow) == 1


def test_a_piece_too_long_is_said_to_be_so_and_not_cut(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("safety plan", "1")
    ana.sends("word " * 70)
    assert "300" in ana.all_read
    assert line.count(OwnPlanRow) == 0


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("channel", Channel)
def test_by_words_and_from_the_menu_in_every_language(line: Line, language: str, channel: Channel) -> None:
    someone = introduced(
        line.person({"sms": "+38344000183", "telegram": "7002", "web": "web-session-72"}[channel.value], channel), language
    )
    by_words = someone.sends(ASKED[language])
    someone.sends("menu" if language == "en" else {"sq": "meny", "sr": "meni", "bs": "meni", "tr": "menü"}[language])
    someone.taps("menu:own") if channel is not Channel.SMS else someone.sends("6")
    from_menu = someone.taps("own:plan") if channel is not Channel.SMS else someone.sends("1")
    assert by_words == from_menu
    assert by_words


@pytest.mark.parametrize("braces", ["a {bag} here", "{", "100% {time}"])
def test_signs_of_hers_are_no_signs_of_ours(line: Line, ana: Person, braces: str) -> None:
    agree(introduced(ana), "1", "green door").says("safety plan", "1", braces, "safety plan", "2")
    assert braces.translate(str.maketrans("{}", "()")) in ana.all_read
