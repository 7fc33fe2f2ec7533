"""Script, accents and lookalike letters never decide over a message."""

import pytest

from sos.bot.understanding.normalise import MOST_CHARACTERS, cut, is_cyrillic, normalise

SAME = (
    ("ПОМОЋ Љубав Њујорк Џак", "pomoc ljubav njujork dzak"),
    ("Më rrëh çdo ditë", "me rreh cdo dite"),
    ("İMDAT ılık şğü", "imdat ilik sgu"),
    ("đak ĐAK", "djak djak"),
    ("ПOMOЋ", "pomoc"),
    ("SОS ЅОЅ ＳＯＳ", "sos sos sos"),
    ("s’mundem", "s'mundem"),
    ("po\u200bmoc", "pomoc"),
)


@pytest.mark.parametrize(("text", "plain"), SAME)
def test_every_way_of_writing_comes_to_plain_letters(text: str, plain: str) -> None:
    assert normalise(text) == plain


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    text = "START" + "x" * 20_000 + "END"
    kept = cut(text)
    assert kept.startswith("START")
    assert kept.endswith("END")
    assert len(kept) <= MOST_CHARACTERS + 3


def test_cyrillic_is_recognised() -> None:
    assert is_cyrillic("помоћ брзо")
    assert not is_cyrillic("pomoć brzo")
