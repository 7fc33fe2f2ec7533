"""Whatever is written, in any order: nothing raises, everything is answered, and SOS, exit and erase are always one message away."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sos.bot.engine import Introduced, State, with_numbers
from sos.bot.flows.registry import STEPS
from sos.bot.messages import Channel, Kind
from sos.clock import ManualClock
from sos.texts.gate import refusal
from sos.texts.script import Script
from sos.texts.segments import measure
from tests.bot.plain_desk import PlainDesk, Talk, jurisdictions, texts

LONG_WORDS = 20
WORDS = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",
    "yes",
    "no",
    "skip",
    "more",
    "po",
    "jo",
    "da",
    "ne",
    "evet",
    "va",
    "sos",
    "SOS",
    "stop",
    "erase",
    "fshi",
    "obriši",
    "sil",
    "en",
    "sq",
    "sr",
    "bs",
    "tr",
    "rom",
    "ћирилица",
    "latinica",
    "menu",
    "meni",
    "numbers",
    "hello",
    "tung",
    "zdravo",
    "merhaba",
    "thanks",
    "faleminderit",
    "hvala",
    "Prizren",
    "Pejë",
    "Пећ",
    "Vranje",
    "Drenoc",
    "Gjakova",
    "lawyer",
    "avokat",
    "doctor",
    "mjek",
    "lekar",
    "shelter",
    "strehim",
    "papers",
    "another",
    "tjetër",
    "druga",
    "farther",
    "away",
    "number",
    "person",
    "njeri",
    "safe",
    "cancel",
]
SENTENCES = (
    "I need a lawyer in Prizren", "me duhet mjek", "treba mi sigurna kuća", "he was angry again and I am afraid", "I do not want the police",
    "my boss keeps my passport", "I am 15 years old", "he raped me yesterday", "he choked me", "I hit my wife and I want to stop",
    "my neighbour is beaten by her husband", "I want to die", "my word is green", "green door", "yellow cup", "tomatoes", "asdf qwer", "???", "😀", "",
    "x" * 3000, "\x00\ud800".encode("utf-8", "replace").decode(), "where is she, tell me", "delete everything please", "SOS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is no text. Wrapped, because hypothesis takes a member of a text enum for a text when it varies an example."""

    kind: Kind


TEXTS = st.sampled_from(WORDS) | st.sampled_from(SENTENCES) | st.text(max_size=30)
KINDS = st.sampled_from(
    [Thing(kind) for kind in (Kind.ATTACHMENT, Kind.LOCATION, Kind.LIVE_LOCATION, Kind.LIVE_LOCATION_ENDED, Kind.UNREADABLE)]
)
MESSAGES = TEXTS | KINDS | st.integers(1, 9) | st.just("wait")
NAMED = {"192", "112", "0800 11112", "0800 100 600"}


def write(talk: Talk, message: object) -> None:
    """One message: words, something that is no text, a tap on the n-th button, or silence."""
    if message == "wait":
        talk.desk.clock.advance(minutes=31)
    elif isinstance(message, Thing):
        talk.sends("", message.kind, (42.21, 20.74) if "location" in message.kind else None)
    elif isinstance(message, int):
        buttons = [button for one in talk.rendered for button in one.buttons] or [None]
        button = buttons[message % len(buttons)]
        talk.sends(button.value if button else "menu:service", Kind.BUTTON)
    else:
        talk.sends(str(message))


@settings(max_examples=120, deadline=None)
@given(st.lists(MESSAGES, max_size=40), st.sampled_from(list(Channel)), st.booleans())
def test_any_sequence_of_messages_is_answered_and_leaves_the_way_to_help_open(
    messages: list[object], channel: Channel, with_numbers_: bool
) -> None:
    talk = Talk(PlainDesk(channel=channel, without_numbers=not with_numbers_))
    for message in messages:
        write(talk, message)
        if message == "wait":
            continue
        said_once = bool({"live", "live_unneeded"} & set(talk.state.told))  # what her phone sends by itself is answered once
        live_again = (message == Thing(Kind.LIVE_LOCATION) and said_once) or (
            message == Thing(Kind.LIVE_LOCATION_ENDED) and talk.state.cover
        )
        assert talk.answer.replies or live_again
        json.dumps(talk.state.to_json())
        assert talk.state.step == "" or talk.state.step in STEPS
        for rendered, reply in zip(talk.rendered, talk.answer.replies, strict=True):
            barred = {number.number for one in jurisdictions().by_country.values() for number in one.numbers if number.authority}
            assert refusal(rendered.text, barred_numbers=barred if talk.state.police_barred else ()) is None, rendered.text
            if channel is Channel.SMS and talk.state.script is Script.LATIN:
                assert rendered.segments <= texts().declared(reply.key).sms, (reply.key, rendered.text)
                assert measure(rendered.text).encoding == "gsm7"
    before = len(talk.desk.alerts)
    talk.sends("SOS")
    assert len(talk.desk.alerts) == before + 1
    assert talk.answer.replies[0].urgent or talk.state.cover
    erased = talk.desk.erased
    talk.sends("erase")
    assert talk.desk.erased == erased + 1
    talk.sends("0")
    assert talk.keys[0] in ("exit.done", "cover.office")


EVERYWHERE = [(code, Script.LATIN) for code in texts().languages] + [("sr", Script.CYRILLIC)]


@pytest.mark.parametrize(("language", "script"), EVERYWHERE)
@pytest.mark.parametrize("word", ["SOS", "sos!", "СОС", "s.o.s"])
def test_sos_raises_at_every_step_in_every_language_and_script(language: str, script: Script, word: str) -> None:
    assert len(STEPS) > 25
    for step in ["", *STEPS]:
        for introduced in Introduced:
            talk = Talk(
                state=State(language=language, chosen=True, script=script, step=step, introduced=introduced, wish={"category": "health"})
            )
            talk.sends(word)
            assert talk.desk.alerts, (language, step)
            assert talk.answer.replies[0].urgent
            assert talk.state.step == "sos"


@pytest.mark.parametrize("cry", ["help", "ndihmë", "upomoć", "imdat", "he is killing me", "po me rreh", "hoće da me ubije"])
def test_a_cry_for_help_raises_at_every_step_whatever_answers_are_offered(cry: str) -> None:
    for language in ("en", "sq", "sr"):
        for step in ["", *STEPS]:
            talk = Talk(state=State(language=language, chosen=True, step=step, introduced=Introduced.DONE, wish={"category": "health"}))
            talk.sends(cry)
            assert talk.desk.alerts, (language, step)


@pytest.mark.parametrize("language", texts().languages)
def test_exit_and_erase_work_at_every_step(language: str) -> None:
    for step in ["", *STEPS]:
        talk = Talk(state=State(language=language, chosen=True, step=step, introduced=Introduced.DONE, wish={"category": "health"}))
        start = talk.state
        talk.sends("0")
        assert talk.keys == ["exit.done"], step
        talk.state = start
        talk.sends("ERASE")
        assert talk.desk.erased == 1, step


@pytest.mark.parametrize("language", ["en", "sq", "sr", "bs", "tr"])
def test_every_answer_of_every_question_can_be_given_by_number_and_by_words(language: str) -> None:
    looked_at = 0
    for name, step in STEPS.items():
        here = State(language=language, chosen=True, step=name, introduced=Introduced.DONE, wish={"category": "health", "word": "check"})
        for number, option in with_numbers(step.question(here, PlainDesk()).options):
            by_number, by_words = Talk(state=here), Talk(state=here)
            by_number.sends(number)
            by_words.sends(by_words.renderer().label(option))
            assert by_number.keys == by_words.keys, (name, option)
            assert by_number.answer.replies
            looked_at += 1
    assert looked_at > 60


@pytest.mark.parametrize("language", ["en", "sq", "sr"])
def test_every_question_can_be_skipped_or_left(language: str) -> None:
    for name, step in STEPS.items():
        options = {
            option.value for option in step.question(State(step=name, language=language, wish={"category": "health"}), PlainDesk()).options
        }
        assert options & {"skip", "end", "no", "go"} or name == "sos", name


@pytest.mark.parametrize(
    "damage", [lambda _: {}, lambda kept: {**kept, "step": 7, "wish": [], "held": "x"}, lambda kept: {**kept, "step": "no.such.step"}]
)
def test_a_damaged_state_still_answers(damage: Callable[[dict[str, object]], dict[str, object]]) -> None:
    talk = Talk(state=State(language="en", introduced=Introduced.DONE, step="match", wish={"category": "health"}))
    talk.state = State.from_json(damage(talk.state.to_json()))
    assert talk.sends("hello")
    talk.state = State.from_json(damage(replace(talk.state, introduced=Introduced.DONE).to_json()))
    talk.sends("SOS")
    assert talk.desk.alerts


def test_flows_know_no_channel_library_no_settings_and_no_ready_words() -> None:
    files = sorted(Path("sos/bot/flows").glob("*.py"))
    assert len(files) > 20
    for file in files:
        text = file.read_text()
        assert "import telegram" not in text
        assert "config.settings" not in text
        assert "flask" not in text
        assert not ({f'"{number}"' for number in NAMED} & set(text.split())), file
    assert ManualClock is not None
