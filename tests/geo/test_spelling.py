"""Rules of spelling and endings, a sentence a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.geo.inflection import keys
from sos.geo.naming import sound_names
from sos.geo.spelling import fold, sound


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("Cyrillic is Latin", "Пећ", "Peć"),
        ("accents are often left out", "Štrpce", "strpce"),
        ("đ is typed dj", "Đakovica", "djakovica"),
        ("dotted and dotless i are one", "İPEK", "ıpek"),
        ("a letter and its combining accent are one", "Pec\u0301", "Peć"),
        ("digraph letters fall apart", "\u01c8ig", "Ljig"),
    ],
)
def test_these_fold_alike(why: str, one: str, other: str) -> None:
    assert fold(one) == fold(other), why


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("the final vowel carries definiteness and case", "Prishtinë", "Prištinu"),
        ("Albanian sh is Serbian š", "Shtime", "Štim"),
        ("q, ç and ć sound alike to who types", "Obiliq", "Obilić"),
        ("gj is đ", "Gjakovë", "Đakova"),
        ("the fleeting a goes", "Leskovac", "Leskovcu"),
        ("b turns to p before c", "Šabac", "Šapcu"),
        ("ijekavian and ekavian are one", "Prijepolje", "Prepol"),
        ("doubled letters are slips or Albanian spelling", "Vushtrri", "Vustri"),
        ("the fleeting a before k goes", "Čačak", "Čačku"),
    ],
)
def test_these_sound_alike(why: str, one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other)), why


@pytest.mark.parametrize(
    ("why", "inflected", "name"),
    [
        ("Serbian instrumental", "Prizrenom", "Prizren"),
        ("Serbian plural locative", "Dečanima", "Dečani"),
        ("sibilarised locative", "Palanci", "Palanka"),
        ("Albanian genitive, feminine", "Pejës", "Pejë"),
        ("Albanian genitive, masculine", "Gjilanit", "Gjilan"),
        ("Albanian genitive after k and g", "Istogut", "Istog"),
        ("Albanian genitive of stressed i", "Vushtrrisë", "Vushtrri"),
        ("Serbian adjective", "Kosovskoj", "Kosovska"),
    ],
)
def test_an_inflected_form_leads_to_its_name(why: str, inflected: str, name: str) -> None:
    assert sound(fold(name)) in keys(fold(inflected)), why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Krusha e Madhe", "Velika Kruša"),
        ("Kruša Velika", "Krushë të Madhe"),
        ("Pazari i Ri", "Novi Pazar"),
        ("Mitrovicë e Veriut", "Severna Mitrovica"),
        ("Gornja Koretica", "Koreticë e Epërme"),
        ("Fushekosove", "Fushë Kosovë"),
    ],
)
def test_names_of_several_words_meet_across_languages(one: str, other: str) -> None:
    assert set(sound_names(one)) & set(sound_names(other))


@given(st.text(max_size=60))
def test_folding_gives_plain_letters_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert fold(folded) == folded


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=30))
def test_any_word_has_a_key(word: str) -> None:
    found = keys(word)
    assert found[0] == sound(word)
    assert all(found)
    assert len(found) == len(set(found))
