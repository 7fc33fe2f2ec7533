"""Who is in danger and who is not: other people, names of places, floods, and an ERASE under cover. On the real rooms."""

import pytest

from sos.bot.messages import Incoming
from sos.texts.segments import measure
from tests.bot.talking import Line, Person

pytestmark = pytest.mark.story


def test_who_writes_about_another_person_is_not_asked_for_her_and_1_is_no_answer(line: Line, ana: Person) -> None:
    (answer,) = ana.sends("my neighbour is being beaten right now, he is killing her")
    assert line.alerts() == 1
    assert "1 yes" not in answer
    ana.sends("1")
    assert "call_192_yes" not in line.entries()
    assert "May a colleague" in ana.sends("SOS he came to my door, help me")[0] or line.entries().count("words") >= 2


def test_an_sos_of_her_own_keeps_its_question_when_she_tells_of_another_person(line: Line, ana: Person) -> None:
    ana.says("SOS, please help me", "my neighbour is being beaten right now, he is killing her")
    ana.sends("1")
    assert "call_192_yes" in line.entries()


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        pytest.param("jam ne Bariljeve", False, id="the name of a village holds a wound"),
        pytest.param("ja sam u mestu Stara Pazova", False, id="a town that sounds like old age and hiding"),
        pytest.param("jam ne Gjakove", False, id="Gjakova holds blood"),
        pytest.param("Gjakova", False, id="alone, too"),
        pytest.param("jam ne Bariljeve, me rrah burri", True, id="her words beside the place count"),
        pytest.param("u Straži sam, bije me", True, id="in any order"),
        pytest.param("jam ne rrezik", True, id="danger is no place"),
        pytest.param("u strahu sam", True, id="fear is no place"),
        pytest.param("u opasnosti sam", True, id="nor is danger in Serbian"),
    ],
)
def test_the_name_of_a_place_is_no_danger_and_danger_is_no_place(line: Line, ana: Person, text: str, danger: bool) -> None:
    incoming = Incoming("1", ana.address, "generic", line.clock.now(), text=text)
    assert (line.conversation.read(incoming).understood.danger is not None) is danger


def test_fifty_sos_are_one_alert_and_each_repeat_is_one_short_true_sms(line: Line, ana: Person) -> None:
    for n in range(1, 51):
        (answer,) = ana.sends("SOS, help")
        assert n == 1 or (f"{n} in all" in answer and measure(answer).segments == 1), answer
        assert "Nobody is on duty" in answer
        assert "nobody has read" in answer
    assert line.alerts() == 1
    assert line.entries().count("words") == 50


def test_erase_in_cover_leaves_an_office_and_nothing_of_her(line: Line, ana: Person) -> None:
    ana.says("hello", "1", "1").says("5", "2", "tomatoes")
    office = ana.sends("tomatoes")
    assert "office" in office[0]
    assert ana.sends("ERASE") == office
    assert ana.sends("hello") == ana.sends("menu") == office
    assert ana.sends("SOS") == office
    assert line.alerts() == 1
    line.clock.advance(minutes=31)
    assert "information line" in ana.sends("hello")[0], "no word is left that could take it off: it ends by itself"
