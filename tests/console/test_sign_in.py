"""In and out of the staff's side: what a newcomer meets, and what a stranger does not get."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from sos.audit.models import AuditRow
from sos.clock import ManualClock
from sos.factory import House
from sos.staff.members.queries import member
from sos.staff.members.states import Membership, Role
from sos.staff.sign_in.models import CredentialRow, RecoveryCodeRow, SecurityKeyRow, StaffSessionRow
from tests.console.entering import PASSWORD, Browser, Newcomer
from tests.console.signed_in import add_member, sign_in


@pytest.fixture
def ana(app: Flask, clock: ManualClock) -> Newcomer:
    return Newcomer(app, clock)


@pytest.mark.story
def test_a_newcomer_sets_a_password_an_app_and_codes_and_signs_in(ana: Newcomer, house: House) -> None:
    assert ana.take_link().status_code == 303
    assert ana.browser.get("/staff/account").status_code == 303, "a password alone opens nothing"
    assert ana.set_up_app().location == "/staff/factor/codes"
    assert len(set(ana.take_codes())) == 10
    assert ana.browser.get("/staff/account").status_code == 200, "she is in"
    with house.database.read() as conn:
        found = member(conn, ana.id)
    assert found is not None
    assert found.state is Membership.ACTIVE
    ana.browser.get("/staff/account")
    ana.browser.post("/staff/sign-out")
    assert ana.browser.get("/staff/account").status_code == 303
    ana.clock.advance(seconds=60)
    browser = ana.sign_in()
    assert browser.get("/staff/account").status_code == 200
    assert ana.login in browser.text
    with house.database.read() as conn:
        kinds = set(conn.execute(select(AuditRow.kind)).scalars())
    assert {"member.invited", "credential.password_set", "factor.set_up.totp", "member.joined", "session.opened", "factor.totp"} <= kinds


def test_a_link_works_once_and_looking_at_it_uses_nothing(ana: Newcomer) -> None:
    for _ in range(3):
        assert ana.browser.get(f"/staff/join/{ana.link}").status_code == 200
    ana.join()
    assert ana.browser.get(f"/staff/join/{ana.link}").status_code == 410
    ana.browser.get("/staff/account")
    again = {"token": ana.link, "name": "Ana", "login": "another", "password": PASSWORD, "again": PASSWORD}
    assert ana.browser.post("/staff/join", data=again).status_code == 410


def test_a_link_is_over_after_three_days(ana: Newcomer) -> None:
    ana.clock.advance(hours=71, minutes=59)
    assert ana.browser.get(f"/staff/join/{ana.link}").status_code == 200
    ana.clock.advance(minutes=2)
    assert ana.browser.get(f"/staff/join/{ana.link}").status_code == 410


def test_a_link_begun_and_left_can_be_begun_again_and_what_was_begun_is_over(ana: Newcomer, app: Flask) -> None:
    ana.take_link()
    abandoned, ana.browser = ana.browser, Browser(app)
    ana.join()
    assert abandoned.get("/staff/factor").status_code == 303


def test_without_a_second_factor_nobody_finishes(ana: Newcomer) -> None:
    ana.take_link()
    ana.browser.get("/staff/factor/codes")
    assert ana.browser.post("/staff/factor/codes").location == "/staff/factor"
    ana.browser = Browser(ana.app)
    assert ana.give_password().status_code == 403, "a password without a second factor is not even recognised"


def test_a_code_of_the_app_is_taken_once_and_none_before_it(ana: Newcomer) -> None:
    ana.join()
    early = ana.app_code()
    ana.clock.advance(seconds=30)
    for expected in (303, 403):
        browser = Browser(ana.app)
        ana.give_password(browser)
        browser.follow()
        assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code()}).status_code == expected
    browser = Browser(ana.app)
    ana.give_password(browser)
    browser.follow()
    assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": early}).status_code == 403


def test_the_code_that_set_the_app_up_does_not_sign_in(ana: Newcomer) -> None:
    ana.take_link()
    ana.set_up_app()
    ana.take_codes()
    browser = Browser(ana.app)
    ana.give_password(browser)
    browser.follow()
    assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code()}).status_code == 403


def test_a_recovery_code_works_once(ana: Newcomer) -> None:
    ana.join()
    for expected in (303, 403):
        browser = Browser(ana.app)
        ana.give_password(browser)
        browser.follow()
        proof = ana.codes[0].upper().replace("-", " ")
        assert browser.post("/staff/sign-in/second", data={"factor": "recovery_code", "proof": proof}).status_code == expected


def test_new_recovery_codes_end_the_old_ones(ana: Newcomer) -> None:
    old = ana.join().codes
    browser = ana.sign_in()
    ana.browser = browser
    assert not set(old) & set(ana.take_codes())
    browser = Browser(ana.app)
    ana.give_password(browser)
    browser.follow()
    assert browser.post("/staff/sign-in/second", data={"factor": "recovery_code", "proof": old[3]}).status_code == 403


def test_known_and_unknown_names_are_answered_alike(ana: Newcomer, app: Flask) -> None:
    ana.join()
    answers = []
    for login in (ana.login, "nobody-here"):
        browser = Browser(app)
        browser.get("/staff/sign-in")
        page = browser.post("/staff/sign-in", data={"login": login, "password": "not the password at all"})
        body = re.sub(rb'value="[^"]+"', b"", page.data)
        answers.append((page.status_code, body, sorted(page.headers.keys())))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403


def test_wrong_tries_have_to_wait_known_name_or_not(ana: Newcomer, app: Flask) -> None:
    ana.join()
    for login in (ana.login, "nobody-here"):
        browser = Browser(app)
        browser.get("/staff/sign-in")
        statuses = [browser.post("/staff/sign-in", data={"login": login, "password": "wrong"}).status_code for _ in range(7)]
        assert statuses == [403] * 7
    assert ana.give_password(Browser(app)).status_code == 403, "too soon, although it is right"
    ana.clock.advance(minutes=5)
    assert ana.give_password(Browser(app)).status_code == 303


def test_wrong_codes_have_to_wait_too(ana: Newcomer, app: Flask) -> None:
    ana.join()
    browser = Browser(app)
    ana.give_password(browser)
    browser.follow()
    for _ in range(6):
        assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": "000000"}).status_code == 403
    assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code()}).status_code == 403
    ana.clock.advance(minutes=5)
    assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code()}).status_code == 303


@pytest.mark.parametrize(
    ("password", "why"),
    [
        pytest.param("short words", "at least 12", id="too short"),
        pytest.param("aaaaaaaaaaaaaaaa", "different characters", id="one letter"),
        pytest.param("password1234", "first that somebody", id="what every guesser tries"),
        pytest.param("ana-desk and more words", "your own name", id="the sign-in name in it"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(ana: Newcomer, password: str, why: str) -> None:
    ana.password = password
    assert ana.take_link().status_code == 422
    assert why in ana.browser.text


def test_two_members_cannot_sign_in_by_one_name(ana: Newcomer, app: Flask, clock: ManualClock) -> None:
    ana.join()
    other = Newcomer(app, clock, alias="Besa")
    other.login = ana.login.upper()
    assert other.take_link().status_code == 422


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("", "1 to 20 letters", id="she has to choose one"),
        pytest.param("A" * 21, "1 to 20 letters", id="too long for a text"),
        pytest.param("Ana 2", "1 to 20 letters", id="letters only"),
        pytest.param("<b>Ana", "1 to 20 letters", id="no signs"),
        pytest.param("bESA", "called so", id="a colleague's, however it is written"),
    ],
)
def test_a_name_that_people_cannot_be_told_is_refused_and_nothing_is_kept(ana: Newcomer, house: House, name: str, why: str) -> None:
    add_member(house.rooms, alias="Besa")
    ana.alias = name
    assert ana.take_link().status_code == 422
    assert why in ana.browser.text
    assert f'value="{ana.login}"' in ana.browser.text, "what else she typed stands there still"
    with house.database.read() as conn:
        assert not house.rooms.credentials.login(conn, ana.id)


@pytest.mark.parametrize("suggested", ["", "Ana"])
def test_whoever_joins_chooses_the_name_that_people_read(app: Flask, clock: ManualClock, house: House, suggested: str) -> None:
    newcomer = Newcomer(app, clock, alias=suggested)
    page = newcomer.browser.get(f"/staff/join/{newcomer.link}")
    assert f'name="name" value="{suggested}"' in page.text
    newcomer.alias, newcomer.login = "Shpresa", "desk-one"
    newcomer.join()
    with house.database.read() as conn:
        found = member(conn, newcomer.id)
    assert found is not None
    assert found.alias == "Shpresa"


def test_she_changes_her_name_on_her_own_page(app: Flask, house: House) -> None:
    add_member(house.rooms, alias="Besa")
    zana = add_member(house.rooms, alias="Zana")
    browser = sign_in(app, zana)
    assert 'name="name" value="Zana"' in browser.get("/staff/account").text
    for name, stands in (("Besa", "Zana"), ("Zana 2", "Zana"), ("Žana", "Žana")):
        assert browser.post("/staff/account/name", data={"name": name}).status_code == 303
        assert f"<h1>{stands}</h1>" in browser.get("/staff/account").text


def test_the_cookie_is_for_the_staff_s_side_only(ana: Newcomer) -> None:
    ana.join()
    response = ana.give_password(Browser(ana.app))
    cookies = [line for line in response.headers.getlist("Set-Cookie") if line.startswith("staff=")]
    assert cookies
    for flag in ("Path=/staff", "HttpOnly", "SameSite=Strict"):
        assert flag in cookies[0]
    assert not {"Max-Age", "Expires"} & {part.strip().partition("=")[0] for part in cookies[0].split(";")}, "gone with the browser"


def test_over_https_the_cookies_are_secure(app: Flask, tmp_path) -> None:
    from config.settings import Settings
    from sos.factory import create_app
    from sos.keys.keystore import Keystore

    house: House = app.extensions["sos"]
    Keystore.create(tmp_path / "keys", now=house.clock.now())
    environ = {"SOS_INSTANCE": str(tmp_path), "SOS_DATABASE_URL": house.settings.database_url, "SOS_PUBLIC_URL": "https://desk.example"}
    there = create_app(Settings.from_environ(environ), house.clock)
    lines = there.test_client().get("/staff/sign-in").headers.getlist("Set-Cookie")
    assert lines
    assert all(line.startswith("__Secure-") and "Secure" in line and "Path=/staff" in line for line in lines)


@pytest.mark.parametrize("path", ["/chat", "/exit", "/health/live", "/api/v1/"])
def test_no_other_page_gets_a_cookie_of_the_staff(app: Flask, house: House, path: str) -> None:
    client = sign_in(app, add_member(house.rooms, alias="Ana"))
    lines = client.get(path).headers.getlist("Set-Cookie")
    assert not [line for line in lines if "staff" in line]


def test_the_second_factor_brings_a_new_cookie(ana: Newcomer, app: Flask) -> None:
    ana.join()
    browser = Browser(app)
    ana.give_password(browser)
    before = browser.client.get_cookie("staff", path="/staff")
    browser.follow()
    browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code()})
    after = browser.client.get_cookie("staff", path="/staff")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    thief = app.test_client()
    thief.set_cookie("staff", before.value, path="/staff")
    assert thief.get("/staff/account").status_code == 303


def test_a_password_s_session_without_second_factor_is_over_after_ten_minutes(ana: Newcomer, app: Flask) -> None:
    ana.join()
    browser = Browser(app)
    ana.give_password(browser)
    browser.follow()
    ana.clock.advance(minutes=11)
    assert browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code()}).location == "/staff/sign-in"


def test_what_the_database_holds_opens_nothing(ana: Newcomer, house: House) -> None:
    ana.join()
    cookie = ana.browser.client.get_cookie("staff", path="/staff")
    assert cookie is not None
    with house.database.read() as conn:
        rows = [
            bytes(value)
            for table in (CredentialRow, RecoveryCodeRow, SecurityKeyRow, StaffSessionRow)
            for row in conn.execute(select(table.__table__))
            for value in row
            if isinstance(value, bytes | memoryview)
        ]
    held = b"".join(rows)
    assert len(rows) > 10
    plain = [PASSWORD, ana.login, cookie.value, ana.codes[0], ana.codes[0].replace("-", ""), ana.link, "$argon2id$", ana._key]
    assert not [word for word in plain if word.encode() in held]


def test_a_form_without_our_token_is_refused(app: Flask, house: House) -> None:
    client = sign_in(app, add_member(house.rooms, alias="Ana"))
    good = client.environ_base.pop("HTTP_X_CSRF_TOKEN")
    assert client.post("/staff/account/end-all").status_code == 400
    assert client.post("/staff/account/end-all", headers={"X-CSRF-Token": "x" + str(good)}).status_code == 400
    other = app.test_client()
    assert other.post("/staff/sign-in", data={"login": "a", "password": "b"}).status_code == 400
    headers = {"X-CSRF-Token": str(good), "Sec-Fetch-Site": "cross-site"}
    assert client.post("/staff/account/end-all", headers=headers).status_code == 400
    assert client.get("/staff/account").status_code == 200, "nothing was ended"
    assert client.post("/staff/account/end-all", headers={"X-CSRF-Token": str(good)}).status_code == 303


def test_doors_of_gateways_and_of_the_chat_ask_for_no_form_token(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/sms/generic/inbound", data=b"{}").status_code != 400
    assert client.post("/chat", data={"text": ""}).status_code == 303


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/staff", "/chat", "/staff\\@evil", "/staffing", "javascript:1"])
def test_signing_in_never_leads_elsewhere(ana: Newcomer, app: Flask, wanted: str) -> None:
    ana.join()
    browser = Browser(app)
    browser.get("/staff/sign-in")
    page = browser.post("/staff/sign-in", data={"login": ana.login, "password": ana.password, "next": wanted})
    assert page.location == "/staff/sign-in/second?next=/staff"


def test_a_page_that_needs_a_sign_in_is_come_back_to(ana: Newcomer, app: Flask) -> None:
    ana.join()
    browser = Browser(app)
    page = browser.get("/staff/account")
    assert page.location == "/staff/sign-in?next=/staff/account"
    page = browser.follow()
    browser.post("/staff/sign-in", data={"login": ana.login, "password": ana.password, "next": "/staff/account"})
    browser.follow()
    page = browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": ana.app_code(), "next": "/staff/account"})
    assert page.location == "/staff/account"


def test_a_script_is_told_401_and_not_led_away(app: Flask) -> None:
    page = app.test_client().get("/staff/account", headers={"Sec-Fetch-Dest": "empty"})
    assert page.status_code == 401
    assert page.is_json


def test_without_the_role_a_page_is_not_there(app: Flask, house: House) -> None:
    operator = sign_in(app, add_member(house.rooms, alias="Ana"), fresh=True)
    assert operator.get("/staff/members").status_code == 404
    assert operator.post("/staff/members").status_code == 404
    administrator = sign_in(app, add_member(house.rooms, alias="Besa", roles=(Role.ADMINISTRATOR,)))
    assert administrator.get("/staff/members").status_code == 200
