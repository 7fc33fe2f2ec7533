"""The pages of what is hers on an old phone and on a desk: accessible, within 360 px, complete without JavaScript, left without a trace."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.fakes.web_desk import TalkingDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "desk"])


def say(page: Page, text: str) -> None:
    before = page.locator("#lines li").count()
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#lines li").nth(before + 1)).to_be_visible()


def brought_in(page: Page) -> Page:
    for text in ("hello", "1", "1", "menu", "5", "1", "green door"):
        say(page, text)
    page.goto(page.url.partition("/chat")[0] + "/chat/mine")
    return page


def looked_at(page: Page, name: str) -> None:
    if folder := os.environ.get("SOS_TEST_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    found = Axe().run(page)
    assert found.response["passes"], "axe looked at nothing"
    assert not found.response["violations"], found.generate_report()


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_hers_is_accessible_and_fits(
    viewport: dict, scheme: str, talking: TalkingDesk, opened: Opened, tmp_path: Path
) -> None:
    page = opened(f"{talking.url}/chat", viewport=viewport, color_scheme=scheme)
    brought_in(page)
    name = f"own-{scheme}-{viewport['width']}"
    looked_at(page, f"{name}-open")
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"\xff\xd8\xff" * 999)
    page.get_by_label("A photo or a file").set_input_files(photo)
    page.get_by_label("Words, as they are").fill("She stood at the gate at noon. " * 9)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The chain is whole")).to_be_visible()
    looked_at(page, f"{name}-kept")
    page.goto(f"{talking.url}/chat/mine/known")
    expect(page.get_by_text("Who did something with it")).to_be_visible()
    looked_at(page, f"{name}-known")
    talking.clock.advance(minutes=31)
    page.goto(f"{talking.url}/chat/mine")
    expect(page.get_by_label("Your word")).to_be_visible()
    looked_at(page, f"{name}-closed")


def test_without_scripts_a_photo_is_kept_and_the_exit_leaves(talking: TalkingDesk, opened: Opened, tmp_path: Path) -> None:
    page = brought_in(opened(f"{talking.url}/chat", scripts=False))
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"\xff\xd8\xff" * 999)
    page.get_by_label("A photo or a file").set_input_files(photo)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The chain is whole")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take all of it along").click()
    assert download.value.suggested_filename == "archive.zip"
    page.get_by_role("button", name="Exit").click()
    expect(page).to_have_title("Weather")
