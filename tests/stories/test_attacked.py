"""What a violent partner with her phone, a stolen staff phone or plain bad luck could do to an SOS, and does not."""

import pytest

from sos.alerts.states import Outcome
from sos.bot.engine import State
from sos.bot.flows.check import MOST_TRIES
from tests.bot.talking import Line, Person
from tests.stories.hotline import alert_of, on_duty
from tests.stories.voices import agree, introduced

pytestmark = pytest.mark.story


def ended_by_a_person(line: Line, member: str) -> None:
    """Taken, read, answered and closed."""
    alerts = line.rooms.alerts
    for act in (alerts.take, alerts.opened, alerts.answered):
        with line.rooms.database.write() as unit:
            act(unit, alert_of(line), member)
    with line.rooms.database.write() as unit:
        alerts.close(unit, alert_of(line), member, Outcome.SAFE_FOR_NOW, "")


def verified(person: Person) -> bool:
    """Whether what is hers is open on her device."""
    rooms = person.line.rooms
    with rooms.database.write() as unit:
        known = rooms.survivors.find(unit.conn, person.address)
        assert known is not None
        return State.from_json(rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw)).verified


@pytest.mark.parametrize("text", ["he is coming", "bojim se", "kam frike", "1"])
def test_once_a_person_has_closed_it_nothing_says_that_her_sos_is_open(line: Line, ana: Person, text: str) -> None:
    introduced(ana)
    member = on_duty(line)
    ana.sends("SOS")
    ended_by_a_person(line, member)
    answer = " ".join(ana.sends(text))
    assert "is open" not in answer
    assert "being told" not in answer
    assert "may call" not in answer


@pytest.mark.parametrize("text", ["he is coming", "bojim se", "kam frike"])
def test_danger_in_doubt_after_the_close_is_danger_anew(line: Line, ana: Person, text: str) -> None:
    """Asked at once, with numbers; said twice it is an alert of its own."""
    introduced(ana)
    member = on_duty(line)
    ana.sends("SOS")
    ended_by_a_person(line, member)
    first = alert_of(line)
    assert "192" in ana.sends(text)[0]
    assert alert_of(line) == first
    ana.sends(text)
    assert alert_of(line) != first


def test_guessing_her_check_word_in_the_chat_ends_without_a_sign(line: Line, ana: Person) -> None:
    """Ten wrong ones in an hour: then the right one opens nothing, in the same bytes; an hour later it does."""
    introduced(ana)
    agree(ana, "1", "green door")
    line.clock.advance(minutes=31)
    for n in range(MOST_TRIES):
        ana.sends(f"guess {'abcdefghijkl'[n]}")
    with_the_word = ana.sends("green door")
    assert not verified(ana)
    assert with_the_word in (ana.sends("guess y"), ana.sends("guess z")), "asked and thanked by turns, as before"
    line.clock.advance(minutes=61)
    ana.sends("green door")
    assert verified(ana)
