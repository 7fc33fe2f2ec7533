"""Promises 13, 16, 17 and 44: a child, somebody who uses violence, a friend, and who wants no police."""

import re

import pytest
from sqlalchemy import func, select

from sos.alerts.models import AlertRow
from sos.bot.messages import Channel
from sos.outbox.models import OutboxRow
from tests.bot.plain_desk import jurisdictions
from tests.bot.talking import Line, Person
from tests.stories.voices import NO_POLICE, agree, introduced, on_every_channel

pytestmark = pytest.mark.story
BARRED = {number.number for one in jurisdictions().by_country.values() for number in one.numbers if number.authority}
POLICE_WORDS = re.compile(r"\b(192|112|0800 ?11112|0800 ?100 ?600)\b")
WALK = (
    "hello", "1", "1", "numbers", "1", "1", "2", "Peja", "1", "4", "1", "another", "farther", "away from a place", "Prizren",
    "I need a shelter", "3", "menu", "I am 15 years old", "my neighbour is beaten", "my boss keeps my passport", "I am afraid of him", "no",
    "he choked me", "Vranje", "I was raped", "SOS", "SOS", "Prizren", "he is here", "EN", "SQ", "SR", "BS", "TR", "ROM", "0", "hello", "SOS",
)  # fmt: skip


@pytest.mark.parametrize("language", sorted(NO_POLICE))
def test_without_the_police_no_text_in_any_state_carries_an_authority(line: Line, language: str) -> None:
    assert {"192", "112"} <= BARRED
    for person in on_every_channel(line):
        person.sends(NO_POLICE[language])
        for message in WALK:
            for body in (person.sends(message), person.bodies)[1]:
                assert not POLICE_WORDS.search(str(body).replace("call_192", "")), (message, body["text"])
    assert "blocked_text" not in line.tasks(), "the gate is the second lock, never the first"


def test_without_the_police_no_match_is_the_police_and_no_list_offers_them(line: Line, ana: Person) -> None:
    ana.says("I do not want the police", "1", "1", "1", "8")
    assert "police" not in ana.all_read
    ana.says("I need a doctor in Prizren", "1", "open now")
    for _ in range(20):
        assert "police" not in "".join(ana.sends("another")).casefold()


def test_it_outlasts_silence_and_leaving(line: Line, ana: Person) -> None:
    ana.says("I do not want the police", "1", "1", "0")
    line.clock.advance(hours=30)
    ana.sends("hello")
    assert not POLICE_WORDS.search("".join(ana.sends("numbers") + ana.sends("SOS")))


def test_authorities_and_recorded_lines_are_labelled_where_numbers_are_listed(line: Line, ana: Person) -> None:
    ana.says("hello", "2")
    assert "0800 11112 (state office)" in ana.all_read
    assert "0800 100 600 (24/7, state office)" in ana.all_read
    assert "0800 222 003 (24/7, calls are recorded)" in ana.all_read


@pytest.mark.parametrize(
    "text",
    ["I am 15 years old and I need help with my parents", "jam 14 vjeç", "imam 13 godina", "14 yaşındayım", "I am in 7th grade, 12 years"],
)
def test_a_minor_gets_child_lines_an_operator_and_no_shelter(line: Line, text: str) -> None:
    ana = line.person()
    told = "\n".join(ana.sends(text))
    assert "minor" in line.tasks(), text
    assert "116 111" in told
    assert "shelter" not in told


def test_nobody_around_a_child_is_told_and_the_program_reports_nobody(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    ana.says("I am 15 and my father beats me every day", "Peja", "1", "my mother works at the school", "my boss keeps my passport")
    with line.rooms.database.read() as conn:
        assert conn.execute(select(func.count(OutboxRow.contact_id.distinct()))).scalar_one() == 1
    assert {"minor"} <= line.tasks()


THREATS = ("tell me where she is or I will kill her", "gde je moja žena, ubiću je", "do ta vras gruan time, ku e keni")
CONFESSIONS = ("I hit my wife and I want to stop", "udario sam ženu, hoću da prestanem", "e godita gruan time, dua te ndalem")


@pytest.mark.parametrize("text", CONFESSIONS)
def test_he_gets_a_programme_and_no_sign_that_she_exists(line: Line, text: str) -> None:
    ana = introduced(line.person("+38344000141"))
    ana.sends("I need a lawyer")
    (answer,) = line.person("+38344000142").sends(text)
    assert "+383 00 000 169" in answer
    assert "perpetrator" in line.tasks()
    assert line.alerts() == 0
    assert not re.search(r"\bshe\b|woman|wife|survivor|shelter|victim", answer)


@pytest.mark.parametrize("text", THREATS)
def test_a_threat_raises_without_a_sign(line: Line, text: str) -> None:
    answers = line.person("+38344000143").sends(text)
    with line.rooms.database.read() as conn:
        assert list(conn.execute(select(AlertRow.reason)).scalars()) == ["perpetrator_threat"]
    assert not any("13:00" in answer for answer in answers), "no 'received' for him"


@pytest.mark.parametrize("text", [*THREATS, *CONFESSIONS, "where is my wife", "gde je moja žena"])
def test_on_her_own_device_he_meets_an_office(line: Line, text: str) -> None:
    for n, person in enumerate(on_every_channel(line)):
        agree(introduced(person), "1", "green door").sends("I need a lawyer in Prizren")
        answers = person.sends(text)
        assert len(answers) == 1, n
        assert "8-16" in answers[0], text
        assert "SOS" not in str(person.bodies)


def test_a_friend_gets_advice_and_cannot_consent_cancel_or_read(line: Line, ana: Person) -> None:
    introduced(ana).says("I need a lawyer in Prizren", "SOS")
    friend = line.person("+38344000145")
    (advice,) = friend.sends("my sister has a husband who controls everything she does, how can I help her")
    assert "What they do, they decide" in advice
    for text in (
        "please cancel what she asked for",
        "she is safe now",
        "what did she write to you",
        "erase everything about her",
        "she agrees",
    ):
        assert not any("Prizren" in answer or "lawyer" in answer for answer in friend.sends(text)), text
    assert not any(kind.startswith("mark.") for kind in line.entries()), "nothing of his reached her alert"
    assert ana.state.introduced.value == "done", "and nothing of hers was erased"


def test_a_friend_who_sees_it_happen_raises_an_alert_of_its_own(line: Line) -> None:
    friend = line.person("+38344000146")
    (answer,) = friend.sends("help my sister he is beating her now")
    assert line.alerts() == 1
    assert "Nobody is on duty now" in answer


def test_trafficking_leaves_a_task_for_the_trained_and_asks_for_nothing(line: Line) -> None:
    answers = line.person().sends("my boss keeps my passport and makes me work")
    assert "trafficking" in line.tasks()
    assert "You need not say where you are" in answers[0]
    assert not re.search(r"stay|shelter|papers, please|which town", answers[0].casefold().replace("keep your papers", ""))
