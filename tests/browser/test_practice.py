"""Practice, the hand-off card and the load view in a browser: desktop and phone, axe, pictures for a person to look at, one A4 page on paper."""

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sos.alerts.risk import training
from sos.alerts.states import Note
from sos.console.guard import Cookie
from sos.staff.members.states import Role
from sos.staff.sign_in.states import Stage
from sos.survivors.address import Address, Channel
from tests.browser.conftest import DESK, PHONE
from tests.console.signed_in import add_member
from tests.fakes.web_desk import WebDesk

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="360")])
Opened = Callable[..., Page]


class Console:
    """A signed-in member in front of the staff's pages."""

    def __init__(self, desk: WebDesk, opened: Opened, viewport: dict[str, int], roles: list[Role], folder: Path) -> None:
        self.house, self.url, self.folder, self.width = desk.house, desk.url, folder, viewport["width"]
        self.member = add_member(desk.house.rooms, alias="Ana", roles=roles)
        with desk.house.database.write() as unit:
            token = desk.house.rooms.sessions.open(unit, self.member, Stage.FULL)
        self.page = opened(f"{desk.url}/staff/sign-in", viewport=viewport)
        self.page.context.add_cookies([{"name": Cookie(secure=False).name, "value": token, "url": f"{desk.url}/staff"}])

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def look(self, name: str) -> None:
        """Nothing wider than the screen, nothing that axe complains of, and a picture."""
        self.page.screenshot(path=self.folder / f"{name}-{self.width}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        found = Axe().run(self.page)
        assert not found.response["violations"], [
            (one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found.response["violations"]
        ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(os.environ.get("SOS_SHOTS", tmp_path))
    made.mkdir(parents=True, exist_ok=True)
    return made


@SIZES
def test_a_practice_run_from_the_choice_to_the_debrief(desk: WebDesk, opened: Opened, viewport: dict[str, int], folder: Path) -> None:
    console = Console(desk, opened, viewport, [Role.SUPERVISOR], folder)
    page = console.go("/staff/practice")
    expect(page).to_have_title(re.compile("^PRACTICE"))
    console.look("practice-choose")
    page.get_by_role("button", name="Begin He is in the next room in Serbian").click()
    expect(page).to_have_title("PRACTICE: He is in the next room")
    expect(page.locator(".practice-band")).to_contain_text("PRACTICE")
    page.get_by_label(re.compile("Your line")).fill("Da li ste bezbedni?")
    page.get_by_role("button", name="Send in practice").click()
    expect(page.locator("#lines")).to_contain_text("on je u drugoj sobi")
    page.get_by_label(re.compile("Your line")).fill("a line that is still being typed")
    desk.clock.advance(seconds=130)
    expect(page.locator("#lines")).to_contain_text("jeste tu", timeout=8000)
    expect(page.get_by_label(re.compile("Your line"))).to_have_value("a line that is still being typed")
    console.look("practice-run")
    page.get_by_role("button", name=re.compile("End this exercise")).click()
    expect(page.get_by_role("heading", name="Looking back")).to_be_visible()
    expect(page.locator(".practice-band")).to_be_visible()
    console.look("practice-debrief")
    console.go("/staff/practice/record")
    expect(page.get_by_role("cell", name="Ana")).to_be_visible()
    console.look("practice-record")


def test_practice_works_without_scripts(desk: WebDesk, opened: Opened, folder: Path) -> None:
    def plain(address: str, **options: object) -> Page:
        return opened(address, scripts=False, **options)

    page = Console(desk, plain, PHONE, [Role.OPERATOR], folder).go("/staff/practice")
    page.get_by_role("button", name="Begin A question about papers in Albanian").click()
    page.get_by_label(re.compile("Your line")).fill("A jeni vetem tani?")
    page.get_by_role("button", name="Send in practice").click()
    expect(page.locator("#lines")).to_contain_text("Po, jam ne pune")


@SIZES
def test_card_questionnaire_night_list_and_load(desk: WebDesk, opened: Opened, viewport: dict[str, int], folder: Path) -> None:
    console = Console(desk, opened, viewport, [Role.OPERATOR, Role.SUPERVISOR], folder)
    rooms, her = desk.house.rooms, Address(Channel.SMS, "+38344000101")
    with desk.house.database.write() as unit:
        known = rooms.survivors.meet(unit, her, "generic")
        alert = rooms.alerts.raise_alert(unit, address=her, survivor_id=known.id, reason="sos_word", words="SOS")
        rooms.alerts.take(unit, alert.id, console.member)
        training.note(
            unit,
            rooms.audit,
            member_id=console.member,
            questionnaire="demonstration",
            trained_on=date(2026, 1, 1),
            until=date(2099, 1, 1),
            by=console.member,
        )
    page = console.go(f"/staff/alerts/{alert.number}/card")
    console.look("card-no-answer")
    with desk.house.database.write() as unit:
        rooms.alerts.add(unit, her, Note.CALL_192_YES, "")
    page.reload()
    for name, words in (
        ("Place, as a driver finds it", "Street of the old mill 4, third floor, left. A blue gate."),
        ("Way in", "Bell does not work. Lights and siren off before the bridge."),
        ("Who is there", "He is in the kitchen, drunk. Two adults, two children."),
        ("Weapons", "A knife, in the kitchen"),
        ("Children", "Two, 4 and 9, asleep in the back room"),
        ("Language", "Albanian; a little Serbian"),
        ("Dispatcher", "desk 4"),
    ):
        page.get_by_label(name, exact=True).fill(words)
    page.get_by_role("button", name=re.compile("Keep the card")).click()
    expect(page.get_by_text("The card is kept")).to_be_visible()
    console.look("card-kept")
    console.go(f"/staff/alerts/{alert.number}/card/print")
    console.look("card-sheet")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1017})  # A4 at 96 dots, less 14 mm on each side
    page.screenshot(path=folder / "card-paper.png", full_page=True)
    expect(page.locator(".no-print")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= 1017, "it fits one page"
    paper = page.pdf(prefer_css_page_size=True)
    (folder / "card.pdf").write_bytes(paper)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1, "one page"
    page.emulate_media(media="screen")
    page.set_viewport_size(viewport)
    for name, path in {
        "questions": f"/staff/alerts/{alert.number}/questions/demonstration",
        "night-list": "/staff/night-list",
        "phrasebook": "/staff/phrasebook",
        "interpreters": "/staff/interpreters",
        "reviews": "/staff/reviews",
        "trained": "/staff/trained",
        "load": "/staff/load",
        "alert": f"/staff/alerts/{alert.number}",
    }.items():
        console.go(path)
        console.look(name)
