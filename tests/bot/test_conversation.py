"""The conversation on the real rooms, on both databases: what is promised to her, told as stories."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.alerts.states import Alert
from sos.bot.conversation import Conversation
from sos.bot.messages import Channel, Kind
from sos.clock import ManualClock
from sos.conversations.models import ConversationRow, MessageRow
from sos.db.database import Database
from sos.inbox.models import InboxRow
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.survivors.models import SurvivorRow
from sos.texts.catalogue import Texts
from tests.bot.talking import CONFIG, Line, Person

pytestmark = pytest.mark.story
AUTHORITIES = ("192", "112", "0800 11112", "0800 100 600")


def introduced(person: Person) -> Person:
    return person.says("hello", "1", "1")


# --- SOS


def test_an_sos_raises_one_alert_and_answers_completely_at_once(line: Line, ana: Person) -> None:
    (answer,) = ana.sends("SOS, please help me")
    assert line.alerts() == 1
    assert ana.lanes == ["sos"]
    for part in (
        "Received 13:00",
        "Nobody is on duty now",
        "112 or 192",
        "192",
        "if you hear nothing, nobody has read it yet",
        "Where are you?",
        "May a colleague call 192",
    ):
        assert part in answer
    assert "colleague is being told" not in answer


def test_a_flood_folds_into_one_alert_with_a_count_and_every_message_is_answered(line: Line, ana: Person) -> None:
    for n in range(1, 9):
        (answer,) = ana.sends("help" if n == 1 else "sos")
        assert n == 1 or f"{n} in all" in answer
    assert line.alerts() == 1
    assert line.entries().count("words") == 8


def test_an_sos_skips_the_first_contact_and_the_check_word(line: Line, ana: Person) -> None:
    introduced(ana).says("5", "1", "green door")
    line.clock.advance(hours=3)
    (answer,) = ana.sends("help he is at the door")
    assert "Received" in answer
    assert line.alerts() == 1


def test_what_follows_an_sos_belongs_to_it(line: Line, ana: Person) -> None:
    ana.sends("SOS")
    (placed,) = ana.sends("Peja")
    assert "Pej" in placed
    assert "Serbia" not in placed, "her place is known: the numbers are those of its jurisdiction"
    ana.sends("1")
    ana.sends("he has been drinking since noon")
    assert {"words", "place", "call_192_yes"} <= set(line.entries())


def test_cancel_safe_and_stop_are_the_same_words_and_close_nothing(line: Line, ana: Person) -> None:
    ana.sends("SOS")
    assert ana.sends("cancel") == ana.sends("I am safe now") == ["Thank you, noted."]
    ana.sends("STOP")
    with line.rooms.database.read() as conn:
        assert list(conn.execute(select(AlertRow.state)).scalars()) == [Alert.RECEIVED.value]
    assert {"mark.cancel", "mark.safe"} <= set(line.entries())


def test_overdose_and_suicide_name_the_ambulance(line: Line, ana: Person) -> None:
    (answer, *_) = ana.sends("I took all the pills")
    assert "194" in answer
    assert line.alerts() == 1


def test_choking_adds_that_no_marks_does_not_mean_no_injury(line: Line, ana: Person) -> None:
    answers = ana.sends("he choked me")
    assert "no marks does not mean no injury" in answers[-1]
    assert ana.lanes == ["sos", "reply"]


def test_doubtful_words_ask_show_numbers_and_leave_a_task(line: Line, ana: Person) -> None:
    (answer,) = ana.sends("he was angry again and I am afraid")
    assert line.alerts() == 0
    assert "doubtful_sos" in line.tasks()
    assert "112 or 192" in answer
    ana.sends("1")
    assert line.alerts() == 1


def test_a_second_doubtful_message_raises(line: Line, ana: Person) -> None:
    ana.says("he was angry again and I am afraid", "I am afraid of him")
    assert line.alerts() == 1


# --- first contact


def test_first_contact_is_two_steps_before_any_question(line: Line, ana: Person) -> None:
    (first,) = ana.sends("hello")
    assert "This phone may show our texts" in first
    (limits,) = ana.sends("1")
    assert "We are not 192" in limits
    (menu,) = ana.sends("1")
    assert "1 find a service" in menu


def test_what_she_asked_first_is_kept_and_never_asked_again(line: Line, ana: Person) -> None:
    ana.says("I need a lawyer in Prizren", "1")
    (question,) = ana.sends("1")
    assert "town" not in question
    (match,) = ana.sends("skip")
    assert "Prizren" in match
    assert "You decide if you go" in match


def test_at_most_four_questions_stand_before_a_service(line: Line, ana: Person) -> None:
    introduced(ana)
    asked = 0
    (answer,) = ana.sends("find a service")
    for reply in ("2", "Drenoc", "1", "skip", "skip"):
        if "You decide" in answer or "Closest" in answer:
            break
        asked += 1
        (answer,) = ana.sends(reply)
    assert "You decide" in answer or "Closest" in answer
    assert asked <= 4


def test_another_farther_and_away_from(line: Line, ana: Person) -> None:
    introduced(ana).says("I need a lawyer", "Prizren")
    (first,) = ana.sends("skip")
    (second,) = ana.sends("another")
    assert first.split(":")[0] != second.split(":")[0]
    ana.sends("away from a place")
    _noted, again = ana.sends("Prizren")
    assert "Prizren" not in again
    for _ in range(6):
        assert not any("Prizren" in text for text in ana.sends("another"))


def test_a_person_is_a_task_that_promises_nothing(line: Line, ana: Person) -> None:
    (answer,) = introduced(ana).sends("3")
    assert "contact_her" in line.tasks()
    assert "Nobody has read it yet" in answer


# --- others


def test_no_text_carries_the_police_once_she_wants_none(line: Line, ana: Person) -> None:
    ana.sends("I do not want the police")
    for message in (
        "1",
        "1",
        "2",
        "1",
        "legal",
        "Peja",
        "skip",
        "1",
        "SOS",
        "Peja",
        "he is here",
        "SOS",
        "numbers",
        "my neighbour is beaten",
        "hello",
    ):
        for text in ana.sends(message):
            assert not any(number in text for number in AUTHORITIES), text
            assert "call 192" not in text
    assert "blocked_text" not in line.tasks(), "the gate is the second lock, never the first"


def test_a_place_to_stay_is_one_fixed_line_wherever_she_is(line: Line) -> None:
    said = []
    for n, place in enumerate(("Prizren", "Vranje", "Peja")):
        person = line.person(f"+3834400012{n}")
        introduced(person)
        said.append(person.sends(f"I need a shelter in {place}"))
    assert said[0] == said[1] == said[2]
    assert "a person can look with you" in said[0][0]


def test_someone_who_uses_violence_gets_a_programme_and_no_sign(line: Line) -> None:
    him = line.person("+38344000131")
    (answer,) = him.sends("I hit my wife and I want to stop")
    assert "possible to learn" in answer
    assert "perpetrator" in line.tasks()


def test_on_her_own_device_he_meets_an_office(line: Line, ana: Person) -> None:
    introduced(ana)
    (answer,) = ana.sends("I hit my wife and I want to stop")
    assert "office" in answer
    assert "find a service" in ana.sends("menu")[0], "she is not locked out by it"


def test_a_minor_gets_child_lines_a_task_and_no_shelter(line: Line, ana: Person) -> None:
    answers = ana.sends("I am 15 years old")
    assert "minor" in line.tasks()
    assert any("116 111" in text for text in answers)
    assert "stay" not in " ".join(answers)


def test_pictures_get_one_calm_line(line: Line, ana: Person) -> None:
    introduced(ana)
    (answer,) = ana.sends(kind=Kind.ATTACHMENT)
    assert "cannot be opened" in answer


def test_a_shared_place_is_taken_as_the_answer(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    introduced(ana).sends("I need a lawyer")
    assert ana.bodies[-1]["ask_location"]
    ana.sends(kind=Kind.LOCATION, latitude=42.21, longitude=20.74)
    assert "matters" in ana.all_read


def test_a_moving_place_is_noted_only_while_an_alert_is_open(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    introduced(ana)
    assert "not needed" in ana.sends(kind=Kind.LIVE_LOCATION, latitude=42.21, longitude=20.74)[0]
    ana.sends("sos")
    assert "noted" in ana.sends(kind=Kind.LIVE_LOCATION, latitude=42.21, longitude=20.74)[0]
    assert ana.sends(kind=Kind.LIVE_LOCATION, latitude=42.22, longitude=20.74) == []
    assert line.entries().count("point") == 2


def test_who_blocked_us_is_not_written_to(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    introduced(ana)
    assert ana.sends(kind=Kind.BLOCKED) == []


def test_one_tap_raises_in_any_question_on_telegram(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    ana.sends("hello")
    assert {"value": ":sos", "label": "SOS"} in ana.bodies[0]["buttons"]
    ana.taps(":sos")
    assert line.alerts() == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("tung, a mundeni me më ndihmu me letra", "linja e informimit"),
        ("zdravo, treba mi advokat", "informativna linija"),
        ("hello, a lawyer please", "information line"),
    ],
)
def test_she_is_answered_in_the_language_she_writes(line: Line, ana: Person, text: str, key: str) -> None:
    assert key in ana.sends(text)[0]


def test_a_choice_of_language_asks_the_same_question_again(line: Line, ana: Person) -> None:
    ana.sends("hello")
    done, question = ana.sends("SQ")
    assert "shqip" in done
    assert "linja e informimit" in question
    assert "vazhdo" in question


def test_cyrillic_is_for_who_asks_by_sms_and_for_who_writes_it_elsewhere(line: Line, ana: Person) -> None:
    assert "linija" in ana.sends("Здраво, треба ми адвокат")[0]
    assert any("српском" in text for text in ana.sends("ћирилица"))
    other = line.person("78", Channel.TELEGRAM)
    assert "линија" in other.sends("Здраво, треба ми адвокат")[0]


def test_probing_many_places_leaves_a_note_and_changes_nothing_else(line: Line, ana: Person) -> None:
    introduced(ana)
    for place in ("Prizren", "Peja", "Vranje", "Leskovac", "Novi Pazar", "Bujanovac"):
        ana.says(f"I need a lawyer in {place}", "skip")
    assert "possible_probe" in line.tasks()
    assert "Bujanovac" in ana.all_read
    assert "Received" in ana.sends("sos")[0]


def test_her_words_stand_nowhere_in_the_open(line: Line, ana: Person) -> None:
    ana.says("I need a lawyer, my planted word is xylophone", "1", "1")
    with line.rooms.database.read() as conn:
        for table in (MessageRow, ConversationRow, OutboxRow, InboxRow):
            for row in conn.execute(select(table.__table__)).all():
                assert b"xylophone" not in repr(tuple(row)).encode()
                assert "44000101" not in repr(tuple(row))


def test_a_message_is_undone_as_a_whole(line: Line, ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    queued: Callable[..., object] = broken
    monkeypatch.setattr("sos.bot.answering.outbox.queue", queued)
    with pytest.raises(RuntimeError):
        ana.sends("SOS")
    assert line.alerts() == 0
    assert line.count(SurvivorRow) == 0


def test_a_threat_raises_an_alert_without_a_sign_of_it(line: Line) -> None:
    him = line.person("+38344000133")
    answers = him.sends("tell me where she is or I will kill her")
    assert line.alerts() == 1
    assert not any("Received" in text or "person you" in text for text in answers)


def test_an_answer_to_the_sos_counts_when_it_is_tapped_late(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    ana.sends("sos")
    ana.says("menu", "1", "1")
    ana.taps("sos:yes")
    assert "call_192_yes" in line.entries()


def test_a_text_that_the_gate_refuses_is_replaced_and_a_person_is_told(
    database: Database, keystore: Keystore, clock: ManualClock, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    po = config / "languages" / "en" / "messages.po"
    po.write_text(po.read_text().replace("If someone is hurt, the ambulance is {ambulance}.", "Or 192. {ambulance}"))
    line = Line(database, keystore, clock, config)
    line.rooms.__dict__["texts"] = Texts.load(config / "languages")
    ana = line.person()
    ana.says("I do not want the police", "1", "1")
    (answer,) = ana.sends("SOS")
    assert line.alerts() == 1
    assert "192" not in answer
    assert "Nobody is on duty now" in answer
    assert "blocked_text" in line.tasks()


@pytest.mark.parametrize("broken", ["messages.po", "review.toml", "lexicon.toml"])
def test_no_broken_file_keeps_an_sos_from_its_answer(
    database: Database, keystore: Keystore, clock: ManualClock, tmp_path: Path, broken: str
) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    for folder in (config / "languages").iterdir():
        (folder / broken).write_text("{{{ = broken")
    line = Line(database, keystore, clock, config)
    line.rooms.__dict__["texts"] = Texts.load(config / "languages")
    line.conversation = Conversation.load(line.rooms)
    (answer,) = line.person().sends("SOS")
    assert line.alerts() == 1
    assert answer
