"""Texts never raise at run time: what is missing or broken falls back, and is reported."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.texts.catalogue import Texts
from sos.texts.review import digest_of
from sos.texts.script import Script, to_cyrillic

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
SR = HEADER + '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"\n\n'


def write(folder: Path, code: str, po: str, review: str = "[texts]\n") -> None:
    (folder / code).mkdir()
    (folder / code / "messages.po").write_text(po)
    (folder / code / "review.toml").write_text(review)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    en = (
        HEADER
        + '\n#. sms: 2 class: neutral\nmsgid "greeting"\nmsgstr "Hello {name}"\n\nmsgid "only.here"\nmsgstr "English"\n\nmsgid "beds"\nmsgid_plural "beds"\nmsgstr[0] "{count} bed"\nmsgstr[1] "{count} beds"\n'
    )
    write(tmp_path, "en", en)
    write(tmp_path, "sr", SR + 'msgid "greeting"\nmsgstr "Zdravo {name}, pošaljite SOS"\n\nmsgid "beds"\nmsgid_plural "beds"\nmsgstr[0] "{count} krevet"\nmsgstr[1] "{count} kreveta"\nmsgstr[2] "{count} kreveta (više)"\n')  # fmt: skip
    write(tmp_path, "sq", HEADER + '\nmsgid "greeting"\nmsgstr "Tung {nme}"\n')
    write(tmp_path, "tr", "this is no catalogue {{{")
    return tmp_path


def test_a_broken_language_is_left_out_and_reported(folder: Path) -> None:
    texts = Texts.load(folder)
    assert "tr" not in texts.languages
    assert any(line.startswith("tr/messages.po") for line in texts.problems())
    assert texts.say("greeting", "tr", name="you") == "Hello you"


def test_a_placeholder_that_the_source_does_not_have_is_reported_and_its_text_not_used(folder: Path) -> None:
    texts = Texts.load(folder)
    assert "sq: greeting has other placeholders than en" in texts.problems()
    assert texts.say("greeting", "sq", name="you") == "Hello you"


def test_the_way_down_is_her_language_her_second_her_jurisdiction_english(folder: Path) -> None:
    texts = Texts.load(folder)
    assert texts.say("greeting", "tr", second="sr", name="x").startswith("Zdravo")
    assert texts.say("greeting", "rom", country="RS", name="x").startswith("Zdravo")
    assert texts.say("only.here", "sr") == "English"
    assert texts.say("greeting", None, name="x") == "Hello x"


def test_a_missing_value_never_raises(folder: Path) -> None:
    texts = Texts.load(folder)
    assert texts.find("greeting", "sr").stood_in
    assert texts.say("greeting", "sr") == texts.say("no.such.key", "sr") != ""
    assert "{" not in texts.say("greeting", "sr")


def test_plural_forms_are_those_of_the_language(folder: Path) -> None:
    texts = Texts.load(folder)
    assert [texts.say("beds", "sr", count=n) for n in (1, 2, 5, 11, 21)] == [
        "1 krevet", "2 kreveta", "5 kreveta (više)", "11 kreveta (više)", "21 krevet",
    ]  # fmt: skip
    assert [texts.say("beds", "en", count=n) for n in (1, 2)] == ["1 bed", "2 beds"]


def test_cyrillic_comes_from_the_latin_source_and_leaves_commands_alone(folder: Path) -> None:
    texts = Texts.load(folder)
    assert texts.say("greeting", "sr", script=Script.CYRILLIC, name="Ana") == "Здраво Ana, пошаљите SOS"
    assert to_cyrillic("Pošaljite OBRIŠI ili {word} do 17") == "Пошаљите OBRIŠI или {word} до 17"


def test_plain_letters_are_for_old_phones(folder: Path) -> None:
    assert Texts.load(folder).say("greeting", "sr", plain_letters=True, name="Đurđa") == "Zdravo Djurdja, posaljite SOS"


def test_declarations_stand_in_the_source(folder: Path) -> None:
    texts = Texts.load(folder)
    assert texts.declared("greeting").sms == 2
    assert texts.is_neutral("greeting")
    assert texts.declared("only.here").sms == 1
    assert texts.declared("no.such.key").sms == 1


def test_nothing_at_all_still_says_something(tmp_path: Path) -> None:
    texts = Texts.load(tmp_path)
    assert texts.problems()
    assert "Nobody is on duty" in texts.say("sos.first", "en")
    assert "nuk" in texts.say("sos.first", "sq") or "Nobody" in texts.say("sos.first", "sq")


def test_a_review_lapses_when_the_text_changes(tmp_path: Path) -> None:
    mark = digest_of(["Hello"])
    write(tmp_path, "en", HEADER + '\nmsgid "a"\nmsgstr "Hello"\n\nmsgid "b"\nmsgstr "Hello there"\n', f'[texts]\na = "Somebody 2026-11-22 {mark}"\nb = "Somebody 2026-11-22 {mark}"\n')  # fmt: skip
    assert Texts.load(tmp_path).unreviewed() == ("en: b",)


def test_nothing_of_this_installation_has_been_reviewed_yet() -> None:
    texts = Texts.load(Path(__file__).resolve().parents[2] / "config" / "languages")
    assert len(texts.unreviewed()) == sum(len(catalogue.entries) for catalogue in texts.catalogues.values()) > 1000


@given(st.text(), st.text(), st.dictionaries(st.sampled_from(["time", "danger", "police", "name"]), st.text() | st.none() | st.integers()))
def test_no_key_language_or_value_makes_it_raise(key: str, language: str, values: dict[str, object]) -> None:
    texts = _real()
    assert texts.look_up(key, language, values).text
    assert "{time}" not in texts.look_up("sos.first", language, values).text


def _real() -> Texts:
    from tests.bot.plain_desk import texts

    return texts()
