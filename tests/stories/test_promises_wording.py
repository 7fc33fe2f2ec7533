"""Promises 4, 9, 15 and the voice of this line, over every sentence of every language: nothing promised, nobody blamed, nothing told to others."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from anyascii import anyascii

from sos.bot.messages import Channel
from sos.texts.gate import refusal
from sos.texts.segments import Encoding, measure
from tests.bot.plain_desk import CONFIG, texts
from tests.bot.talking import Line
from tests.stories.voices import CRIES, LANGUAGES, introduced

pytestmark = pytest.mark.story
PROMISES = {
    "en": r"help is (coming|on)|(is|are) (coming|on (the|their) way)|is being told|will (help|call|come|save|answer)|you are safe|soon\b|immediately",
    "sq": r"ndihma (po|eshte|vjen)|po vijn|do t'?ju (ndihmojme|shpeto)|jeni i? ?sigurt|se shpejti|po njoftohet",
    "sr": r"pomoc (stize|dolazi)|dolaz[ei]|na putu|bezbedni ste|uskoro|odmah ce|pomoci cemo|obavestava se",
    "bs": r"pomoc (stize|dolazi)|dolaz[ei]|na putu|sigurni ste|uskoro|odmah ce|pomoci cemo|obavjestava se",
    "tr": r"yardim (geliyor|yolda)|yola cikti|geliyoruz|güvendesiniz|guvendesiniz|hemen gel",
    "rom": r"avela (o )?azutipe|aven (sigo)",
}
BLAME = {
    "en": r"\bwhy\b|victim|your fault|should have|we understand|must (not )?(stay|leave)|\byour? (husband|partner|wife)\b|!",
    "sq": r"\bpse\b|viktim|faji|burri juaj|bashkeshort|!",
    "sr": r"\bzasto\b|zrtv|krivi|vas muz|vaseg muza|!",
    "bs": r"\bzasto\b|zrtv|krivi|vas muz|vaseg muza|!",
    "tr": r"\bneden\b|magdur|kurban|sucunuz|kocaniz|!",
    "rom": r"\bsoske\b|viktim|!",
}
TELLING = r"violen|nasil|dhun|siddet|shelter|strehim|skloni|sos\b|alert|polic|polis|192|abuse|survivor|victim|zrtv|viktim"


def every_text() -> Iterator[tuple[str, str, str]]:
    """(language, key, folded text) of each sentence that can be said."""
    for language, catalogue in texts().catalogues.items():
        for key, entry in catalogue.entries.items():
            if not key.startswith("command."):
                yield language, key, anyascii(re.sub(r"{\w+}", "", " ".join(entry.forms))).casefold()


def test_no_sentence_promises_help_or_says_that_somebody_is_coming_or_being_told() -> None:
    seen = list(every_text())
    assert len(seen) > 600
    true_by_duty = ("sos.duty.somebody", "sos.duty.somebody.short")  # said only while somebody is: test_telling_her
    assert not [line for line in seen if re.search(PROMISES[line[0]], line[2]) and line[1] not in true_by_duty]


def test_the_control_the_forbidden_promises_are_recognised() -> None:
    for language, said in {"en": "help is coming", "sq": "ndihma po vjen", "sr": "pomoc stize", "tr": "yardim geliyor"}.items():
        assert re.search(PROMISES[language], said)


def test_nobody_is_blamed_asked_why_called_a_victim_or_shouted_at() -> None:
    assert not [(language, key, said) for language, key, said in every_text() if re.search(BLAME[language], said)]


def test_texts_that_may_leave_unasked_tell_nothing_in_any_language() -> None:
    found = texts()
    neutral = [key for key in found.keys if found.is_neutral(key)]
    assert {"noted", "cover.office"} <= set(neutral)
    for language, key, said in every_text():
        if key in neutral:
            assert not re.search(TELLING, said), (language, key, said)
            assert refusal(said, neutral=True, not_neutral=("shelter", "violen", "nasil")) is None


def test_the_notification_on_telegram_says_one_neutral_word(line: Line) -> None:
    ana = line.person("77", Channel.TELEGRAM)
    for text in ("hello", "SOS", "I need a shelter"):
        ana.sends(text)
        for body in ana.bodies:
            assert not re.search(TELLING, str(body.get("neutral_line", "")).casefold())


def test_no_sos_answer_in_any_language_says_that_a_colleague_is_being_told(line: Line) -> None:
    for n, language in enumerate(LANGUAGES):
        ana = introduced(line.person(f"+3834420{n}001"), language)
        for cry in (CRIES[language][0], "Prizren", "1", CRIES[language][-1], "2", "..."):
            for text in ana.sends(cry):
                assert not any(re.search(PROMISES[one], text.casefold()) for one in ("en", "sq", "sr", "tr")), (language, text)


def test_every_sms_of_a_whole_conversation_is_gsm_7_and_at_most_four_parts(line: Line) -> None:
    for n, language in enumerate(LANGUAGES):
        ana = line.person(f"+3834421{n}001").says(language.upper())
        for text in ("1", "1", "numbers", "1", "2", "Gjakova", "4", "4", "1", "another", "SOS", "Prizren", "1", "2", "SOS", "0", "ERASE"):
            for said in ana.sends(text):
                cost = measure(said)
                assert cost.encoding is Encoding.GSM7, (language, said)
                assert cost.segments <= 4, (language, said)


def test_nothing_is_said_without_a_place_where_its_review_is_written_down() -> None:
    for language in texts().languages:
        assert isinstance(tomllib.loads((CONFIG / "languages" / language / "review.toml").read_text()), dict)
