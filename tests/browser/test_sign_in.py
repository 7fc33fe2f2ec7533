"""A newcomer in a real browser: link, password, security key (a virtual one), recovery codes, sign-in, step-up; and the same without scripts."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from passlib.totp import TOTP
from playwright.sync_api import CDPSession, Page, expect

from sos.factory import House
from sos.staff.members.states import Role
from tests.browser.conftest import DESK, PHONE
from tests.fakes.web_desk import WebDesk

pytestmark = pytest.mark.browser
LOGIN, PASSWORD = "ana-desk", "five green boats sail north"
Opened = Callable[..., Page]


@pytest.fixture
def door(desk: WebDesk) -> str:
    """Security keys want a name: this machine's."""
    return desk.url.replace("127.0.0.1", "localhost")


def invited(desk: WebDesk) -> str:
    house: House = desk.house
    with house.database.write() as unit:
        return house.rooms.members.invite(unit, alias="Ana", roles=[Role.OPERATOR, Role.ADMINISTRATOR])


def virtual_key(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False, "isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    return session


def set_password(page: Page) -> None:
    page.get_by_label(re.compile("Sign-in name")).fill(LOGIN)
    page.get_by_label(re.compile("Password, at least")).fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def give_password(page: Page) -> None:
    page.get_by_label("Sign-in name").fill(LOGIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def clean(page: Page) -> None:
    found = Axe().run(page, context="main")  # the frame around it has its own test
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing is wider than the screen"


@pytest.mark.parametrize("viewport", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")])
def test_a_security_key_is_set_up_and_signs_in(desk: WebDesk, door: str, opened: Opened, viewport: dict[str, int]) -> None:
    page = opened(f"{door}/staff/join/{invited(desk)}", viewport=viewport)
    virtual_key(page)
    clean(page)
    set_password(page)
    clean(page)
    page.get_by_label(re.compile("A name for it")).fill("blue")
    page.get_by_role("button", name="Set up the key").click()
    page.get_by_role("button", name="Show my codes").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    clean(page)
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_text("Security key “blue”")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Sign out here").click()

    give_password(page)
    clean(page)
    page.get_by_role("button", name="Use the key").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{door}/staff/members")
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    clean(page)

    desk.clock.advance(minutes=6)
    page.goto(f"{door}/staff/factor")
    expect(page.get_by_role("heading", name="Your second factor once more")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Use the key").click()
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_visible()


def test_another_key_does_not_sign_in(desk: WebDesk, door: str, opened: Opened) -> None:
    page = opened(f"{door}/staff/join/{invited(desk)}", complains="")
    session = virtual_key(page)
    set_password(page)
    page.get_by_role("button", name="Set up the key").click()
    page.get_by_role("button", name="Show my codes").click()
    page.get_by_role("link", name="I have them").click()
    page.get_by_role("button", name="Sign out here").click()
    give_password(page)
    expect(page.get_by_role("button", name="Use the key")).to_be_visible()
    session.send("WebAuthn.disable")
    virtual_key(page)
    page.get_by_role("button", name="Use the key").click()
    expect(page.get_by_text("The key did not answer")).to_be_visible()
    assert "/staff/sign-in/second" in page.url


def test_all_but_keys_works_without_scripts(desk: WebDesk, door: str, opened: Opened) -> None:
    page = opened(f"{door}/staff/join/{invited(desk)}", scripts=False)
    set_password(page)
    expect(page.locator(".qr svg")).to_be_visible()
    key = page.locator("code.secret").inner_text()

    def code() -> str:
        return TOTP(key=key).generate(time=int(desk.clock.now().timestamp())).token

    page.get_by_label("Six digits of the app").fill(code())
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("button", name="Show my codes").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    page.get_by_role("link", name="I have them").click()
    page.get_by_role("button", name="Sign out here").click()
    desk.clock.advance(minutes=1)
    give_password(page)
    page.get_by_label("Six digits of the app").fill(code())
    page.get_by_role("button", name="Go on").click()
    page.goto(f"{door}/staff/account")
    expect(page.get_by_role("heading", name="Ana")).to_be_visible()
