"""The fast look for distress in raw text: escapes, encodings and rubbish around it must not hide an SOS."""

import json
from urllib.parse import quote

import pytest

from sos.bot.understanding.understander import Understander

WORDS = ("SOS", "ПОМОЋ", "pomoć", "NDIHMË", "imdat", "heeelp", "S O S", "s.o.s", "zhutipe")


@pytest.mark.parametrize("word", WORDS)
def test_an_sos_word_is_found_as_it_is_and_under_one_layer_of_wrapping(understander: Understander, word: str) -> None:
    wrappings = (
        word,
        f'{{"id": 7, "text": {json.dumps(word)}, broken',
        f"from=1&text={quote(word)}&x=%ZZ",
        word.encode("utf-16-be").decode("latin-1"),
        word.encode("utf-16-be").hex(),
        word.encode().hex(),
        word.encode().decode("latin-1"),
        f"\x00\xff{word}\x00",
    )
    assert [form for form in wrappings if not understander.sos_words(form)] == []


@pytest.mark.parametrize("text", ["", "hello", "sosna", "makarna sosu", "helpdesk", "a+b=c%20d", "deadbeef00", "sok", "\\u12"])
def test_ordinary_text_holds_none(understander: Understander, text: str) -> None:
    assert not understander.sos_words(text)
