"""Promises 4, 7, 8, 9 and 17: she is told what became of her alert, truthfully, and only where it may show; what was not told is known."""

import re

import pytest

from sos.bot.messages import Channel, Kind
from sos.conversations.herald import CannotTell, Refused, Told
from sos.outbox.queries import untold
from tests.bot.plain_desk import texts
from tests.bot.talking import Line, Person
from tests.stories.hotline import Post, alert_of, her_id, lines, on_duty, states, time_passes
from tests.stories.voices import LANGUAGES, NO_POLICE, agree, introduced

pytestmark = pytest.mark.story
AUTHORITIES = re.compile(r"\b(192|112)\b")


def told(person: Person, what: Told, **params: object) -> bool:
    """Say this to her through the herald; whether she has been told."""
    line = person.line
    with line.rooms.database.write() as unit:
        return line.rooms.herald.tell(unit, told=what, alert_id=alert_of(line), survivor_id=her_id(person), params=params)


def whole_story(line: Line, person: Person, *, cry: str = "SOS") -> list[str]:
    """From the cry to the close with one operator, each step leaving at once; what she reads."""
    member, post = on_duty(line), Post(line)
    first = person.sends(cry)
    post.leaves()
    alerts = line.rooms.alerts
    heard = list(first)
    steps = (
        lambda unit, alert: alerts.take(unit, alert, member),
        lambda unit, alert: alerts.opened(unit, alert, member),
    )
    for step in steps:
        with line.rooms.database.write() as unit:
            step(unit, alert_of(line))
        heard += post.leaves()
    return heard


def test_from_taken_to_opened_every_step_is_told_and_true(line: Line, ana: Person) -> None:
    introduced(ana)
    first, *later = whole_story(line, ana)
    assert "A colleague is being told." in first
    assert "Nobody is on duty" not in first
    taken, opened = later
    assert "not read yet" in taken
    assert "has read your" not in taken, "a page taken from bed is not read"
    assert opened.startswith("I am Ana, a person, and I have read your message")


def test_nobody_on_duty_is_said_and_nobody_is_being_told(line: Line, ana: Person) -> None:
    introduced(ana)
    on_duty(line, at_work=False)
    first = ana.sends("SOS")[0]
    assert "Nobody is on duty now." in first
    assert "being told" not in first


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"rom"}))
def test_on_duty_is_said_in_her_language(line: Line, language: str) -> None:
    on_duty(line)
    ana = introduced(line.person(), language)
    assert texts().say("sos.duty.somebody", language, plain_letters=True) in ana.sends("SOS")[0]


def test_once_a_person_has_opened_it_no_answer_says_that_nobody_has(line: Line, ana: Person) -> None:
    introduced(ana)
    whole_story(line, ana)
    answer = ana.sends("he is sleeping now")[0]
    assert "for the person who writes with you" in answer
    assert "nobody has read" not in answer


def test_missed_after_five_minutes_is_told_with_numbers(line: Line, ana: Person) -> None:
    introduced(ana)
    on_duty(line)
    post = Post(line)
    ana.sends("SOS")
    post.leaves()
    time_passes(line, minutes=5.1)
    missed = [text for text in post.leaves() if "Nobody has read this yet" in text]
    assert len(missed) == 1
    assert "192" in missed[0]


@pytest.mark.parametrize("language", sorted(NO_POLICE))
def test_without_the_police_no_change_carries_an_authority(line: Line, language: str) -> None:
    for channel, address in ((Channel.SMS, "+38344000181"), (Channel.TELEGRAM, "7781")):
        ana = line.person(address, channel)
        ana.says(NO_POLICE[language], "SOS")
        for one in Told:
            told(ana, one, alias="Ana", at="20:00")
        heard = [str(body) for body in lines(ana) if body.get("told")]
        assert len(heard) == len(Told)
        assert not [text for text in heard if AUTHORITIES.search(re.sub(r"'(outbox|about)': '\w+'", "", text))]


def test_in_serbia_the_missed_text_has_serbias_number_and_unsure_has_both(line: Line) -> None:
    for n, (place, wanted) in enumerate([("Beograd", "192"), ("Prizren", "112"), ("", "Serbia")]):
        ana = introduced(line.person(f"+3834400018{n}", Channel.SMS)).says("SOS", *([place] if place else []))
        assert told(ana, Told.MISSED)
        assert wanted in lines(ana)[-1]["text"]


def test_under_cover_no_change_shows_and_the_console_knows(line: Line, ana: Person) -> None:
    agree(introduced(ana), "2", "tomatoes").says("SOS", "tomatoes")
    post = Post(line)
    post.leaves()
    assert not told(ana, Told.OPENED, alias="Ana")
    assert post.leaves() == []
    with line.rooms.database.read() as conn:
        assert [one.why for one in untold(conn, her_id(ana))] == ["cover"]


def test_a_stranger_who_writes_after_silence_reads_nothing_of_it(line: Line, ana: Person) -> None:
    introduced(ana).sends("SOS")
    post = Post(line)
    post.leaves()
    line.clock.advance(minutes=45)
    ana.sends("hello")
    post.leaves()
    assert not told(ana, Told.OPENED, alias="Ana")
    assert post.leaves() == []
    with line.rooms.database.read() as conn:
        assert [one.why for one in untold(conn, her_id(ana))] == ["silence"]


def test_her_check_word_brings_the_news_back(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").sends("SOS")
    line.clock.advance(minutes=45)
    ana.says("hello", "green door")
    assert told(ana, Told.OPENED, alias="Ana")


def test_who_ended_here_is_told_nothing_more(line: Line, ana: Person) -> None:
    introduced(ana).says("SOS", "0")
    assert not told(ana, Told.OPENED, alias="Ana")
    ana.sends("SOS")
    assert told(ana, Told.OPENED, alias="Ana")


def test_outside_her_window_nothing_is_told_and_an_answer_of_the_program_does_not_make_it_told(line: Line, ana: Person) -> None:
    introduced(ana).sends("SOS")
    post = Post(line)
    post.leaves()
    line.clock.advance(minutes=16)
    assert not told(ana, Told.OPENED, alias="Ana")
    with line.rooms.database.read() as conn:
        assert [one.why for one in untold(conn, her_id(ana))] == ["hold"]
    ana.sends("SOS")
    post.leaves()
    with line.rooms.database.read() as conn:
        assert len(untold(conn, her_id(ana))) == 1, "the first reply again is no news"
    assert told(ana, Told.OPENED, alias="Ana")
    post.leaves()
    with line.rooms.database.read() as conn:
        assert untold(conn, her_id(ana)) == []


def test_what_was_true_within_the_window_is_held_if_it_leaves_too_late(line: Line, ana: Person) -> None:
    introduced(ana).sends("SOS")
    post = Post(line)
    post.leaves()
    line.clock.advance(minutes=14)
    assert told(ana, Told.OPENED, alias="Ana")
    line.clock.advance(minutes=2)
    assert post.leaves() == []
    assert states(line, her_id(ana))[-1] == ("held", "hold")


def test_after_an_erase_nobody_is_told(line: Line, ana: Person) -> None:
    introduced(ana).sends("SOS")
    who = her_id(ana)
    ana.sends("ERASE")
    with line.rooms.database.write() as unit:
        assert not line.rooms.herald.tell(unit, told=Told.OPENED, alert_id=alert_of(line), survivor_id=who, params={"alias": "Ana"})
        with pytest.raises(CannotTell):
            line.rooms.herald.write(unit, survivor_id=who, text="Are you there?", by="m", alias="Ana", first=False)


def test_a_persons_words_reach_her_and_their_fate_stands_in_the_line(line: Line, ana: Person) -> None:
    introduced(ana).sends("SOS")
    post = Post(line)
    post.leaves()
    with line.rooms.database.write() as unit:
        line.rooms.herald.write(unit, survivor_id=her_id(ana), text="Çka po bën ai tash?", by="m1", alias="Ana", first=False)
    assert post.leaves() == ["Çka po ben ai tash?"]
    last = lines(ana)[-1]
    assert (last["by"], last["alias"]) == ("m1", "Ana")
    assert states(line, her_id(ana))[-1] == ("sent", None)
    assert last["outbox"]


def test_a_person_cannot_send_the_police_number_to_who_wants_none(line: Line, ana: Person) -> None:
    ana.says("I do not want the police", "SOS")
    with line.rooms.database.write() as unit, pytest.raises(Refused) as refused:
        line.rooms.herald.write(unit, survivor_id=her_id(ana), text="please call 1 9 2", by="m", alias="Ana", first=False)
    assert refused.value.why == "barred_number"
    assert "call" not in repr(refused.value).replace("barred", "")


def test_on_the_web_lines_appear_on_her_page_and_held_ones_do_not(line: Line) -> None:
    ana = introduced(line.person("web-session-5", Channel.WEB))
    ana.sends("SOS")
    assert told(ana, Told.OPENED, alias="Ana")
    assert "I am Ana" in lines(ana)[-1]["text"]
    assert states(line, her_id(ana)) == [("sent", None)]
    line.clock.advance(minutes=20)
    with line.rooms.database.write() as unit:
        line.rooms.herald.write(unit, survivor_id=her_id(ana), text="still there?", by="m", alias="Ana", first=False)
    assert lines(ana)[-1]["unseen"]


def test_a_neutral_line_stands_alone_on_telegram(line: Line) -> None:
    ana = introduced(line.person("7790", Channel.TELEGRAM)).says("SOS")
    assert told(ana, Told.OPENED, alias="Ana")
    assert lines(ana)[-1]["neutral_line"] == "Information"
    assert "buttons" not in lines(ana)[-1], "a tap on news is no answer to the question about 192"


def test_live_points_are_gone_when_a_person_closes_it_and_she_is_asked_to_stop(line: Line) -> None:
    from sos.alerts.states import Outcome

    member = on_duty(line)
    ana = introduced(line.person("7791", Channel.TELEGRAM)).says("SOS")
    for latitude in (42.21, 42.22, 42.23):
        ana.sends(kind=Kind.LIVE_LOCATION, latitude=latitude, longitude=20.74)
    assert line.entries().count("point") == 3
    with line.rooms.database.write() as unit:
        alert = alert_of(line)
        line.rooms.alerts.take(unit, alert, member)
        line.rooms.alerts.opened(unit, alert, member)
        line.rooms.alerts.answered(unit, alert, member)
        line.rooms.alerts.close(unit, alert, member, next(iter(Outcome)), "")
    from sqlalchemy import select

    from sos.alerts.models import AlertEntryRow

    with line.rooms.database.read() as conn:
        bodies = conn.execute(select(AlertEntryRow.body).where(AlertEntryRow.kind == "point")).scalars().all()
    assert not [body for body in bodies if body is not None]
    said = [body["text"] for body in lines(ana) if body.get("told") in ("stop_sharing", "closed")]
    assert len(said) == 2
    assert "please stop it there" in said[0]


def test_where_he_writes_with_her_phone_no_news_of_her_sos_shows(line: Line, ana: Person) -> None:
    """Within the open SOS itself every word is taken as hers: she may be writing down what he says."""
    introduced(ana).says("SOS", "menu")
    assert told(ana, Told.TAKEN)
    ana.sends("tell me where she is or I will kill her")
    assert not told(ana, Told.OPENED, alias="Ana")


def test_under_duress_no_news_shows_and_urgency_is_raised(line: Line, ana: Person) -> None:
    agree(introduced(ana), "3", "blue wall").sends("SOS")
    assert ana.sends("blue wall") == ["Thank you, noted."]
    assert not told(ana, Told.OPENED, alias="Ana")
    assert "mark.duress" in line.entries()


def test_he_who_threatens_is_told_nothing_of_the_alert_that_his_words_raise(line: Line) -> None:
    him = line.person("+38344000188")
    him.sends("tell me where she is or I will kill her")
    assert line.alerts() == 1
    assert not told(him, Told.TAKEN)
    assert not told(him, Told.MISSED)


def test_an_alert_knows_everything_that_was_heard_and_where_and_in_which_language(line: Line) -> None:
    """Who is paged is chosen by language and place; a child or a trafficked person is seen at once by who opens it."""
    from sqlalchemy import select

    from sos.alerts.models import AlertRow

    child = line.person("+38160000121").says("imam 13 godina", "davi me otac, upomoć")
    with line.rooms.database.read() as conn:
        row = conn.execute(select(AlertRow.language, AlertRow.country, AlertRow.reasons)).one()
    assert (row.language, row.country) == ("sr", "RS")
    assert "choking" in row.reasons
    assert "minor" in line.tasks()
    assert child.read
