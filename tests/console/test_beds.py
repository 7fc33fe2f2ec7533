"""The telephone page of shelter staff: counters, holds, asks, rooms; their own house and no other."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from sos.clock import ManualClock
from sos.factory import House
from sos.shelters.asks.states import Need
from sos.shelters.holds.actions import UnitNeed
from sos.shelters.units.states import UnitKind, UnitState
from sos.staff.members.states import Role
from tests.console.shelters import CENTRE, Staffed, fires, staffed, states
from tests.console.signed_in import add_member, sign_in

F = UnitKind.FAMILY_ROOM
CASE = "c" * 32
PAGES = ("/staff/beds", "/staff/beds/rooms")


@pytest.fixture
def one(app: Flask, house: House) -> Staffed:
    house.prepare()
    return staffed(app, 1)


def held(house: House, one: Staffed, *, subject: bool = False) -> str:
    with house.database.write() as unit:
        until = unit.now + timedelta(hours=2)
        made = house.rooms.holds.hold(
            unit, one.service_id, UnitNeed(F), case=CASE, until=until, by=one.member, subject_to_gatekeeper=subject
        )
        return made.id


def asked(house: House, clock: ManualClock, *shelters: Staffed, need: Need | None = None) -> list[str]:
    """The ids of the asks as each house's page has them."""
    with house.database.write() as unit:
        rings = [[one.service_id for one in shelters]]
        house.rooms.asks.begin(unit, case=CASE, need=need or Need(F), rings=rings, by="m" * 32)
    clock.advance(seconds=91)
    fires(house)
    return [re.search(r"/staff/beds/asks/([0-9a-f]{32})", one.browser.get("/staff/beds").text)[1] for one in shelters]  # type: ignore[index]


def test_one_tap_confirms_and_one_tap_changes(app: Flask, one: Staffed, house: House, clock: ManualClock) -> None:
    clock.advance(seconds=7200)
    one.browser = sign_in(app, one.member)
    page = one.browser.get("/staff/beds").text
    assert re.search(r"Confirmed <time[^>]*>2 h</time> ago", page)
    assert one.browser.post("/staff/beds").status_code == 303
    assert re.search(r"Confirmed <time[^>]*>0 s</time> ago", one.browser.get("/staff/beds").text)
    assert one.browser.post("/staff/beds", data={"kind": "family_room", "empty": "1"}).status_code == 303
    assert one.browser.post("/staff/beds", data={"kind": "family_room", "empty": "1"}).status_code == 303, "a tap twice is a tap once"
    assert sorted(states(house, one).values()) == [UnitState.FREE, UnitState.FREE, UnitState.OCCUPIED]


@pytest.mark.parametrize(
    "form", [{"kind": "family_room", "empty": "9"}, {"kind": "palace", "empty": "1"}, {"kind": "single", "empty": "-1"}]
)
def test_a_count_that_cannot_be_changes_nothing_and_says_so(one: Staffed, house: House, form: dict[str, str]) -> None:
    answer = one.browser.post("/staff/beds", data=form)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text
    assert set(states(house, one).values()) == {UnitState.FREE}


def test_a_hold_shows_its_end_and_ends_by_arrival_or_letting_go(one: Staffed, house: House) -> None:
    first = held(house, one)
    page = one.browser.get("/staff/beds").text
    assert "until <time" in page
    assert "1 held" in page
    assert one.browser.post(f"/staff/beds/holds/{first}/arrived").status_code == 303
    second = held(house, one)
    assert one.browser.post(f"/staff/beds/holds/{second}/let-go").status_code == 303
    assert one.browser.post(f"/staff/beds/holds/{second}/let-go").status_code == 409
    assert sorted(states(house, one).values()) == [UnitState.FREE, UnitState.FREE, UnitState.OCCUPIED]


def test_the_gatekeeper_and_its_night_contact_stand_by_a_hold_that_is_subject_to_it(app: Flask, house: House) -> None:
    house.prepare()
    two = staffed(app, 2, gatekeeper=CENTRE)
    hold = held(house, two, subject=True)
    page = two.browser.get("/staff/beds").text
    assert "night desk 102" in page
    assert two.browser.post(f"/staff/beds/holds/{hold}/arrived").status_code == 409
    assert two.browser.post(f"/staff/beds/holds/{hold}/agreed").status_code == 303
    assert two.browser.post(f"/staff/beds/holds/{hold}/arrived").status_code == 303


def test_an_ask_is_a_card_with_yes_hold_and_reasons(app: Flask, one: Staffed, house: House, clock: ManualClock) -> None:
    [ask] = asked(house, clock, one, need=Need(F, step_free=False, boy_over_12=False, interpreter="sq"))
    page = one.browser.get("/staff/beds").text
    assert "Family room, 1 bed, albanian interpreter" in page
    assert one.browser.post(f"/staff/beds/asks/{ask}", data={"answer": "no"}).status_code == 409, "a no has a reason"
    assert one.browser.post(f"/staff/beds/asks/{ask}", data={"answer": "yes"}).status_code == 303
    assert UnitState.HELD in states(house, one).values()
    again = one.browser.post(f"/staff/beds/asks/{ask}", data={"answer": "yes"}, follow_redirects=True)
    assert "no longer needed" in again.text


def test_another_house_does_not_exist_for_its_staff(app: Flask, one: Staffed, house: House, clock: ManualClock) -> None:
    two = staffed(app, 2, "S1")
    hold, [ask] = held(house, one), asked(house, clock, one)
    unit_id = re.search(r"/staff/beds/rooms/([0-9a-f]{32})/", one.browser.get("/staff/beds/rooms").text)[1]  # type: ignore[index]
    assert two.browser.post(f"/staff/beds/holds/{hold}/let-go").status_code == 404
    assert two.browser.post(f"/staff/beds/rooms/{unit_id}/occupy").status_code == 404
    assert "no longer needed" in two.browser.post(f"/staff/beds/asks/{ask}", data={"answer": "yes"}, follow_redirects=True).text
    assert UnitState.HELD in states(house, one).values()
    assert set(states(house, two).values()) == {UnitState.FREE}
    for page in PAGES:
        assert "F1" not in two.browser.get(page).text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SHELTER_STAFF])
def test_nobody_else_has_a_page_of_beds(app: Flask, one: Staffed, house: House, role: Role) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Other", roles=(role,)))
    for page in PAGES:
        assert browser.get(page).status_code == 404
    assert browser.post("/staff/beds").status_code == 404
    assert browser.get("/staff/beds/freshness").status_code == (200 if role in (Role.OPERATOR, Role.SUPERVISOR) else 404)


def test_shelter_staff_without_a_house_and_those_of_the_desk_see_no_beds(app: Flask, house: House, one: Staffed) -> None:
    homeless = sign_in(app, add_member(house.rooms, alias="New", roles=(Role.SHELTER_STAFF,)))
    assert [homeless.get(page).status_code for page in PAGES] == [404, 404]
    assert homeless.post("/staff/beds").status_code == 404
    assert one.browser.get("/staff/beds/freshness").status_code == 404
    assert one.browser.get("/staff").status_code == 404


def test_rooms_are_added_changed_broken_mended_and_taken_out(app: Flask, one: Staffed, house: House) -> None:
    card = {"label": "A1", "kind": "accessible", "beds": "2", "boys_until_age": "14", "step_free": "on", "opens_on": "2026-11-01"}
    assert one.browser.post("/staff/beds/rooms", data=card).status_code == 303
    assert "A1" in one.browser.get("/staff/beds/rooms").text
    with house.database.read() as conn:
        from sos.shelters.units.queries import kept

        found = next(unit for unit in kept(conn, house.keystore.place_key, one.service_id) if unit.card.label == "A1")
    assert (found.card.beds, found.card.boys_until_age, found.card.step_free) == (2, 14, True)
    for act, state in (
        ("break", UnitState.OUT_OF_ORDER),
        ("mend", UnitState.FREE),
        ("occupy", UnitState.OCCUPIED),
        ("leave", UnitState.FREE),
    ):
        assert one.browser.post(f"/staff/beds/rooms/{found.id}/{act}").status_code == 303
        assert states(house, one)["A1"] is state
    assert one.browser.post(f"/staff/beds/rooms/{found.id}/card", data=card | {"label": "A2"}).status_code == 303
    assert one.browser.post(f"/staff/beds/rooms/{found.id}/retire").status_code == 303
    assert set(states(house, one)) == {"F1", "F2", "S1"}


@pytest.mark.parametrize(
    "wrong", [{"label": ""}, {"label": "x" * 13}, {"kind": "palace"}, {"beds": "0"}, {"boys_until_age": "40"}, {"opens_on": "soon"}]
)
def test_a_room_that_cannot_be_is_refused_in_one_sentence(one: Staffed, wrong: dict[str, str]) -> None:
    answer = one.browser.post("/staff/beds/rooms", data={"label": "F9", "kind": "family_room"} | wrong)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text


def test_settings_are_kept_and_the_freshness_of_all_stands_on_one_page(app: Flask, one: Staffed, house: House, clock: ManualClock) -> None:
    form = {"fresh_hours": "6", "quiet_from": "23", "quiet_to": "6", "gatekeeper_name": "Centre", "gatekeeper_night": "102"}
    assert one.browser.post("/staff/beds/settings", data=form).status_code == 303
    assert one.browser.post("/staff/beds/settings", data=form | {"fresh_hours": "0"}).status_code == 409
    clock.advance(seconds=7 * 3600)
    ela = sign_in(app, add_member(house.rooms, alias="Ela", roles=(Role.SUPERVISOR,)))
    page = ela.get("/staff/beds/freshness").text
    assert "House 1" in page
    assert "ageing: call to confirm" in page
    assert "nobody has registered a number" in page


def test_occupancy_is_drawn_and_listed_for_the_house_itself(app: Flask, one: Staffed, house: House, clock: ManualClock) -> None:
    one.browser.post("/staff/beds", data={"kind": "family_room", "empty": "0"})
    clock.advance(seconds=2 * 86400)
    page = sign_in(app, one.member).get("/staff/beds/rooms").text
    assert "<title>2026-11-24: 2 of 3</title>" in page
    assert "As a table" in page
