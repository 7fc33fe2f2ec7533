"""The hand-off card, questionnaires, reviews, night list and phrasebook in the console."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from sos.alerts.risk import training
from sos.alerts.states import Note
from sos.console import phrasebook
from sos.factory import House
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from tests.console.signed_in import add_member, sign_in

HER = Address(Channel.SMS, "+38344000101")
CARD = {"called": "police", "place": "Third floor, by the old mill", "call_back": "no", "weapons": "a knife"}


@pytest.fixture
def number(house: House) -> int:
    with house.database.write() as unit:
        known = house.rooms.survivors.meet(unit, HER, "generic")
        return house.rooms.alerts.raise_alert(unit, address=HER, survivor_id=known.id, reason="sos_word", words="SOS planted-word").number


@pytest.fixture
def ana(house: House) -> str:
    return add_member(house.rooms, alias="Ana")


@pytest.fixture
def desk(app: Flask, ana: str) -> FlaskClient:
    return sign_in(app, ana)


@pytest.fixture
def chief(app: Flask, house: House) -> FlaskClient:
    return sign_in(app, add_member(house.rooms, alias="Chief", roles=[Role.SUPERVISOR]))


def _says(house: House, note: Note) -> None:
    with house.database.write() as unit:
        house.rooms.alerts.add(unit, HER, note, "")


def test_her_answer_stands_on_the_card_and_on_paper(desk: FlaskClient, house: House, number: int) -> None:
    for path in (f"/staff/alerts/{number}/card", f"/staff/alerts/{number}/card/print"):
        assert "She has not answered" in desk.get(path).text
        assert "planted-word" not in desk.get(path).text
        assert "+383" not in desk.get(path).text
    _says(house, Note.CALL_192_YES)
    for path in (f"/staff/alerts/{number}/card", f"/staff/alerts/{number}/card/print"):
        assert "She said: yes" in desk.get(path).text


def test_the_card_is_kept_and_printed_with_its_time(desk: FlaskClient, house: House, number: int) -> None:
    _says(house, Note.CALL_192_YES)
    assert desk.post(f"/staff/alerts/{number}/card/keep", data=CARD | {"dispatcher": "desk 4"}).status_code == 303
    paper = desk.get(f"/staff/alerts/{number}/card/print").text
    for words in ("by the old mill", "a knife", "desk 4", "13:00", "do not call her number", "written by Ana"):
        assert words in paper


def test_a_told_card_is_refused_without_her_answer_and_nothing_typed_is_lost(desk: FlaskClient, house: House, number: int) -> None:
    refused = desk.post(f"/staff/alerts/{number}/card/keep", data=CARD | {"dispatcher": "desk 4"})
    assert refused.status_code == 409
    assert "by the old mill" in refused.text
    assert "nobody may be told yet" in refused.text
    _says(house, Note.CALL_192_NO)
    refused = desk.post(f"/staff/alerts/{number}/card/keep", data=CARD | {"dispatcher": "desk 4"})
    assert "She said no" in refused.text
    assert "on myself" not in refused.text


def test_one_operator_acts_and_another_person_reviews(desk: FlaskClient, chief: FlaskClient, house: House, number: int) -> None:
    assert desk.post(f"/staff/alerts/{number}/card/unasked", data={"ground": "weapon"}).status_code == 409
    assert desk.post(f"/staff/alerts/{number}/card/unasked", data={"ground": "weapon", "sure": "yes"}).status_code == 303
    assert desk.get("/staff/reviews").status_code == 404
    assert "Ana acted" in chief.get("/staff/reviews").text
    with house.database.read() as conn:
        call = conn.execute(text("SELECT id FROM unasked_calls")).scalar_one()
    assert chief.post(f"/staff/reviews/{call}", data={"finding": "maybe"}).status_code == 409
    assert chief.post(f"/staff/reviews/{call}", data={"finding": "right"}).status_code == 303
    assert "Chief found: It was right" in chief.get("/staff/reviews").text
    assert chief.post(f"/staff/reviews/{call}", data={"finding": "right"}).status_code == 409


def test_for_whom_the_case_is_barred_there_is_no_card_and_no_questionnaire(desk: FlaskClient, house: House, number: int, ana: str) -> None:
    with house.database.write() as unit:
        alert_id = unit.conn.execute(text("SELECT id FROM alerts")).scalar_one()
        house.rooms.alerts.declare_conflict(unit, alert_id, ana)
    for path in ("card", "card/print", "questions", "questions/demonstration"):
        assert desk.get(f"/staff/alerts/{number}/{path}").status_code == 404
    assert desk.post(f"/staff/alerts/{number}/card/keep", data=CARD).status_code == 404


def test_only_the_trained_see_a_questionnaire_and_its_reasons(
    desk: FlaskClient, chief: FlaskClient, house: House, number: int, ana: str
) -> None:
    path = f"/staff/alerts/{number}/questions/demonstration"
    assert "not trained" in desk.get(f"/staff/alerts/{number}/questions").text
    assert desk.get(path).status_code == 404
    assert desk.get("/staff/trained").status_code == 404
    training_form = {"member_id": ana, "questionnaire": "demonstration", "trained_on": "2026-11-01", "until": "2027-11-01"}
    assert chief.post("/staff/trained", data=training_form | {"until": "2026-10-01"}).status_code == 422
    assert chief.post("/staff/trained", data=training_form).status_code == 303
    assert "Ana" in chief.get("/staff/trained").text
    shown = desk.get(path).text
    assert shown.count('value="" checked') == 5, "every question can be skipped, and is unless somebody answers"
    given = desk.post(path, data={"q-neck": "yes", "q-weapon": "used", "q-leaving": ""}).text
    assert "look at once" in given
    assert "pressure on the neck" in given
    assert "3 of 5 skipped" in given
    assert "points" not in given
    with house.database.read() as conn:
        assert conn.execute(text("SELECT urgency FROM alerts")).scalar_one() == "emergency"
        assert training.is_trained(conn, ana, "demonstration", date(2026, 12, 1))
    assert chief.post("/staff/trained/end", data=training_form).status_code == 303
    assert desk.get(path).status_code == 404


def test_a_test_call_is_noted_and_shown(desk: FlaskClient) -> None:
    before = desk.get("/staff/night-list").text
    assert "were not tried at night" in before
    form = {"number": "XK.police", "result": "person", "waited": "9", "languages": ["sq", "sr"], "called_at": "2026-11-23T03:05"}
    assert desk.post("/staff/night-list", data=form | {"number": "XK.nobody"}).status_code == 422
    assert desk.post("/staff/night-list", data=form | {"called_at": "soon"}).status_code == 422
    assert desk.post("/staff/night-list", data=form).status_code == 303
    after = desk.get("/staff/night-list").text
    assert "9 s" in after
    assert "Albanian, Serbian" in after
    assert after.count("Nobody knows") == before.count("Nobody knows") - 1


def test_the_phrasebook_has_six_languages_and_nothing_stands_in_for_another(desk: FlaskClient, house: House) -> None:
    book = phrasebook.book(house.rooms.texts)
    assert {phrase.kind for phrase in book} == set(phrasebook.KINDS)
    assert len(book) > 15
    for code in ("en", "sq", "sr", "bs", "tr"):
        assert len(phrasebook.in_language(house.rooms.texts, code)) == len(book)
    romani = phrasebook.in_language(house.rooms.texts, "rom")
    assert [phrase.by_language["rom"] for phrase in romani] == ["1 = va, 2 = na"]
    shown = desk.get("/staff/phrasebook").text
    assert shown.count('lang="rom"></td>') == len(book) - len(romani)


def test_interpreters_are_shown_by_language(desk: FlaskClient) -> None:
    shown = desk.get("/staff/interpreters").text
    assert "Albanian" in shown
    assert "nobody on the rota" in shown
    assert "Ana" in shown
