"""She ends what she agreed to in one word, in her language; without the check word it stops being readable at once, and nobody is told (DOMAIN 39)."""

from datetime import timedelta

import pytest

from sos.bot.commands import Command
from sos.referrals.access import Viewer
from sos.referrals.consents.receipts import Receipt, Recipient
from sos.referrals.consents.states import Consent, Field, Purpose
from tests.bot.plain_desk import commands
from tests.bot.talking import Line, Person
from tests.stories.hotline import her_id, on_duty
from tests.stories.voices import agree, introduced

pytestmark = pytest.mark.story
HOUSE, LAWYER = Recipient("service", "9" * 32), Recipient("outside", "Legal aid office, Prizren")
NEEDS = {Field.NEEDS: "a lawyer", Field.LANGUAGE: "sq"}


def consents(person: Person, to: Recipient = LAWYER) -> tuple[Receipt, str]:
    """She said yes on the telephone; the receipt and the referral that was sent on it."""
    rooms = person.line.rooms
    with rooms.database.write() as unit:
        until, who = unit.now + timedelta(days=20), her_id(person)
        given = rooms.consents.give(
            unit, survivor_id=who, recipient=to, fields=set(NEEDS), purpose=Purpose.ARRANGE, until=until, by="a" * 32
        )
        return given, rooms.referrals.send(unit, survivor_id=who, recipient=to, values=NEEDS, by="a" * 32)


def state(person: Person, receipt: Receipt) -> Consent:
    rooms = person.line.rooms
    with rooms.database.write() as unit:
        return next(one.state for one in rooms.consents.of(unit, her_id(person), ended_too=True) if one.id == receipt.id)


def readable(person: Person, referral: str, to: Recipient = LAWYER) -> bool:
    rooms = person.line.rooms
    with rooms.database.write() as unit:
        return rooms.referral_reading.open(unit, referral, Viewer("c" * 32, to)) is not None


STOPS = {"en": "STOP", "sq": "NDAL", "sr": "STANI", "sr Cyrillic": "СТАНИ", "bs": "stani", "tr": "DUR"}


@pytest.mark.parametrize("word", STOPS.values(), ids=STOPS.keys())
def test_one_word_in_her_language_ends_all_of_it_at_once(ana: Person, word: str) -> None:
    introduced(ana)
    receipt, referral = consents(ana)
    assert readable(ana, referral)
    ana.sends(word)
    assert state(ana, receipt) is Consent.SUSPENDED
    assert not readable(ana, referral)
    assert "consent_withdrawn" in ana.line.tasks()


def test_the_code_and_the_word_end_one_and_are_thanked_like_anything_else(ana: Person) -> None:
    introduced(ana)
    (one, first), (other, second) = consents(ana), consents(ana, HOUSE)
    with_it = ana.sends(f"{one.code} STOP")
    assert (state(ana, one), state(ana, other)) == (Consent.SUSPENDED, Consent.LIVE)
    assert not readable(ana, first)
    assert readable(ana, second, HOUSE)
    assert with_it == ana.sends(f"stop {one.code.lower()}") == ana.sends("H9 STOP") == ["Thank you, noted."]


def test_nobody_can_tell_whether_there_was_anything(line: Line) -> None:
    with_it, without = introduced(line.person("+38344000102")), introduced(line.person("+38344000103"))
    consents(with_it)
    for words in ("STOP", "hello", "withdraw", "K7 STOP"):
        assert with_it.sends(words) == without.sends(words), words


def test_with_her_check_word_it_is_final_and_closed_everywhere(ana: Person) -> None:
    agree(introduced(ana), "1", "green door")
    receipt, referral = consents(ana)
    ana.says("green door")
    assert ana.sends(f"{receipt.code} STOP") == ["Thank you, noted."]
    assert state(ana, receipt) is Consent.WITHDRAWN
    with ana.line.rooms.database.write() as unit:
        assert ana.line.rooms.referral_reading.open(unit, referral, Viewer("a" * 32)) is None
    assert "consent_withdrawn" not in ana.line.tasks()


def test_what_was_stopped_comes_back_only_by_a_person_who_asked_her(ana: Person) -> None:
    introduced(ana)
    receipt, referral = consents(ana)
    ana.sends("withdraw")
    with ana.line.rooms.database.write() as unit:
        ana.line.rooms.consents.confirm_again(unit, receipt.id, by="a" * 32)
    assert readable(ana, referral)


def test_a_friend_on_her_telephone_ends_nothing_for_good(ana: Person) -> None:
    agree(introduced(ana), "1", "green door")
    receipt, _ = consents(ana)
    ana.says("green door", "my neighbour is beaten by her husband, how can I help her")
    assert ana.state.verified
    ana.sends("withdraw")
    assert state(ana, receipt) is Consent.SUSPENDED


def test_under_the_cover_an_office_answers_and_it_is_ended_all_the_same(ana: Person) -> None:
    agree(introduced(ana), "2", "flower shop")
    receipt, _ = consents(ana)
    ana.says("flower shop")
    ana.sends("STOP")
    assert state(ana, receipt) is Consent.SUSPENDED
    assert "office" in ana.all_read


@pytest.mark.parametrize("language", ["en", "sq", "sr", "bs", "tr"])
def test_behind_her_word_each_receipt_is_read_back_in_one_text(ana: Person, language: str) -> None:
    agree(introduced(ana, language), "1", "green door")
    receipt, _ = consents(ana)
    rooms = ana.line.rooms
    ana.line.clock.advance(minutes=40)
    asked = ana.sends(rooms.texts.say("command.consents", language).split(",")[0])
    assert receipt.code not in "".join(asked), "nothing before the word"
    ana.says("green door")
    lines = ana.sends(rooms.texts.say("command.consents", language).split(",")[0])
    said = next(one for one in lines if "Legal aid" in one)
    assert receipt.code in said
    assert len(said) <= 160


def test_what_is_over_is_asked_about_once_and_may_be_skipped(ana: Person) -> None:
    agree(introduced(ana), "1", "green door")
    _, referral = consents(ana)
    rooms = ana.line.rooms
    with rooms.database.write() as unit:
        for how in ("accept", "begin", "complete"):
            rooms.referrals.act(unit, referral, Viewer("c" * 32, LAWYER), how)
    ana.says("consents", "green door")
    ana.says(*(["hello", "consents"] if "How was it" not in ana.all_read else []))
    assert "How was it" in ana.all_read
    ana.sends("1")
    with rooms.database.write() as unit:
        assert rooms.referral_reading.words(unit, referral, Viewer("a" * 32)) == [("her_word", "good")]
    ana.says("consents")
    assert "How was it" not in ana.all_read


def test_the_end_that_was_agreed_comes_by_itself(ana: Person) -> None:
    introduced(ana)
    on_duty(ana.line)
    receipt, referral = consents(ana)
    ana.line.clock.advance(days=21)
    from sos.deadlines.actions import fire_due
    from sos.worker.schedule import handlers

    while fire_due(ana.line.rooms.database, handlers(ana.line.rooms)):
        pass
    assert state(ana, receipt) is Consent.EXPIRED
    with ana.line.rooms.database.write() as unit:
        assert ana.line.rooms.referral_reading.open(unit, referral, Viewer("a" * 32)) is None


def test_an_unproven_erase_hides_it_and_waits_for_a_person(ana: Person) -> None:
    introduced(ana)
    receipt, referral = consents(ana)
    rooms, who = ana.line.rooms, her_id(ana)
    ana.says("ERASE", "1")
    assert not readable(ana, referral)
    with rooms.database.write() as unit:
        assert rooms.survivors.key_of(unit, who), "kept until a person closes it"
        rooms.consents.withdraw(unit, who, code=receipt.code, verified=True, by="a" * 32)
    with rooms.database.read() as conn:
        assert not rooms.referrals.has_open(conn, who)


@pytest.mark.parametrize("words", ["please stop him", "stop sharing", "SOS", "K7", "stop 7", "stani majko"])
def test_no_other_words_end_anything(words: str) -> None:
    said = commands().command_of(words)
    assert said is None or said.command is Command.SOS
