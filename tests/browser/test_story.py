"""The real conversation on the page: an SOS at once, first contact in two steps, a cover, a code phrase, an ERASE, on an old phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fakes.web_desk import TalkingDesk

pytestmark = [pytest.mark.browser, pytest.mark.story]
Opened = Callable[..., Page]
EITHER_WAY = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


class Person:
    """She, at the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def writes(self, text: str) -> Locator:
        """Returns our latest line, once it answers her."""
        hers = self.page.locator("li.hers")
        before = hers.count()
        self.page.get_by_label("Your message").fill(text)
        self.page.locator("#send").click()
        if before:
            expect(self.page.locator("#note")).to_have_text("")
        return self.page.locator("li.ours").last

    def taps(self, label: str) -> Locator:
        button = self.page.locator("#answers").get_by_role("button", name=label, exact=True)
        button.click()
        return self.page.locator("li.ours").last


def introduced(page: Page) -> Person:
    her = Person(page)
    expect(her.writes("hello")).to_contain_text("information line")
    expect(her.taps("go on")).to_contain_text("until you send ERASE")
    expect(her.taps("yes")).to_contain_text("What would help?")
    return her


@EITHER_WAY
def test_an_sos_is_answered_at_once_with_where_to_call(talking: TalkingDesk, opened: Opened, scripts: bool) -> None:
    her = Person(opened(f"{talking.url}/chat", scripts=scripts))
    expect(her.writes("SOS")).to_contain_text("Nobody is on duty now.")
    expect(her.page.locator("li.ours").last).to_contain_text("112")
    with talking.house.database.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM alerts").scalar() == 1


@EITHER_WAY
def test_sos_stays_one_visible_tap_below_every_ordinary_question(talking: TalkingDesk, opened: Opened, scripts: bool) -> None:
    her = introduced(opened(f"{talking.url}/chat", scripts=scripts))
    sos = her.page.get_by_role("button", name="SOS", exact=True)
    expect(sos).to_be_in_viewport(ratio=1)
    sos.click()
    expect(her.page.get_by_text("Nobody is on duty now.")).to_be_visible()


def test_the_cover_word_leaves_an_office_on_the_screen(talking: TalkingDesk, opened: Opened) -> None:
    her = introduced(opened(f"{talking.url}/chat"))
    her.taps("my words")
    her.taps("cover word")
    expect(her.page.get_by_text("Write your cover word")).to_be_visible()
    her.writes("copper kettle")
    expect(her.page.get_by_text("Kept.")).to_be_visible()
    her.writes("copper kettle")
    expect(her.page.get_by_text("The office is open")).to_be_visible()
    expect(her.page.locator("li")).to_have_count(1)
    expect(her.page.locator("#answers")).to_have_count(0)
    her.page.reload()
    expect(her.page.get_by_text("The office is open")).to_be_visible()
    expect(her.page.get_by_text("copper kettle")).to_have_count(0)


@EITHER_WAY
def test_a_code_phrase_is_shown_once_and_opens_an_empty_box_elsewhere(talking: TalkingDesk, opened: Opened, scripts: bool) -> None:
    her = introduced(opened(f"{talking.url}/chat", scripts=scripts))
    her.taps("my words")
    her.taps("code phrase")
    expect(her.page.get_by_text("It is shown once.")).to_be_visible()
    her.taps("yes")
    line = her.page.get_by_text("Your phrase:")
    expect(line).to_be_visible()
    phrase = line.inner_text().split("Your phrase:")[1].split(".")[0].strip()
    if scripts:
        her.page.wait_for_timeout(3500)  # the page has looked for new answers meanwhile
        expect(line).to_be_visible()
    her.page.reload()
    expect(her.page.get_by_label("Your message")).to_be_visible()
    expect(her.page.get_by_text(phrase)).to_have_count(0)
    elsewhere = Person(opened(f"{talking.url}/chat", scripts=scripts))
    elsewhere.writes(phrase)
    expect(elsewhere.page.locator("li.ours").last).to_be_visible()
    expect(elsewhere.page.get_by_text(phrase)).to_have_count(0)
    expect(elsewhere.page.get_by_text("information line")).to_have_count(0)
    assert phrase not in elsewhere.page.url


@EITHER_WAY
def test_erase_leaves_its_confirmation_and_nothing_else(talking: TalkingDesk, opened: Opened, scripts: bool) -> None:
    her = introduced(opened(f"{talking.url}/chat", scripts=scripts))
    her.writes("I need a lawyer in Peja")
    her.writes("ERASE")
    expect(her.page.locator("li.ours").last).to_contain_text("Done.")
    expect(her.page.get_by_text("lawyer")).to_have_count(0)
    expect(her.page.locator("li")).to_have_count(1)


def test_the_conversation_begins_in_the_language_of_the_page(talking: TalkingDesk, opened: Opened) -> None:
    page = opened(f"{talking.url}/chat", locale="sq-AL")
    expect(page.locator("html")).to_have_attribute("lang", "sq")
    page.locator("#text").fill("?")
    page.locator("#send").click()
    expect(page.locator("li.ours").last).to_have_attribute("lang", "sq")
