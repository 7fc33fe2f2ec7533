"""Promises 6 and 27: her place is offered by her, typed before shared, coarse, asked once; one town has many names; ambiguity asks, never guesses."""

import pytest
from sqlalchemy import select

from sos.bot.messages import Channel, Kind
from sos.conversations.models import MessageRow
from tests.bot.talking import Line, Person
from tests.stories.voices import introduced

pytestmark = pytest.mark.story
PEJA = ("Pejë", "Peje", "Peja", "Peć", "Pec", "Пећ", "u Peći", "ne Peje", "jam në Pejë", "из Пећи", "PEC", "Ipek")


@pytest.mark.parametrize("name", PEJA)
def test_peja_by_any_name_is_one_place_and_its_own_pathway(line: Line, name: str) -> None:
    ana = introduced(line.person()).says("SOS")
    answers = ana.sends(name)
    assert "Pej" in answers[0]
    assert "Serbia" not in answers[0], "never 'Kosovo or Serbia?': the numbers follow the place"
    assert line.entries().count("place") == 1


def test_unsure_gives_the_numbers_of_both_and_asks_nothing_about_countries(line: Line, ana: Person) -> None:
    (answer,) = introduced(ana).sends("SOS")
    assert "in Kosovo" in answer
    assert "in Serbia" in answer
    assert "Kosovo or Serbia" not in answer


def test_kamenica_asks_which_and_takes_the_answer(line: Line, ana: Person) -> None:
    (question,) = introduced(ana).sends("I need a lawyer in Kamenica")
    assert question.startswith("Which one?")
    assert "Bojnik" in question
    ana.says("2", "4")
    assert "Leskovac" in ana.all_read or "Serbia" in ana.all_read or "Bojnik" in ana.all_read or "Beograd" in ana.all_read


def test_a_typed_name_comes_before_sharing_and_a_place_is_asked_once(line: Line) -> None:
    ana = introduced(line.person("77", Channel.TELEGRAM))
    (question,) = ana.sends("I need a lawyer")
    assert "A name is enough" in question
    asked = int("town" in question)
    for text in ("Prizren", "4", "another", "I need a doctor", "1", "4", "another", "menu", "1", "1"):
        asked += sum("Which town" in answer for answer in ana.sends(text))
    assert asked == 1


def test_an_sos_with_a_known_place_does_not_lose_it(line: Line, ana: Person) -> None:
    introduced(ana).says("I need a lawyer in Prizren", "4", "SOS")
    assert "place" in line.entries()
    assert "Serbia" not in ana.all_read


def test_a_shared_point_is_kept_only_as_its_municipality(line: Line) -> None:
    ana = introduced(line.person("77", Channel.TELEGRAM))
    ana.sends("I need a lawyer")
    ana.sends(kind=Kind.LOCATION, latitude=42.213579, longitude=20.740246)
    assert ana.state.place == "xk-prizren"
    with line.rooms.database.read() as conn:
        kept = b"".join(bytes(body) for body in conn.execute(select(MessageRow.body)).scalars())
    assert b"42.213579" not in kept


def test_a_moving_place_is_taken_only_with_an_open_alert_and_says_how_to_stop(line: Line) -> None:
    ana = introduced(line.person("77", Channel.TELEGRAM))
    point = {"latitude": 42.21, "longitude": 20.74}
    assert "Please stop sharing" in ana.sends(kind=Kind.LIVE_LOCATION, **point)[0]
    assert "point" not in line.entries()
    ana.sends("SOS")
    assert "shows a bar" in ana.sends(kind=Kind.LIVE_LOCATION, **point)[0]
    assert line.entries().count("point") == 1
    assert "no longer shared" in ana.sends(kind=Kind.LIVE_LOCATION_ENDED)[0]


def test_a_place_that_is_not_known_is_asked_once_more_and_then_done_without(line: Line, ana: Person) -> None:
    (first,) = introduced(ana).says("I need a lawyer").sends("Xyzzyville")
    assert "larger town nearby works too" in first
    assert "Then we look everywhere" in ana.sends("Qwertzburg")[0]
