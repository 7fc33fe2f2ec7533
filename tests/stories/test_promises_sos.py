"""Promises 3, 4 and 18: one word or tap raises at any step, in any language; the first answer is true and complete, should it be the last."""

import re

import pytest
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.bot.messages import Channel
from sos.outbox.models import OutboxRow
from tests.bot.plain_desk import texts
from tests.bot.talking import Line, Person
from tests.stories.voices import CRIES, LANGUAGES, agree, introduced, on_every_channel

pytestmark = pytest.mark.story
NOBODY_ON_DUTY = {
    "sq": "askush nuk eshte ne detyre",
    "sr": "niko nije dezuran",
    "bs": "niko nije dezuran",
    "tr": "nöbette kimse yok",
    "en": "Nobody is on duty",
}
STEPS = (
    ("before a word was said", ()),
    ("after the first line", ("hello",)),
    ("after the limits", ("hello", "1")),
    ("in the menu", ("hello", "1", "1")),
    ("choosing a kind of help", ("hello", "1", "1", "1")),
    ("asked for a place", ("hello", "1", "1", "1", "1")),
    ("asked which place", ("hello", "1", "1", "I need a lawyer in Kamenica")),
    ("asked what matters", ("hello", "1", "1", "I need a lawyer in Prizren")),
    ("before a match", ("hello", "1", "1", "I need a lawyer in Prizren", "4")),
    ("staying away", ("hello", "1", "1", "I need a lawyer in Prizren", "4", "away from a place")),
    ("before the fixed line", ("hello", "1", "1", "I need somewhere to stay")),
    ("writing to a person", ("hello", "1", "1", "3")),
    ("writing a word", ("hello", "1", "1", "5", "1")),
    ("choosing a language", ("hello", "1", "1", "4")),
    ("asked about erasing", ("hello", "1", "1", "please delete what I wrote")),
    ("after she left", ("hello", "1", "1", "0")),
    ("after ERASE", ("hello", "1", "1", "ERASE")),
    ("without the police", ("hello", "1", "1", "I do not want the police")),
)


@pytest.mark.parametrize(("where", "before"), STEPS, ids=[where for where, _ in STEPS])
def test_a_cry_raises_at_every_step_in_every_language_and_spelling(line: Line, where: str, before: tuple[str, ...]) -> None:
    cries = [cry for language in LANGUAGES for cry in CRIES[language]]
    asked = cries if line.rooms.database.dialect == "sqlite" else cries[:: max(1, len(cries) // 6)]
    for n, cry in enumerate(asked, 1):
        ana = line.person(f"+38344{n:06}").says(*before)
        ana.sends(cry)
        assert line.alerts() == n, (where, cry)
        assert ana.lanes[0] == "sos", (where, cry)


def test_it_raises_in_cover_and_behind_the_lock_and_never_asks_a_word_first(line: Line) -> None:
    offices = {texts().say("cover.office", language) for language in LANGUAGES}
    for n, (language, cries) in enumerate(CRIES.items()):
        hidden, away = line.person(f"+3834411000{n}"), line.person(f"+3834412000{n}")
        agree(introduced(hidden), "2", "tomatoes").sends("tomatoes")
        assert hidden.sends(cries[0])[0] in offices, language
        agree(introduced(away), "1", "green door")
        line.clock.advance(hours=2)
        answers = away.sends(cries[0])
        assert away.lanes[0] == "sos"
        assert "word, please" not in answers[0]
        assert line.alerts() == 2 * n + 2, language


def test_one_tap_is_enough_on_telegram_and_web_at_every_step(line: Line) -> None:
    raised = 0
    for channel in (Channel.TELEGRAM, Channel.WEB):
        for n, (where, before) in enumerate(STEPS):
            ana = line.person(f"tap-{channel}-{n}", channel).says(*before)
            ana.taps(":sos")
            raised += 1
            assert line.alerts() == raised, where


@pytest.mark.parametrize("language", sorted(NOBODY_ON_DUTY))
def test_the_first_answer_is_complete_and_true_in_her_language(line: Line, language: str) -> None:
    ana = introduced(line.person(), language)
    answer = ana.sends("SOS")[0]
    assert NOBODY_ON_DUTY[language] in answer
    for part in ("13:00", "112", "192", "?"):
        assert part in answer, part
    assert answer.index("13:00") < answer.index(NOBODY_ON_DUTY[language]) < answer.rindex("192"), "what came in, who is there, what to do"


def test_if_you_hear_nothing_stands_in_every_sos_text_of_every_language() -> None:
    found = texts()
    unread = {"sq": "e ka lexuar", "sr": "nije procita", "bs": "nije procita", "tr": "okuma", "en": "nobody has read"}
    keys = [
        "sos.first",
        "sos.first.medical",
        "sos.first.no_police",
        "sos.first.no_number",
        "sos.again",
        "sos.again.no_police",
        "third.danger",
    ]
    for language, words in unread.items():
        for key in keys:
            said = found.say(key, language, time="1", danger="2", ambulance="3", police="4", times="5")
            assert words in re.sub("[čć]", "c", said).replace("š", "s"), (language, key, said)


def test_a_flood_is_one_alert_with_a_count_and_no_message_goes_unanswered(line: Line, ana: Person) -> None:
    for _ in range(60):
        assert ana.sends("SOS")
    with line.rooms.database.read() as conn:
        assert list(conn.execute(select(AlertRow.count)).scalars()) == [60]


def test_whether_a_colleague_may_call_is_asked_kept_and_the_program_calls_nobody(line: Line, ana: Person) -> None:
    assert "May a colleague call 192 for you?" in introduced(ana).sends("SOS")[0]
    assert "The program never calls" in ana.sends("1")[0]
    assert "call_192_yes" in line.entries()
    ana.sends("no")
    assert line.entries()[-1] == "call_192_no"
    with line.rooms.database.read() as conn:
        assert set(conn.execute(select(OutboxRow.contact_id)).scalars()) == set(
            conn.execute(select(OutboxRow.contact_id).limit(1)).scalars()
        )


def test_no_police_takes_back_a_yes_and_stands_on_a_new_alert(line: Line, ana: Person) -> None:
    ana.says("SOS", "1", "I do not want the police")
    assert line.entries().count("call_192_no") == 1
    other = line.person("+38344000102").says("no police please")
    other.sends("SOS")
    assert line.entries().count("call_192_no") == 2


def test_what_follows_is_added_and_every_answer_stays_true(line: Line, ana: Person) -> None:
    ana.sends("SOS")
    for text in ("he went out for cigarettes", "Prizren", "third floor", "I am in the bathroom"):
        for answer in ana.sends(text):
            assert "nobody has read this yet" in answer
    assert line.entries().count("words") + line.entries().count("place") >= 5


def test_suffocation_overdose_and_wanting_to_die_are_an_sos_with_the_ambulance(line: Line) -> None:
    said = ("I can't breathe, he choked me", "I took all the pills", "I want to die", "dua te vdes", "hoću da umrem", "ölmek istiyorum")
    for n, text in enumerate(said, 1):
        answers = line.person(f"+3834413000{n}").sends(text)
        assert "194" in answers[0], text
        assert line.alerts() == n, text


def test_after_choking_no_marks_does_not_mean_no_injury(line: Line) -> None:
    for n, (text, part) in enumerate(
        [
            ("he choked me", "no marks does not mean no injury"),
            ("me zuri fyti", "shenja"),
            ("davio me je", "tragov"),
            ("boğazımı sıktı", "iz"),
        ]
    ):
        answers = line.person(f"+3834414000{n}").sends(text)
        assert any(part in answer for answer in answers[1:]), (text, answers)


def test_the_72_hours_are_said_at_once_calmly_and_once_with_where_to_go(line: Line) -> None:
    for person in on_every_channel(line):
        answers = person.sends("I was raped last night")
        (note,) = [text for text in answers if "72 hours" in text]
        assert "You decide what is done" in note
        assert "!" not in note
        assert not any("72 hours" in text for text in person.sends("he raped me"))


def test_a_film_is_no_sos_and_i_am_not_safe_is_one(line: Line) -> None:
    line.person("+38344150001").sends("the film killed me, so good")
    assert line.alerts() == 0
    line.person("+38344150002").sends("I am NOT safe, he came back")
    assert line.alerts() == 1
