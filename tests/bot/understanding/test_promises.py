"""Single promises of DOMAIN, a sentence a row: what must be heard, and what must not be mistaken for it."""

import pytest

from sos.bot.understanding.intents import Danger, Intent, Signal
from sos.bot.understanding.understander import Understander

PROBABLE, DOUBTFUL = Danger.PROBABLE, Danger.DOUBTFUL

SOS_WORDS = (
    "SOS", "sos", "S.O.S.", "s o s", "S-O-S", "SOOS", "SSOS", "s0s", "СОС", "СоС", "🆘", "help", "heeeelp", "HLEP", "help me",
    "ndihmë", "NDIHME", "ndihm", "ndihmoni", "pomoć", "pomoc", "помоћ", "ПОМОЋ", "pmooc", "upomoć", "pomozite", "imdat", "İMDAT",
    "yardım edin", "zhutipe", "žutipe",
)  # fmt: skip


@pytest.mark.parametrize("text", SOS_WORDS)
def test_an_sos_is_one_word_in_any_script_language_or_misspelling(understander: Understander, text: str) -> None:
    answer = understander.understand(text)
    assert answer.intent is Intent.SOS
    assert answer.danger is PROBABLE


HEARD = (
    ("he is choking me", Signal.CHOKING),
    ("po ma zë fytin", Signal.CHOKING),
    ("davi me", Signal.CHOKING),
    ("boğazımı sıktı", Signal.CHOKING),
    ("I took all the pills", Signal.OVERDOSE),
    ("popila sam sve tablete", Signal.OVERDOSE),
    ("i kam pi krejt tabletat", Signal.OVERDOSE),
    ("I want to die", Signal.SUICIDE),
    ("dua te vdes", Signal.SUICIDE),
    ("želim da umrem", Signal.SUICIDE),
    ("ölmek istiyorum", Signal.SUICIDE),
    ("he has a knife", Signal.WEAPON),
    ("ka thike", Signal.WEAPON),
    ("има нож", Signal.WEAPON),
    ("he beats my children", Signal.CHILDREN_IN_DANGER),
    ("tuče decu", Signal.CHILDREN_IN_DANGER),
    ("he raped me", Signal.SEXUAL_VIOLENCE),
    ("me perdhunoi", Signal.SEXUAL_VIOLENCE),
    ("silovao me je", Signal.SEXUAL_VIOLENCE),
    ("he will kill me", Signal.DEATH_THREAT),
    ("ka me m'vra", Signal.DEATH_THREAT),
    ("ubiće me", Signal.DEATH_THREAT),
    ("I am 14 and my dad hits me", Signal.UNDER_18),
    ("jam 15 vjec, baba me rreh", Signal.UNDER_18),
    ("imam 13 godina i otac me tuče", Signal.UNDER_18),
    ("my boss keeps my passport", Signal.TRAFFICKING),
    ("shefi ma ka marre pasaporten", Signal.TRAFFICKING),
    ("gazda mi je uzeo pasoš", Signal.TRAFFICKING),
    ("he hits me but please do not call the police", Signal.POLICE_BARRED),
    ("me rreh, mos thirrni policine", Signal.POLICE_BARRED),
    ("tuče me, nemojte zvati policiju", Signal.POLICE_BARRED),
)


@pytest.mark.parametrize(("text", "signal"), HEARD)
def test_what_a_flow_must_know_is_heard_as_a_signal(understander: Understander, text: str, signal: Signal) -> None:
    answer = understander.understand(text)
    assert signal in answer.signals
    assert answer.danger is not None


SAID = (
    ("me rrah", Intent.SOS, PROBABLE),
    ("s'mundem me marr frymë", Intent.SOS, PROBABLE),
    ("po m'myt", Intent.SOS, PROBABLE),
    ("I am NOT safe, he came back", Intent.SOS, PROBABLE),
    ("I am safe now", Intent.SAFE, None),
    ("jam e sigurt tani", Intent.SAFE, None),
    ("na sigurnom sam", Intent.SAFE, None),
    ("I am not in danger, just asking", Intent.UNKNOWN, None),
    ("the film killed me", Intent.UNKNOWN, None),
    ("I'm dying of laughter", Intent.UNKNOWN, None),
    ("SOS tomatoes", Intent.UNKNOWN, None),
    ("help my computer", Intent.UNKNOWN, None),
    ("I killed time", Intent.UNKNOWN, None),
    ("where is my wife", Intent.PERPETRATOR, None),
    ("I will find her and kill her", Intent.PERPETRATOR, PROBABLE),
    ("I want to stop hitting my wife", Intent.PERPETRATOR, None),
    ("my neighbour is being beaten right now", Intent.THIRD_PARTY, PROBABLE),
)


@pytest.mark.parametrize(("text", "intent", "danger"), SAID)
def test_danger_is_told_from_talk(understander: Understander, text: str, intent: Intent, danger: Danger | None) -> None:
    answer = understander.understand(text)
    assert (answer.intent, answer.danger) == (intent, danger)


def test_old_violence_with_a_plain_question_is_a_service_and_keeps_its_signal(understander: Understander) -> None:
    answer = understander.understand("he beat me ten years ago, I need a lawyer")
    assert (answer.intent, answer.category, answer.danger) == (Intent.SERVICE, "legal_aid", None)
    assert Signal.PAST_VIOLENCE in answer.signals


COMMANDS = (
    ("ERASE", Intent.ERASE), ("fshi", Intent.ERASE), ("obriši", Intent.ERASE), ("обриши", Intent.ERASE), ("sil", Intent.ERASE),
    ("EXIT", Intent.EXIT), ("0", Intent.EXIT), ("STOP", Intent.EXIT), ("dil", Intent.EXIT), ("izađi", Intent.EXIT), ("çık", Intent.EXIT),
)  # fmt: skip


@pytest.mark.parametrize(("text", "intent"), COMMANDS)
def test_commands_work_in_any_language(understander: Understander, text: str, intent: Intent) -> None:
    assert understander.understand(text).intent is intent


LANGUAGE_WISHES = (("shqip", "sq"), ("na srpskom", "sr"), ("English please", "en"), ("türkçe", "tr"), ("romane", "rom"), ("bosanski", "bs"))


@pytest.mark.parametrize(("text", "code"), LANGUAGE_WISHES)
def test_a_wish_for_a_language_names_its_code(understander: Understander, text: str, code: str) -> None:
    answer = understander.understand(text)
    assert (answer.intent, answer.category) == (Intent.LANGUAGE, code)


def test_the_answer_does_not_show_her_words_when_printed(understander: Understander) -> None:
    assert "planted" not in repr(understander.understand("planted words, he hit me"))
