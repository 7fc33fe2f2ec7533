"""Promise 33: she can ask for another person. Who had her alert has it no more, everybody else is paged, and she is told what is so."""

import pytest

from sos.alerts import bars
from sos.alerts.models import AlertRow
from sos.alerts.raising import MOST_BARRED_BY_HER
from tests.bot.plain_desk import commands, texts
from tests.bot.talking import Line, Person
from tests.stories.hotline import alert_of, on_duty, time_passes
from tests.stories.voices import introduced

pytestmark = pytest.mark.story
WORDS = {"sq": "Dua një person tjetër", "sr": "други оператер", "bs": "druga osoba", "tr": "Başka biri", "en": "another person!"}


def taken(line: Line, person: Person, member: str) -> None:
    """An SOS of hers that this member has opened."""
    person.sends("SOS")
    with line.rooms.database.write() as unit:
        line.rooms.alerts.take(unit, alert_of(line), member)
    with line.rooms.database.write() as unit:
        line.rooms.alerts.opened(unit, alert_of(line), member)


def sees(line: Line, member: str) -> bool:
    with line.rooms.database.read() as conn:
        return bars.seen(conn, alert_of(line), member) is not None


def of_alert(line: Line, column: str) -> object:
    from sqlalchemy import select

    with line.rooms.database.read() as conn:
        return conn.execute(select(getattr(AlertRow, column)).where(AlertRow.id == alert_of(line))).scalar_one()


@pytest.mark.parametrize("language", sorted(WORDS))
def test_one_word_in_her_language_gives_it_to_somebody_else(line: Line, language: str) -> None:
    first, second = on_duty(line, "Ana"), on_duty(line, "Bora")
    her = introduced(line.person(), language)
    taken(line, her, first)
    answer = her.sends(WORDS[language])
    now = line.rooms.jurisdictions.zone(None)
    time = line.clock.now().astimezone(now).strftime("%H:%M")
    assert answer[0] == texts().say("another.given", language, time=time, plain_letters=True)
    assert texts().say("sos.duty.somebody", language, plain_letters=True) in answer[1]
    assert (of_alert(line, "state"), of_alert(line, "taken_by")) == ("received", None)
    assert not sees(line, first)
    assert sees(line, second)


def test_where_the_only_one_on_duty_is_refused_she_is_told_that_nobody_is(line: Line, ana: Person) -> None:
    introduced(ana)
    only = on_duty(line, "Ana")
    on_duty(line, "Bora", at_work=False)
    taken(line, ana, only)
    _, question = ana.sends("another person")
    assert "Nobody is on duty now." in question
    assert "being told" not in question


def test_the_last_person_who_can_see_it_keeps_it_and_she_is_told_so(line: Line, ana: Person) -> None:
    introduced(ana)
    only = on_duty(line, "Ana")
    taken(line, ana, only)
    (answer,) = ana.sends("another person")
    assert "the same person can read what you write" in answer
    assert sees(line, only)
    assert of_alert(line, "taken_by") == only


def test_a_stranger_with_her_phone_cannot_take_it_from_everybody(line: Line, ana: Person) -> None:
    introduced(ana)
    people = [on_duty(line, f"Person {n}") for n in range(MOST_BARRED_BY_HER + 2)]
    ana.sends("SOS")
    for member in people[: MOST_BARRED_BY_HER + 1]:
        with line.rooms.database.write() as unit:
            line.rooms.alerts.take(unit, alert_of(line), member)
        ana.sends("another person")
    assert [sees(line, member) for member in people] == [False] * MOST_BARRED_BY_HER + [True, True]
    assert of_alert(line, "taken_by") == people[MOST_BARRED_BY_HER]


def test_while_nobody_has_it_nothing_changes_and_what_is_so_is_said(line: Line, ana: Person) -> None:
    introduced(ana)
    member = on_duty(line)
    ana.sends("SOS")
    (answer,) = ana.sends("another person")
    assert "Your SOS is open. A colleague is being told." in answer
    assert sees(line, member)


def test_after_silence_it_is_done_and_the_device_does_not_show_that_there_is_an_alert(line: Line, ana: Person) -> None:
    introduced(ana)
    first, _ = on_duty(line, "Ana"), on_duty(line, "Bora")
    taken(line, ana, first)
    with line.rooms.database.write() as unit:
        line.rooms.alerts.answered(unit, alert_of(line), first)
    stranger = introduced(line.person("+38344000102"))
    time_passes(line, minutes=45)
    assert ana.sends("another person") == stranger.sends("another person")
    assert not sees(line, first)


def test_without_an_alert_a_person_is_asked_to_write_to_her(line: Line, ana: Person) -> None:
    introduced(ana)
    (answer,) = ana.sends("another person")
    assert "a person should write to you" in answer
    assert line.tasks() == {"contact_her"}


def test_the_menu_offers_it_while_a_person_has_her_alert(line: Line, ana: Person) -> None:
    introduced(ana)
    member = on_duty(line)
    assert "another person" not in "\n".join(ana.sends("menu"))
    taken(line, ana, member)
    assert "another person" in "\n".join(ana.sends("menu"))


def test_every_language_has_words_for_it() -> None:
    found = {said.command for text in WORDS.values() if (said := commands().command_of(text))}
    assert {one.value for one in found} == {"another"}
