"""The rules of ``resolution`` and ``belief``, a sentence a row. Each must hold exactly; the labelled floor forgives single rows."""

import pytest

from sos.geo.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("why", "text", "place"),
    [
        ("a town outranks the villages of its name", "Leskovac", "rs-leskovac"),
        ("but not where one is asked for by its own municipality", "Leskovac, Prizren", "gn-788711"),
        ("a country named decides where homonyms are many", "Kamenica, Kosovo", "xk-kamenice"),
        ("a village may lie near a town of another municipality", "Mogila kod Vitine", "gn-787876"),
        ("a village swallows the town that says where it lies", "po rri në fshatin Zhegër afër Gjilanit", "gn-783944"),
        ("a town beside another is the place", "Zvečan kod Mitrovice", "xk-zvecan"),
        ("where she is outweighs where she comes from", "nga Prishtina, tash jam ne Peje", "xk-peje"),
        ("a denied place is not where she is", "Gjakovë, jo Pejë", "xk-gjakove"),
        ("north says which Mitrovica", "Mitrovicë e Veriut", "xk-mitrovice-e-veriut"),
        ("a street named like a town is none, the town behind it is", "rruga Prishtina, Ferizaj", "xk-ferizaj"),
    ],
)
def test_one_place_is_meant(gazetteer: Gazetteer, why: str, text: str, place: str) -> None:
    found = gazetteer.locate(text).place
    assert found is not None, why
    assert found.id == place, why


@pytest.mark.parametrize(
    ("why", "text", "candidates"),
    [
        ("North and South have other police, another Centre, another language", "Mitrovica", {"xk-mitrovice", "xk-mitrovice-e-veriut"}),
        ("in Serbian too", "u Kosovskoj Mitrovici", {"xk-mitrovice", "xk-mitrovice-e-veriut"}),
        ("a misspelt one asks as well", "Mitrvica", {"xk-mitrovice", "xk-mitrovice-e-veriut"}),
        ("six namesakes and more are too many", "Kamenica", {"xk-kamenice"}),
        ("a town does not outrank a town", "Palilula", {"rs-palilula-beograd", "rs-palilula-nis"}),
        ("of two places she may be in neither is chosen", "Prizren ose Pejë", {"xk-prizren", "xk-peje"}),
    ],
)
def test_a_person_must_choose(gazetteer: Gazetteer, why: str, text: str, candidates: set[str]) -> None:
    located = gazetteer.locate(text)
    assert located.place is None, why
    assert candidates <= {place.id for place in located.candidates}, why


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("a denied place alone is none", "nuk jam ne Peje"),
        ("a country is no place to send help to", "Kosovo"),
        ("a town elsewhere is never a village that sounds alike", "Tirana"),
        ("an everyday word is no village", "help"),
        ("not even after a preposition", "u stanu"),
        ("a street is no town", "ulica Kosovske Mitrovice"),
        ("a demonym's street is no town", "Beogradska 12"),
        ("the year is not Viti", "para pese viteve me rrihte"),
        ("setting off is not Niš", "u nisa nga shtepia"),
        ("a person is no village", "burri im quhet Burim"),
    ],
)
def test_no_place_is_meant(gazetteer: Gazetteer, why: str, text: str) -> None:
    located = gazetteer.locate(text)
    assert located.place is None, why
    assert located.candidates == (), why
