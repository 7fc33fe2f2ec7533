"""A checklist on a phone of 360 pixels in a corridor: ticked, signed by two, and a tick without a line that arrives later."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sos.safety_plans.states import Item
from sos.staff.members.states import Role
from sos.staff.sign_in.states import Stage
from tests.browser.conftest import PHONE
from tests.console.signed_in import add_member
from tests.fakes.web_desk import TalkingDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
HOUSE = "1" * 32


class Corridor:
    """One house with Ana and Mira, each with a phone."""

    def __init__(self, running: TalkingDesk, opened: Opened, folder: Path) -> None:
        self.running, self.opened, self.folder = running, opened, folder
        rooms = running.house.rooms
        self.ids = {alias: add_member(rooms, alias=alias, roles=[Role.SHELTER_STAFF], service_id=HOUSE) for alias in ("Ana", "Mira")}

    def phone(self, alias: str, **options: object) -> Page:
        house = self.running.house
        with house.database.write() as unit:
            token = house.rooms.sessions.open(unit, self.ids[alias], Stage.FULL, fresh=True)
        page = self.opened(f"{self.running.url}/staff/sign-in", viewport=PHONE, **options)
        page.context.add_cookies([{"name": "staff", "value": token, "domain": "127.0.0.1", "path": "/staff", "httpOnly": True}])
        page.goto(f"{self.running.url}/staff/plans")
        return page

    def looked_at(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"plans-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        result = Axe().run(page)
        assert result.violations_count == 0, f"{name}: {result.generate_report()}"

    def states(self, plan: str) -> dict[str, Item]:
        house = self.running.house
        with house.database.read() as conn:
            view = house.rooms.plan_reading.plan(conn, HOUSE, plan, house.clock.now().date())
        assert view is not None
        return {one.item.id: one.state for one in view.items}

    def done_but(self, plan: str, *left: str) -> None:
        house = self.running.house
        with house.database.write() as unit:
            for item in self.states(plan):
                if item not in left:
                    house.rooms.safety_plans.tick(unit, HOUSE, plan, item, by=self.ids["Ana"])


@pytest.fixture
def corridor(talking: TalkingDesk, opened: Opened, tmp_path: Path) -> Corridor:
    folder = Path(os.environ.get("LOOK_FOLDER", tmp_path))
    return Corridor(talking, opened, folder)


def begin(page: Page, name: str) -> str:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#items")).to_be_visible()
    return page.url.rpartition("/")[2].partition("?")[0].partition("#")[0]


def test_a_checklist_is_ticked_with_a_thumb_and_signed_off_by_two(corridor: Corridor) -> None:
    page = corridor.phone("Ana")
    corridor.looked_at(page, "list")
    plan = begin(page, "End of the shift")
    corridor.done_but(plan, "count", "keys")
    page.reload()
    thumb = page.locator("#i-count .thumb")
    box = thumb.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    thumb.click()
    page.locator("#i-keys .thumb").click()
    expect(page.locator("#plan-open")).to_have_text("0")
    for item, words in (("count", "3 adults, 4 children"), ("keys", "5 keys")):
        page.locator(f"#i-{item} summary").click()
        page.locator(f"#i-{item} input[name=text]").fill(words)
        page.locator(f"#i-{item}").get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator(f"#i-{item} .evidence")).to_have_text(words)
    page.get_by_role("button", name="Sign").click()
    expect(page.locator("#plan-state")).to_contain_text("waits for a second person")
    corridor.looked_at(page, "signed-once")
    second = corridor.phone("Mira")
    second.goto(f"{corridor.running.url}/staff/plans/{plan}")
    second.get_by_role("button", name="Sign").click()
    expect(second.locator("#plan-state")).to_have_text("signed by two")


def test_a_tick_without_a_line_stays_in_the_page_and_arrives_when_the_line_is_back(corridor: Corridor) -> None:
    page = corridor.phone("Ana", complains="ERR_INTERNET_DISCONNECTED")
    plan = begin(page, "Fire")
    page.context.set_offline(True)
    page.locator("#i-exits .thumb").click()
    expect(page.locator("#unsent")).to_contain_text("1 not sent yet")
    page.locator("#i-sound .thumb").click()
    expect(page.locator("#unsent")).to_contain_text("2 not sent yet")
    assert corridor.states(plan)["exits"] is Item.TO_DO
    page.locator("#i-low .thumb").click()
    page.locator("#i-low .thumb").click()
    expect(page.locator("#i-low .thumb")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.screenshot(path=corridor.folder / "plans-offline.png")
    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_be_hidden(timeout=8000)
    assert [corridor.states(plan)[item] for item in ("exits", "sound", "low")] == [Item.DONE, Item.DONE, Item.TO_DO]


def test_it_works_without_scripts_and_the_paper_is_plain(corridor: Corridor) -> None:
    page = corridor.phone("Ana", scripts=False)
    plan = begin(page, "Arrival")
    page.locator("#i-phone .thumb").click()
    expect(page.locator("#i-phone")).to_have_attribute("data-state", "done")
    page.locator("#i-car summary").click()
    page.get_by_role("button", name="Not needed here").locator("visible=true").click()
    expect(page.locator("#i-car")).to_have_attribute("data-state", "not_here")
    assert corridor.states(plan)["phone"] is Item.DONE
    page.goto(f"{corridor.running.url}/staff/plans/{plan}/print/sq")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=corridor.folder / "plans-paper.png")
    assert not page.locator(".top").is_visible()
    assert "Ana" not in page.locator(".paper").inner_text()
