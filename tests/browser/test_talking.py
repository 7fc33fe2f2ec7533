"""She writes and is answered, with scripts and without them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sos.bot.messages import Incoming, Kind
from tests.browser.conftest import DESK, PHONE
from tests.fakes.web_desk import Bodies, WebDesk

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
EITHER_WAY = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])

QUESTION = {
    "text": "Are there children with you?",
    "buttons": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}, {"value": "skip", "label": "Skip"}],
    "language": "en",
}


def asking(incoming: Incoming) -> Bodies:
    """A question with answers, until one is tapped."""
    return [{"text": f"You chose {incoming.text}."}] if incoming.kind is Kind.BUTTON else [QUESTION]


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


@EITHER_WAY
def test_what_she_writes_is_answered_on_the_same_page(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    page = opened(f"{desk.url}/chat", scripts=scripts)
    write(page, "hello")
    expect(page.get_by_text("Noted: hello")).to_be_visible()
    write(page, "and more")
    expect(page.get_by_text("Noted: and more")).to_be_visible()
    assert [incoming.text for incoming in desk.seen] == ["hello", "and more"]
    assert len({incoming.address.value for incoming in desk.seen}) == 1
    assert page.url == f"{desk.url}/chat"


@EITHER_WAY
def test_an_answer_is_one_tap_and_skipping_looks_like_the_others(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    desk.answer = asking
    page = opened(f"{desk.url}/chat", scripts=scripts)
    write(page, "hello")
    skip, yes = page.get_by_role("button", name="Skip"), page.get_by_role("button", name="Yes")
    expect(skip).to_be_visible()
    expect(yes).to_be_visible()
    if scripts:
        looks = "node => ['color', 'backgroundColor', 'borderColor', 'fontSize', 'fontWeight', 'height'].map(name => getComputedStyle(node)[name])"
        assert skip.evaluate(looks) == yes.evaluate(looks)
    skip.click()
    expect(page.get_by_text("You chose skip.")).to_be_visible()
    expect(page.locator("li.hers").last).to_have_text("You: Skip")
    expect(skip).to_have_count(0)
    assert [(incoming.kind, incoming.text) for incoming in desk.seen] == [(Kind.TEXT, "hello"), (Kind.BUTTON, "skip")]


@EITHER_WAY
def test_a_late_answer_comes_by_itself(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    desk.hold()
    page = opened(f"{desk.url}/chat", scripts=scripts)
    write(page, "hello")
    expect(page.get_by_role("status")).to_contain_text("Received. No answer yet.")
    expect(page.get_by_label("Your message")).to_be_editable()
    desk.release()
    expect(page.get_by_text("Noted: hello")).to_be_visible()
    expect(page.locator("#note")).to_have_text("")


def test_words_begun_while_she_waits_stay_in_the_box(desk: WebDesk, opened: Opened) -> None:
    desk.hold()
    page = opened(f"{desk.url}/chat")
    write(page, "hello")
    expect(page.get_by_role("status")).to_contain_text("Received. No answer yet.")
    page.get_by_label("Your message").fill("still writ")
    desk.release()
    expect(page.get_by_text("Noted: hello")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("still writ")


def test_what_is_written_to_her_later_appears_by_itself(desk: WebDesk, opened: Opened) -> None:
    page = opened(f"{desk.url}/chat")
    write(page, "hello")
    expect(page.get_by_text("Noted: hello")).to_be_visible()
    desk.say_to_last({"text": "I am Ana, a person."})
    expect(page.get_by_text("I am Ana, a person.")).to_be_visible()


@EITHER_WAY
def test_a_message_that_is_too_long_comes_back_with_its_words(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    page = opened(f"{desk.url}/chat", scripts=scripts, complains="status of 422")
    long = "word " * 401
    write(page, long)
    expect(page.get_by_role("status")).to_contain_text("2000")
    expect(page.get_by_label("Your message")).to_have_value(long.strip() if not scripts else long)
    assert not desk.seen
    write(page, "shorter")
    expect(page.get_by_text("Noted: shorter")).to_be_visible()


def test_without_a_connection_her_words_stay_and_count_once(desk: WebDesk, opened: Opened) -> None:
    page = opened(f"{desk.url}/chat", complains="ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    write(page, "hello")
    expect(page.get_by_role("status")).to_contain_text("No connection.")
    expect(page.get_by_label("Your message")).to_have_value("hello")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Noted: hello")).to_be_visible()
    assert len(desk.seen) == 1


def test_everything_can_be_done_by_keyboard(desk: WebDesk, opened: Opened) -> None:
    desk.answer = asking
    page = opened(f"{desk.url}/chat", viewport=DESK)
    focused = page.locator(":focus")

    def tab_to(name: str) -> None:
        for _ in range(25):
            page.keyboard.press("Tab")
            if focused.count() and name in (focused.inner_text() or focused.get_attribute("id") or ""):
                return
        pytest.fail(f"{name} was not reached")

    tab_to("text")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Skip")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    assert focused.inner_text() == "Skip"
    assert focused.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_text("You chose skip.")).to_be_visible()
    tab_to("Exit")


def test_her_place_is_offered_only_where_it_is_asked_for(desk: WebDesk, opened: Opened) -> None:
    desk.answer = lambda incoming: (
        [{"text": "Thank you."}] if incoming.kind is Kind.LOCATION else [{"text": "Where are you?", "ask_location": "Share my place"}]
    )
    page = opened(
        f"{desk.url}/chat", geolocation={"latitude": 42.658912, "longitude": 20.288341}, permissions=["geolocation"], viewport=PHONE
    )
    expect(page.get_by_role("button", name="Share my place")).to_have_count(0)
    write(page, "hello")
    page.get_by_role("button", name="Share my place").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert (desk.seen[-1].latitude, desk.seen[-1].longitude) == (42.659, 20.288)


def test_a_refused_place_can_be_written_instead(desk: WebDesk, opened: Opened) -> None:
    desk.answer = lambda _: [{"text": "Where are you?", "ask_location": "Share my place"}]
    page = opened(f"{desk.url}/chat")
    write(page, "hello")
    page.get_by_role("button", name="Share my place").click()
    expect(page.get_by_role("status")).to_contain_text("write the name of a place")
    write(page, "Peja")
    expect(page.locator("li.hers")).to_have_count(2)


@EITHER_WAY
def test_the_page_speaks_her_language_from_the_first_look_and_by_one_tap(desk: WebDesk, opened: Opened, scripts: bool) -> None:
    page = opened(f"{desk.url}/chat", scripts=scripts, locale="sq-AL")
    link = page.get_by_role("link", name="English")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    write(page, "hello")
    expect(page.get_by_text("Noted: hello")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
