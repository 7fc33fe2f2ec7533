"""How it looks on an old phone and on a desk: small, quiet, readable, complete, reachable by the thumb (LOOK)."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.fakes.web_desk import WebDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]

LONG = "Free legal advice, Peja, open until 16:00. Albanian, Serbian. No papers asked. You decide if you go."
QUESTION = {
    "text": LONG,
    "buttons": [
        {"value": "number", "label": "The number"},
        {"value": "another", "label": "Another one"},
        {"value": "farther", "label": "Farther away"},
        {"value": "skip", "label": "Skip"},
    ],
    "ask_location": "Share where this phone is",
    "language": "en",
}
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "desk"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
STATES = ["first", "talk", "waiting", "too long"]


@pytest.fixture
def shots() -> Callable[[Page, str], None]:
    """Keeps a picture of the page where SOS_TEST_SHOTS names a folder, for a person to look at."""
    folder = os.environ.get("SOS_TEST_SHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name.replace(' ', '_')}.png")

    return take


def brought_to(state: str, desk: WebDesk, page: Page) -> Page:
    """The page in one of its states."""
    desk.answer = lambda _: [QUESTION]
    box, send = page.get_by_label("Your message"), page.get_by_role("button", name="Send")
    if state in {"talk", "waiting"}:
        for text in ("I need a lawyer", "in Peja"):
            box.fill(text)
            send.click()
            expect(page.locator("li.hers").last).to_contain_text(text)
    if state == "waiting":
        desk.hold()
        box.fill("and today if that is possible")
        send.click()
        expect(page.locator("#note")).to_contain_text("No answer yet")
    if state == "too long":
        box.fill("word " * 500)
        send.click()
        expect(page.locator("#note")).to_contain_text("2000")
    return page


@SIZES
@SCHEMES
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_fits(
    state: str, scheme: str, viewport: dict, desk: WebDesk, opened: Opened, shots: Callable[[Page, str], None]
) -> None:
    page = brought_to(state, desk, opened(f"{desk.url}/chat", viewport=viewport, color_scheme=scheme, complains="status of 422"))
    shots(page, f"{state}-{scheme}-{viewport['width']}")
    found = Axe().run(page)
    assert found.response["passes"], "axe looked at nothing"
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, textarea")].filter(node => node.offsetParent)
        .map(node => [node.textContent, node.getBoundingClientRect()]).filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
    )
    assert not small
    box = page.get_by_role("button", name="Exit").bounding_box()
    assert box
    assert box["y"] > viewport["height"] / 2
    assert box["y"] + box["height"] <= viewport["height"]
    assert box["width"] >= 300


@SCHEMES
def test_the_page_without_scripts_is_accessible_too(scheme: str, desk: WebDesk, opened: Opened, shots: Callable[[Page, str], None]) -> None:
    """axe is a script itself: so scripts are on, but ours is empty."""
    page = opened("about:blank", color_scheme=scheme)
    page.context.route("**/page.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{desk.url}/chat")
    brought_to("talk", desk, page)
    shots(page, f"plain-{scheme}-360")
    found = Axe().run(page)
    assert found.response["passes"]
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("viewport", [{"width": 320, "height": 480}, {"width": 640, "height": 320}], ids=["320 wide", "lying"])
def test_on_the_smallest_screens_the_newest_line_can_be_read(
    viewport: dict, desk: WebDesk, opened: Opened, shots: Callable[[Page, str], None]
) -> None:
    page = brought_to("talk", desk, opened(f"{desk.url}/chat", viewport=viewport))
    shots(page, f"small-{viewport['width']}")
    expect(page.locator("li.ours").last).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("button", name="Exit")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_newest_line_is_in_sight_without_scripts(desk: WebDesk, opened: Opened) -> None:
    page = opened(f"{desk.url}/chat", scripts=False)
    for number in range(6):
        page.get_by_label("Your message").fill(f"line {number}")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text(f"Noted: line {number}")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_18_px_follows_the_device_and_shows_focus(scheme: str, desk: WebDesk, opened: Opened) -> None:
    page = opened(f"{desk.url}/chat", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every(part => part > 128)")
    assert light is (scheme == "light")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


def test_the_first_page_with_all_it_needs_weighs_little(desk: WebDesk, opened: Opened) -> None:
    page = opened("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{desk.url}/chat")
    page.wait_for_load_state("networkidle")
    assert len(asked) == 3, asked
    weight = 0
    for url in asked:
        with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            weight += len(answer.read()) + len(str(answer.headers))
    assert weight < 12_000
