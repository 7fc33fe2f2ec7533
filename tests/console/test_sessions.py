"""How long a session lives, what ends it, and the second factor shown again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sos.clock import ManualClock
from sos.console import guard
from sos.factory import House
from sos.staff.members.states import Role
from tests.console.entering import Newcomer
from tests.console.signed_in import add_member, sign_in

POLL = {"Sec-Fetch-Dest": "empty"}


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/account", headers=POLL).status_code == 200


@pytest.fixture
def ana(house: House) -> str:
    return add_member(house.rooms, alias="Ana")


def test_half_an_hour_without_use_ends_it(app: Flask, ana: str, clock: ManualClock) -> None:
    client = sign_in(app, ana)
    clock.advance(minutes=29)
    assert client.get("/staff/account").status_code == 200, "a use: the half hour begins anew"
    clock.advance(minutes=29)
    assert client.get("/staff/account").status_code == 200
    clock.advance(minutes=30)
    assert client.get("/staff/account").status_code == 303


def test_twelve_hours_end_it_whatever_is_done(app: Flask, ana: str, clock: ManualClock) -> None:
    client = sign_in(app, ana)
    for _ in range(35):
        clock.advance(minutes=20)
        assert client.get("/staff/account").status_code == 200
    clock.advance(minutes=20)
    assert client.get("/staff/account").status_code == 303


def test_a_page_that_only_polls_keeps_nobody_signed_in(app: Flask, ana: str, clock: ManualClock) -> None:
    client = sign_in(app, ana)
    for _ in range(14):
        clock.advance(minutes=2)
        assert is_in(client)
    clock.advance(minutes=2)
    assert not is_in(client)


def test_a_leaver_is_out_at_once(app: Flask, house: House, ana: str) -> None:
    client = sign_in(app, ana)
    assert is_in(client)
    with house.database.write() as unit:
        house.rooms.members.leave(unit, ana, "system")
    assert not is_in(client)


def test_a_reset_ends_every_session_and_way_in(app: Flask, clock: ManualClock, house: House) -> None:
    newcomer = Newcomer(app, clock).join()
    browser = newcomer.sign_in()
    with house.database.write() as unit:
        newcomer.link = house.rooms.members.reset(unit, newcomer.id, "system")
    assert browser.get("/staff/account").status_code == 303
    assert newcomer.give_password().status_code == 403
    newcomer.password = "seven other plain words here"
    old_codes = newcomer.codes
    newcomer.join()
    assert newcomer.sign_in().get("/staff/account").status_code == 200
    assert not set(old_codes) & set(newcomer.codes)


def test_a_changed_role_counts_with_the_next_request(app: Flask, house: House, ana: str) -> None:
    add_member(house.rooms, alias="Besa", roles=(Role.ADMINISTRATOR,))
    client = sign_in(app, ana)
    assert client.get("/staff/members").status_code == 404
    with house.database.write() as unit:
        house.rooms.members.change(unit, ana, roles=[Role.ADMINISTRATOR], languages=["sq"], countries=["XK"], service_id=None, by="system")
    assert client.get("/staff/members").status_code == 200


def test_signing_out_ends_it_on_the_server(app: Flask, ana: str) -> None:
    client = sign_in(app, ana)
    kept = client.get_cookie("staff", path="/staff")
    assert kept is not None
    assert client.post("/staff/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("staff", kept.value, path="/staff")
    assert not is_in(thief)


def test_signing_out_everywhere_ends_all_of_hers_and_nobody_else_s(app: Flask, house: House, ana: str) -> None:
    here, there = sign_in(app, ana), sign_in(app, ana)
    other = sign_in(app, add_member(house.rooms, alias="Besa"))
    assert here.post("/staff/account/end-all").status_code == 303
    assert [is_in(client) for client in (here, there, other)] == [False, False, True]


def test_one_session_can_be_ended_from_another_but_only_one_s_own(app: Flask, house: House, ana: str) -> None:
    mine = sign_in(app, ana)
    besa = add_member(house.rooms, alias="Besa")
    hers = sign_in(app, besa)
    with house.database.read() as conn:
        (session,) = house.rooms.sessions.of(conn, besa, house.clock.now())
    mine.post("/staff/account/end", data={"session": session.id})
    assert is_in(hers)
    sign_in(app, besa).post("/staff/account/end", data={"session": session.id})
    assert not is_in(hers)


def test_a_sensitive_act_asks_for_the_second_factor_again_after_five_minutes(app: Flask, clock: ManualClock) -> None:
    newcomer = Newcomer(app, clock, roles=(Role.ADMINISTRATOR,)).join()
    browser = newcomer.sign_in()
    browser.get("/staff/members")
    assert browser.post("/staff/members", data={"alias": "Besa", "role": "operator"}).status_code == 200
    clock.advance(minutes=5)
    browser.get("/staff/members")
    assert browser.post("/staff/members", data={"alias": "Cana", "role": "operator"}).location == "/staff/fresh?next=/staff/members"
    assert browser.get("/staff/factor").location == "/staff/fresh?next=/staff/factor"
    browser.follow()
    assert browser.post("/staff/fresh", data={"factor": "totp", "proof": "000000"}).status_code == 403
    page = browser.post("/staff/fresh", data={"factor": "totp", "proof": newcomer.app_code(), "next": "/staff/factor"})
    assert page.location == "/staff/factor"
    assert browser.follow().status_code == 200
    script = browser.client.get("/staff/factor", headers=POLL)
    assert script.status_code == 200
    clock.advance(minutes=5)
    assert browser.client.get("/staff/factor", headers=POLL).get_json() == {"error": "second factor", "at": "/staff/fresh"}


def test_a_stranger_s_cookie_opens_nothing(app: Flask) -> None:
    client = app.test_client()
    for value in ("", "x", "a" * 3000, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")):
        client.set_cookie("staff", value, path="/staff")
        assert not is_in(client)


def test_the_desk_s_names_of_the_guard_stay(app: Flask) -> None:
    assert guard.at_staff("/staff")
    assert guard.at_staff("/staff/queue")
    assert not guard.at_staff("/staffing")
    assert not guard.at_staff("/chat")


def test_during_a_shift_an_open_queue_keeps_her_signed_in_up_to_twelve_hours(
    app: Flask, house: House, ana: str, clock: ManualClock
) -> None:
    with house.database.write() as unit:
        house.rooms.duty.start_shift(unit, ana)
    client = sign_in(app, ana)
    for _ in range(47):
        clock.advance(minutes=15)
        assert is_in(client)
    clock.advance(minutes=15)
    assert not is_in(client)
