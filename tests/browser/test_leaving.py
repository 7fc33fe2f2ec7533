"""Leaving at once, and what stays behind: nothing in Back, nothing in any storage, no session (DOMAIN 8, 14)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, WEATHER
from tests.fakes.web_desk import WebDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
EITHER_WAY = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
PLANTED = "marigold lantern"


def talked(desk: WebDesk, opened: Opened, *, scripts: bool = True, **options: object) -> Page:
    """A page on which something was said."""
    page = opened("about:blank", scripts=scripts, **options)
    page.goto(f"{desk.url}/chat")
    page.get_by_label("Your message").fill(PLANTED)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(f"Noted: {PLANTED}")).to_be_visible()
    return page


def cookies(page: Page, desk: WebDesk) -> list[str]:
    return [cookie["name"] for cookie in page.context.cookies(desk.url)]


@EITHER_WAY
def test_exit_leads_to_the_weather_and_back_shows_nothing_that_was_said(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    page = talked(desk, opened, scripts=scripts)
    page.get_by_role("button", name="Exit").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    assert page.url == WEATHER
    for _ in range(4):
        page.go_back(wait_until="commit")
        if page.url == "about:blank":
            break
        assert not scripts, "with scripts Back leads to what was before the chat"
        expect(page.get_by_role("link", name="Shqip")).to_be_visible()  # the first page, for anybody
        expect(page.get_by_text(PLANTED)).to_have_count(0)
    assert page.url == "about:blank"
    assert not cookies(page, desk)


@EITHER_WAY
def test_the_session_ends_on_our_side_too(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    page = talked(desk, opened, scripts=scripts)
    kept = page.context.cookies(desk.url)
    assert kept
    page.get_by_role("button", name="Exit").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.wait_for_timeout(300)
    page.context.add_cookies(kept)
    page.goto(f"{desk.url}/chat")
    expect(page.get_by_label("Your message")).to_be_visible()
    expect(page.get_by_text(PLANTED)).to_have_count(0)


def test_escape_three_times_leaves(desk: WebDesk, opened: Opened) -> None:
    page = talked(desk, opened, viewport=DESK)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_text(f"Noted: {PLANTED}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()


def test_the_screen_is_blank_before_anything_is_asked_of_the_network(desk: WebDesk, opened: Opened) -> None:
    page = talked(desk, opened)
    left = page.evaluate(
        "() => { document.getElementById('exit').click(); return [document.body.childNodes.length, document.title.trim()]; }"
    )
    assert left == [0, "\u200b"]
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()


def test_no_storage_of_the_browser_holds_anything(desk: WebDesk, opened: Opened) -> None:
    page = talked(desk, opened)
    count = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
        (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]"""
    assert page.evaluate(count) == [0, 0, 0, 0, 0]
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Exit").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.goto(f"{desk.url}/chat")
    assert page.evaluate(count) == [0, 0, 0, 0, 0]


@EITHER_WAY
def test_after_half_an_hour_of_silence_her_words_are_hidden(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    page = talked(desk, opened, scripts=scripts)
    desk.clock.advance(minutes=31)
    page.goto(f"{desk.url}/chat")
    expect(page.get_by_text(PLANTED)).to_have_count(0)
    page.get_by_label("Your message").fill("back")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Noted: back")).to_be_visible()
    expect(page.get_by_text(PLANTED)).to_have_count(0)
    assert len({incoming.address.value for incoming in desk.seen}) == 1


def test_a_kept_page_is_empty_when_it_comes_back_without_leaving(desk: WebDesk, opened: Opened) -> None:
    page = talked(desk, opened)
    desk.clock.advance(minutes=31)
    page.goto(WEATHER)
    page.go_back(wait_until="commit")
    expect(page.get_by_label("Your message")).to_be_visible()
    expect(page.get_by_text(PLANTED)).to_have_count(0)


def test_another_site_can_neither_write_nor_leave_for_her(desk: WebDesk, opened: Opened) -> None:
    page = talked(desk, opened, complains="status of 403")
    page.context.route(
        "https://elsewhere.invalid/**",
        lambda route: route.fulfill(
            body=f"<form method=post action='{desk.url}{'/chat' if 'write' in route.request.url else '/exit'}'>"
            "<input name=text value=forged><button>go</button></form>",
            content_type="text/html",
        ),
    )
    page.goto("data:text/html,<p>elsewhere</p>")
    page.set_content(f"<form method=post action='{desk.url}/chat'><input name=text value=forged><button>go</button></form>")
    page.get_by_role("button", name="go").click()
    expect(page.get_by_role("status")).to_contain_text("came from another page")
    expect(page.get_by_label("Your message")).to_have_value("forged")
    assert [incoming.text for incoming in desk.seen] == [PLANTED]
    page.goto(f"{desk.url}/chat")
    expect(page.get_by_text(f"Noted: {PLANTED}")).to_be_visible()
