"""Words as phones and dialects write them, and guards that hold only in their own language."""

import pytest

from sos.bot.understanding.intents import Danger, Intent, Signal
from sos.bot.understanding.understander import Understander


@pytest.mark.parametrize(
    "text", ["burri mdhunon", "mrrafin krejt", "mka thye doren", "tuko me sinoc", "udaro me muz", "bojim se da ce me ubit"]
)
def test_glued_and_clipped_words_are_heard(understander: Understander, text: str) -> None:
    assert understander.understand(text).intent is Intent.SOS


def test_a_guard_behind_a_clitic_holds_no_danger_back(understander: Understander) -> None:
    assert understander.understand("ka marr thiken nkuzhin").danger is Danger.PROBABLE


@pytest.mark.parametrize("text", ["👍", "❤️", "🔥", "😊😊", "🏃‍♀️"])
def test_a_picture_alone_is_neither_danger_nor_english(understander: Understander, text: str) -> None:
    answer = understander.understand(text)
    assert (answer.intent, answer.danger, answer.language) == (Intent.UNKNOWN, None, None)


def test_the_sos_picture_is_an_sos(understander: Understander) -> None:
    assert understander.understand("🆘").intent is Intent.SOS


def test_albanian_ne_is_no_serbian_not(understander: Understander) -> None:
    assert Signal.POLICE_BARRED not in understander.understand("dua te lajmeroj rastin ne polici").signals
    assert Signal.POLICE_BARRED in understander.understand("ne zovite policiju").signals


def test_serbian_and_is_no_english_i(understander: Understander) -> None:
    assert understander.understand("hoće decu da mi uzme i pobije nas sve").intent is Intent.SOS


@pytest.mark.parametrize("text", ["I want to report to the police", "hocu da prijavim policiji", "polise şikayet etmek istiyorum"])
def test_reporting_is_a_service_and_calling_is_an_sos(understander: Understander, text: str) -> None:
    assert understander.understand(text).category == "police"
    for call in ("call the police", "zovite policiju", "polis çağırın"):
        assert understander.understand(call).intent is Intent.SOS
