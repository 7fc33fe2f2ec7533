"""A night at the desk, as an operator works it: sign in, start the shift, hear an SOS, claim, answer, match, hand over, close. Desk and phone."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sos.staff.members.states import Role
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_sign_in import give_password, set_password, virtual_key
from tests.console.desk import Desk
from tests.console.signed_in import add_member
from tests.fakes.web_desk import TalkingDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
SIZES = pytest.mark.parametrize("viewport", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="360")])
LONG = (
    "Помозите, он је пред вратима и лупа. Деца спавају.",
    "Ne mogu da izađem, uzeo mi je ključ.",
    "Peja, kod parka",
)


class Night:
    """One installation with a signed-in operator in front of it."""

    def __init__(self, running: TalkingDesk, opened: Opened, folder: Path) -> None:
        self.running, self.opened, self.folder = running, opened, folder
        self.desk = Desk(running.app)
        self.url = running.url.replace("127.0.0.1", "localhost")
        self.name = ""

    def operator(self, alias: str = "Ana", *, complains: str = "AudioContext was not allowed", **options: object) -> Page:
        """A browser that came in by link, password and security key."""
        with self.running.house.database.write() as unit:
            token = self.running.house.rooms.members.invite(unit, alias=alias, roles=[Role.OPERATOR])
        page = self.opened(f"{self.url}/staff/join/{token}", complains=complains, **options)
        virtual_key(page)
        set_password(page)
        page.get_by_label(re.compile("A name for it")).fill("blue")
        page.get_by_role("button", name="Set up the key").click()
        page.get_by_role("button", name="Show my codes").click()
        page.get_by_role("link", name="I have them").click()
        page.get_by_role("button", name="Sign out here").click()
        give_password(page)
        page.get_by_role("button", name="Use the key").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    def start_shift(self, page: Page) -> None:
        page.goto(f"{self.url}/staff/duty")
        page.get_by_role("button", name=re.compile("start", re.IGNORECASE)).first.click()
        page.goto(f"{self.url}/staff")

    def colleague(self, alias: str) -> str:
        house = self.running.house
        member = add_member(house.rooms, alias=alias)
        with house.database.write() as unit:
            house.rooms.duty.start_shift(unit, member)
        return member

    def sos(self) -> int:
        number = self.desk.sos(LONG[0])
        for text in LONG[1:]:
            self.desk.she_writes(text)
        return number

    def press(self, page: Page, key: str) -> None:
        """As a person does: when the page is there."""
        expect(page.locator("body[data-ready]")).to_be_attached()
        page.keyboard.press(key)

    def looked_at(self, page: Page, name: str) -> None:
        """No violation, nothing wider than the screen, a picture for a person to look at."""
        page.screenshot(path=self.folder / f"{self.name}{name}.png")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, "nothing is wider than the screen"


@pytest.fixture
def night(talking: TalkingDesk, opened: Opened, tmp_path: Path) -> Night:
    folder = Path(os.environ.get("SOS_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    talking.hold()
    return Night(talking, opened, folder)


@SIZES
def test_a_night(night: Night, viewport: dict[str, int]) -> None:
    night.name = f"{viewport['width']}-"
    page = night.operator(viewport=viewport, color_scheme="dark" if viewport is DESK else "light")
    night.colleague("Blerta")
    night.start_shift(page)
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    expect(page.get_by_text("You are on duty.", exact=True)).to_be_visible()
    night.looked_at(page, "1-calm")

    number = night.sos()
    expect(page.locator(".alarm")).to_contain_text(f"SOS {number}: nobody has taken it", timeout=2000)
    expect(page).to_have_title(f"SOS {number} waits")
    expect(page.locator("body")).to_have_attribute("data-sounded", re.compile("[2-9]"), timeout=8000)
    expect(page.locator(f"[data-row=sos-{number}]")).to_be_visible()
    night.looked_at(page, "2-alarm")
    page.goto(f"{night.url}/staff/tasks")
    expect(page.locator(".alarm")).to_be_visible()
    page.goto(f"{night.url}/staff")

    night.press(page, "j")
    night.press(page, "c")
    expect(page.locator(".title")).to_contain_text(f"SOS {number}")
    expect(page.locator(".alarm")).to_have_count(0)
    assert night.desk.state(number) == "opened", "whoever claimed it sees it"
    expect(page.get_by_text("Pomozite, on je pred vratima")).to_be_visible()
    night.looked_at(page, "3-opened")

    night.press(page, "r")
    page.keyboard.type("Ovde Ana. Mozete li da pisete?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.us")).to_contain_text("Ovde Ana")
    assert night.desk.state(number) == "answered"
    night.looked_at(page, "4-answered")

    night.press(page, "/")
    expect(page.locator(".canned button.text").first).to_be_visible()
    night.looked_at(page, "5-canned")
    page.keyboard.press("Escape")

    night.press(page, "s")
    page.get_by_label("Place", exact=True).fill("Peja")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("button", name="Find")).to_be_enabled()
    expect(page.locator("#services .service").first).to_be_visible()
    night.looked_at(page, "6-services")

    page.get_by_text("Contact her later").click()
    page.locator("details[open] textarea").fill("Alone after six")
    page.get_by_role("button", name="Leave a task").click()
    expect(page.get_by_text("Left as a task")).to_be_visible()

    night.press(page, "h")
    expect(page.get_by_role("button", name=f"Hand over SOS {number}")).to_be_visible()
    night.looked_at(page, "7-hand-over")
    page.locator("select[name=to]").select_option(label="Blerta (on duty)")
    page.get_by_role("button", name=f"Hand over SOS {number}").click()
    expect(page.get_by_role("status")).to_contain_text("Handed over")
    night.looked_at(page, "8-handed-over")

    page.goto(f"{night.url}/staff/alerts/{number}")
    night.press(page, "c")
    expect(page.locator(".case-head")).to_contain_text("opened, not answered yet")
    night.press(page, "x")
    page.get_by_label("She is in a safer place").check()
    page.get_by_role("button", name=f"Close SOS {number}", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Closed.")
    assert night.desk.state(number) == "closed"
    expect(page.get_by_text("take five minutes")).to_be_visible()
    night.looked_at(page, "9-closed")


@SIZES
def test_people_and_tasks(night: Night, viewport: dict[str, int]) -> None:
    night.name = f"{viewport['width']}-people-"
    page = night.operator(viewport=viewport, color_scheme="dark" if viewport is DESK else "light")
    night.start_shift(page)
    page.goto(f"{night.url}/staff/people")
    night.looked_at(page, "1-people")
    page.get_by_label("What she said").fill("She called, she wants advice tomorrow")
    page.get_by_label("Her number").fill("+383 44 000 102")
    page.get_by_label("Alias for her").fill("Blue door")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="Blue door")).to_be_visible()
    expect(page.get_by_text("Do not write now")).to_be_visible()
    night.looked_at(page, "2-person")
    page.goto(f"{night.url}/staff/tasks")
    page.get_by_role("link", name=re.compile("Write to her")).click()
    expect(page.get_by_text("She called")).to_be_visible()
    night.looked_at(page, "3-task")
    night.press(page, "c")
    expect(page.get_by_text("You have it")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("is done")).to_be_visible()


def test_a_lost_line_is_a_sign_over_the_whole_width_within_five_seconds(night: Night) -> None:
    page = night.operator(viewport=DESK, complains="ERR_INTERNET_DISCONNECTED")
    night.start_shift(page)
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#lost")).to_be_visible(timeout=5000)
    assert page.locator("#lost").bounding_box()["width"] >= 1270
    night.looked_at(page, "lost")
    page.context.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden(timeout=5000)


def test_a_new_row_announces_itself_and_waits(night: Night) -> None:
    page = night.operator(viewport=DESK)
    night.start_shift(page)
    first = night.sos()
    expect(page.locator(f"[data-row=sos-{first}]")).to_be_visible(timeout=4000)
    before = page.locator(f"[data-row=sos-{first}]").bounding_box()
    from tests.console.desk import Address, Channel

    second = night.desk.sos("SOS", reason="suicide", address=Address(Channel.SMS, "+38344000103"))
    expect(page.get_by_role("button", name="1 new: show")).to_be_visible(timeout=4000)
    assert page.locator(f"[data-row=sos-{first}]").bounding_box() == before, "nothing jumps"
    assert page.locator(f"[data-row=sos-{second}]").count() == 0
    night.looked_at(page, "new-row")
    night.press(page, "n")
    expect(page.locator("#rows > li")).to_have_count(2)


def test_all_of_it_works_without_scripts(night: Night) -> None:
    house = night.running.house
    member = add_member(house.rooms, alias="Ana")
    with house.database.write() as unit:
        house.rooms.duty.start_shift(unit, member)
    number = night.sos()
    from sos.staff.sign_in.states import Stage

    with house.database.write() as unit:
        token = house.rooms.sessions.open(unit, member, Stage.FULL, fresh=True)
    page = night.opened(f"{night.running.url}/staff/sign-in", scripts=False, viewport=PHONE)
    page.context.add_cookies([{"name": "staff", "value": token, "domain": "127.0.0.1", "path": "/staff", "httpOnly": True}])
    page.goto(f"{night.running.url}/staff")
    assert page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").count()
    page.get_by_role("button", name="Claim").click()
    page.get_by_label("Reply to her").fill("Ovde Ana.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".line.us")).to_contain_text("Ovde Ana")
    page.get_by_text("Close", exact=False).locator("visible=true").last.scroll_into_view_if_needed()
    page.locator("summary", has_text=re.compile("^Close")).click()
    page.get_by_label("Safe for now").check()
    page.get_by_role("button", name=f"Close SOS {number}", exact=True).click()
    assert night.desk.state(number) == "closed"
