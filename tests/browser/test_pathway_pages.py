"""Pathways, offers, appointments, papers and assessments as an operator sees them, at a desk and on a phone: readable, reachable, nothing too wide."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_console import SIZES, Night, night
from tests.console.test_pathway_pages import APPOINTMENT, OFFER

pytestmark = pytest.mark.browser
__all__ = ["night"]


def small(page: Page) -> list[str]:
    """Buttons too small for a thumb."""
    return page.evaluate(
        "[...document.querySelectorAll('main button')].filter(b => b.offsetParent && b.getBoundingClientRect().height < 40).map(b => b.textContent)"
    )


@SIZES
def test_from_a_pathway_to_papers_and_a_talk(night: Night, viewport: dict[str, int]) -> None:
    night.name = f"referral-{viewport['width']}-"
    page = night.operator(viewport=viewport, color_scheme="light" if viewport is PHONE else "dark")
    night.start_shift(page)
    hers = night.desk.she_writes("Trebaju mi papiri za dete").id
    rooms = night.running.house.rooms
    from datetime import date

    from sos.referrals.offers.states import Eligible, Offer, OfferKind

    offer = Offer("1" * 32, OfferKind.TRAINING, OFFER["title"], OFFER["organisation"], "xk-peje", date(2026, 1, 1), date(2029, 1, 1), 6, 6,
                  frozenset({Eligible.OVER_18, Eligible.JOINT}), "invented", date(2026, 11, 1))  # fmt: skip
    with night.running.house.database.write() as unit:
        rooms.offers.publish(unit, offer, by="a" * 32)
        rooms.offers.wish(unit, survivor_id=hers, kind=OfferKind.TRAINING, area="xk-peje")

    page.goto(f"{night.url}/staff/pathways")
    night.looked_at(page, "pathways")
    page.get_by_role("link", name=re.compile("Vranje")).click()
    expect(page.get_by_text("nobody fills this seat").first).to_be_visible()
    night.looked_at(page, "pathway")

    page.goto(f"{night.url}/staff/people/{hers}")
    if viewport is PHONE:
        page.get_by_role("link", name="What helps").click()
    night.looked_at(page, "person")
    page.get_by_role("link", name="Offers for her").click()
    night.looked_at(page, "offers-for-her")
    page.get_by_role("button", name="Keep a place for her: Sewing course").click()
    expect(page.get_by_text("a place is kept for her")).to_be_visible()
    page.goto(f"{night.url}/staff/offers")
    night.looked_at(page, "offers")
    page.get_by_role("link", name="Applications to Sewing course").click()
    night.looked_at(page, "offer")

    page.goto(f"{night.url}/staff/people/{hers}/appointments")
    for name in ("starts_at", "with_whom", "where", "cover", "reminder"):
        page.locator(f"[name={name}]").first.fill(APPOINTMENT[name])
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_text("To others she says: a delivery")).to_be_visible()
    assert viewport is not PHONE or small(page) == [], "room for a thumb; a desk has a mouse"
    night.looked_at(page, "appointments")

    page.goto(f"{night.url}/staff/people/{hers}")
    if viewport is PHONE:
        page.get_by_role("link", name="What helps").click()
    page.get_by_text("Begin a case about papers").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("button", name="Begin: talk").click()
    expect(page.get_by_text("under way")).to_be_visible()
    assert viewport is not PHONE or small(page) == [], "room for a thumb; a desk has a mouse"
    night.looked_at(page, "papers")
    page.goto(f"{night.url}/staff/papers")
    night.looked_at(page, "papers-list")

    page.goto(f"{night.url}/staff/people/{hers}/assessments")
    page.get_by_role("button", name=re.compile("What would help now")).click()
    expect(page.get_by_text("Asked only when she is alone.")).to_be_visible()
    page.get_by_role("button", name="She is alone now").click()
    page.get_by_role("group", name=re.compile("identity|paper", re.IGNORECASE)).get_by_label("Somebody else keeps them").check()
    page.get_by_role("button", name="Keep the answers").click()
    page.get_by_label(re.compile("Services near")).fill("Prizren")
    page.get_by_role("button", name="Show services").click()
    expect(page.get_by_role("heading", name="Legal help")).to_be_visible()
    assert viewport is not PHONE or small(page) == [], "room for a thumb; a desk has a mouse"
    night.looked_at(page, "assessment")
