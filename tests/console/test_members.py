"""The administrators' page: invite, change, reset, part."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sos.console.members import LANGUAGES
from sos.factory import House
from sos.staff.members.queries import everyone, member
from sos.staff.members.states import Membership, Role
from tests.console.shelters import staffed
from tests.console.signed_in import add_member, sign_in


@pytest.fixture
def boss(house: House) -> str:
    return add_member(house.rooms, alias="Boss", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
def desk(app: Flask, boss: str) -> FlaskClient:
    return sign_in(app, boss, fresh=True)


def test_an_invitation_shows_its_link_once(app: Flask, house: House, desk: FlaskClient) -> None:
    page = desk.post("/staff/members", data={"alias": "Ana", "role": ["operator", "emperor"], "language": ["sq", "xx"], "country": "XK"})
    found = re.search(rb"(/staff/join/[\w-]+)</code>", page.data)
    assert found
    assert app.test_client().get(found[1].decode()).status_code == 200
    assert found[1] not in desk.get("/staff/members").data
    with house.database.read() as conn:
        ana = next(one for one in everyone(conn) if one.alias == "Ana")
    assert (ana.state, ana.roles, ana.languages, ana.countries) == (Membership.INVITED, {Role.OPERATOR}, ("sq",), ("XK",))


@pytest.mark.parametrize("alias", ["Boss", "<script>"])
def test_what_cannot_be_invited_is_said(house: House, desk: FlaskClient, alias: str) -> None:
    page = desk.post("/staff/members", data={"alias": alias, "role": "operator"})
    assert page.status_code == 422
    assert b'role="alert"' in page.data
    with house.database.read() as conn:
        assert len(everyone(conn)) == 1


def test_roles_change_and_people_part(house: House, desk: FlaskClient) -> None:
    ana = add_member(house.rooms, alias="Ana")
    assert desk.post(f"/staff/members/{ana}", data={"role": "supervisor", "language": "tr"}).status_code == 303
    assert b"supervisor" in desk.get(f"/staff/members/{ana}").data
    assert desk.post(f"/staff/members/{ana}/leave").status_code == 303
    with house.database.read() as conn:
        found = member(conn, ana)
    assert found is not None
    assert (found.state, found.roles) == (Membership.LEFT, {Role.SUPERVISOR})
    assert b"<form class" not in desk.get(f"/staff/members/{ana}").data


def test_the_last_administrator_is_told_why_not(boss: str, desk: FlaskClient) -> None:
    assert desk.post(f"/staff/members/{boss}/leave").status_code == 422
    assert desk.post(f"/staff/members/{boss}", data={"role": "operator"}).status_code == 422


def test_a_reset_hands_over_a_new_link(app: Flask, house: House, desk: FlaskClient) -> None:
    ana = add_member(house.rooms, alias="Ana")
    hers = sign_in(app, ana)
    assert b"/staff/join/" in desk.post(f"/staff/members/{ana}/reset").data
    assert hers.get("/staff/account").status_code == 303


def test_nobody_who_does_not_exist(desk: FlaskClient) -> None:
    assert desk.get("/staff/members/nobody").status_code == 404
    for act in ("", "/link", "/reset", "/leave"):
        assert desk.post(f"/staff/members/nobody{act}", data={"role": "operator"}).status_code == 404, act


def test_without_a_fresh_second_factor_nothing_changes(app: Flask, house: House, boss: str) -> None:
    ana = add_member(house.rooms, alias="Ana")
    stale = sign_in(app, boss)
    for path in ("", f"/{ana}", f"/{ana}/link", f"/{ana}/reset", f"/{ana}/leave"):
        page = stale.post(f"/staff/members{path}", data={"alias": "Besa", "role": "operator"})
        assert page.location.startswith("/staff/fresh"), path
    with house.database.read() as conn:
        assert [(one.alias, one.state) for one in everyone(conn)] == [("Ana", Membership.ACTIVE), ("Boss", Membership.ACTIVE)]


def test_a_shelter_is_chosen_by_the_name_that_operators_see(app: Flask, house: House, desk: FlaskClient) -> None:
    house.prepare()
    drita = staffed(app, 1, name="Linden")
    page = desk.get("/staff/members").text
    assert f'<option value="{drita.service_id}">Linden</option>' in page
    for told in ("Rruga", "Street", "42.", "+383"):
        assert told not in page, "names only, no place and no number"
    assert desk.post("/staff/members", data={"alias": "Vesa", "role": "shelter_staff", "service_id": drita.service_id}).status_code == 200
    assert desk.post("/staff/members", data={"alias": "Mira", "role": "shelter_staff", "service_id": "0" * 32}).status_code == 422
    with house.database.read() as conn:
        (vesa,) = [one for one in everyone(conn) if one.alias == "Vesa"]
        assert [one for one in everyone(conn) if one.alias == "Mira"] == []
    assert vesa.service_id == drita.service_id
    assert f'<option value="{drita.service_id}" selected>' in desk.get(f"/staff/members/{vesa.id}").text
    operator = sign_in(app, add_member(house.rooms, alias="Zana"), fresh=True)
    assert operator.get("/staff/members").status_code == 404


def test_a_shelter_that_is_not_listed_any_more_stays_until_it_is_changed(house: House, desk: FlaskClient) -> None:
    gone = add_member(house.rooms, alias="Ana", roles=(Role.SHELTER_STAFF,), service_id="9" * 32)
    assert "not listed any more" in desk.get(f"/staff/members/{gone}").text
    for service_id in ("9" * 32, ""):
        assert desk.post(f"/staff/members/{gone}", data={"role": "shelter_staff", "service_id": service_id}).status_code == 303
        with house.database.read() as conn:
            found = member(conn, gone)
        assert found is not None
        assert (found.service_id or "") == service_id


def test_pages_offer_the_six_languages(desk: FlaskClient) -> None:
    page = desk.get("/staff/members").data
    assert all(f'value="{code}"'.encode() in page for code in LANGUAGES)
