"""Shelter staff with a telephone in a corridor: beds in two taps, an ask answered; and the operator who searches for a room. Axe, width, pictures."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sos.console.guard import Cookie
from sos.shelters.asks.states import Need
from sos.shelters.units.states import UnitKind, UnitState
from sos.staff.sign_in.states import Stage
from tests.browser.conftest import DESK, PHONE
from tests.console.desk import Desk
from tests.console.shelters import CENTRE, Staffed, fires, staffed, states
from tests.fakes.web_desk import TalkingDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]


class Corridor:
    """A house, its staff and an operator, each with a browser that is signed in."""

    def __init__(self, running: TalkingDesk, opened: Opened, folder: Path) -> None:
        self.running, self.opened, self.folder = running, opened, folder
        self.url = running.url.replace("127.0.0.1", "localhost")
        self.desk = Desk(running.app)

    def browser(self, member: str, path: str, **options: object) -> Page:
        house = self.running.house
        with house.database.write() as unit:
            token = house.rooms.sessions.open(unit, member, Stage.FULL)
        page = self.opened(f"{self.url}/staff/sign-in", **options)
        name = Cookie(secure=False).name
        page.context.add_cookies(
            [{"name": name, "value": token, "domain": "localhost", "path": "/staff", "httpOnly": True, "sameSite": "Strict"}]
        )
        page.goto(f"{self.url}{path}")
        return page

    def asks(self, *houses: Staffed) -> None:
        house = self.running.house
        with house.database.write() as unit:
            rings = [[one.service_id for one in houses]]
            house.rooms.asks.begin(unit, case="c" * 32, need=Need(UnitKind.FAMILY_ROOM, beds=2), rings=rings, by="m" * 32)
        self.passes(91)

    def passes(self, seconds: float) -> None:
        self.running.clock.advance(seconds=seconds)
        fires(self.running.house)

    def looked_at(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"beds-{name}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, "nothing is wider than the screen"


@pytest.fixture
def corridor(talking: TalkingDesk, opened: Opened, tmp_path: Path) -> Corridor:
    folder = Path(os.environ.get("SOS_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    talking.hold()
    return Corridor(talking, opened, folder)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_beds_in_two_taps_and_an_ask_answered(corridor: Corridor, scripts: bool) -> None:
    one = staffed(corridor.running.app, 1, "F1", "F2", "F3", "S1", gatekeeper=CENTRE)
    house = corridor.running.house
    page = corridor.browser(one.member, "/staff/beds", viewport=PHONE, scripts=scripts, color_scheme="dark" if scripts else "light")
    page.get_by_role("button", name="Family rooms: one less free").click()
    expect(page.get_by_role("status")).to_have_text("Confirmed.")
    page.get_by_role("button", name="Still right").click()
    assert sorted(states(house, one).values()).count(UnitState.OCCUPIED) == 1, "two taps: one room less, and all confirmed"
    expect(page.get_by_role("button", name="Single rooms: one more free")).to_be_disabled()
    box = page.get_by_role("button", name="Family rooms: one more free").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44

    corridor.asks(one)
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("Room for somebody"))).to_be_visible()
    page.get_by_text("No", exact=True).click()
    expect(page.get_by_role("button", name="Full")).to_be_visible()
    if scripts:
        corridor.looked_at(page, "1-ask")
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("status")).to_contain_text("a colleague will call")
    page.reload()
    if scripts:
        corridor.looked_at(page, "2-counters")


def test_a_hold_is_agreed_and_arrives(corridor: Corridor) -> None:
    one = staffed(corridor.running.app, 1, "F1", gatekeeper=CENTRE)
    house = corridor.running.house
    with house.database.write() as unit:
        rings = [[one.service_id]]
        house.rooms.asks.begin(unit, case="c" * 32, need=Need(UnitKind.FAMILY_ROOM), rings=rings, by="m" * 32)
    corridor.passes(91)
    page = corridor.browser(one.member, "/staff/beds", viewport=PHONE)
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text("night desk 102")).to_be_visible()
    corridor.looked_at(page, "3-subject")
    page.get_by_role("button", name="Gatekeeper agreed").click()
    page.get_by_role("button", name="Arrived").click()
    assert states(house, one) == {"F1": UnitState.OCCUPIED}
    page.get_by_role("link", name="Rooms one by one").click()
    page.get_by_text("Questions, quiet hours, gatekeeper").click()
    page.get_by_text("Add a room").click()
    corridor.looked_at(page, "4-rooms")


@pytest.mark.parametrize("viewport", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="360")])
def test_an_operator_asks_and_sees_the_answer_come(corridor: Corridor, viewport: dict[str, int]) -> None:
    app = corridor.running.app
    houses = [staffed(app, n, "F1", gatekeeper=CENTRE if n == 2 else None) for n in (1, 2)]
    corridor.desk.member("Mira")
    mira, number = corridor.desk.ids["Mira"], corridor.desk.sos()
    name = f"{viewport['width']}"
    page = corridor.browser(mira, f"/staff/alerts/{number}", viewport=viewport, complains="AudioContext was not allowed")
    page.get_by_role("button", name=re.compile(f"Claim SOS {number}")).click()
    page.goto(f"{corridor.url}/staff/alerts/{number}/room")
    expect(page.get_by_text("House 1", exact=True)).to_be_visible()
    corridor.looked_at(page, f"5-search-{name}")
    page.get_by_role("button", name="Ask these shelters").click()
    corridor.passes(91)
    house = corridor.running.house
    with house.database.write() as unit:
        from sos.shelters.asks.queries import incoming

        [ask] = incoming(unit.conn, house.keystore.place_key, houses[1].service_id)
        house.rooms.asks.say_yes(unit, houses[1].service_id, ask.id, by=houses[1].member)
    page.evaluate("document.activeElement.blur()")
    expect(page.get_by_text("House 2 says yes")).to_be_visible(timeout=8000)
    corridor.looked_at(page, f"6-yes-{name}")
    page.goto(f"{corridor.url}/staff/beds/freshness")
    corridor.looked_at(page, f"7-freshness-{name}")
