"""The search for a room from an alert: whom an operator may ask, what comes back, and what nobody else finds."""

import re

import pytest
from flask import Flask

from sos.alerts import bars
from sos.clock import ManualClock
from sos.factory import House
from sos.privacy.held_rooms import is_room_held
from sos.shelters.units.states import UnitState
from sos.staff.members.states import Role
from tests.console.desk import Desk
from tests.console.shelters import CENTRE, Staffed, fires, staffed, states

FORM = {"kind": "family_room", "beds": "1"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def waits_at(one: Staffed) -> str:
    """The id of the ask that stands on this house's page; empty where there is none."""
    found = re.search(r"/staff/beds/asks/([0-9a-f]{32})", one.browser.get("/staff/beds").text)
    return found[1] if found else ""


def chosen(*rings: list[Staffed]) -> dict[str, str]:
    return FORM | {f"ring_{one.service_id}": str(n) for n, ring in enumerate(rings, 1) for one in ring}


def round_in(text: str) -> str:
    found = re.search(r"/room/([0-9a-f]{32})/", text)
    assert found
    return found[1]


@pytest.fixture
def houses(app: Flask, house: House) -> list[Staffed]:
    house.prepare()
    return [staffed(app, n, "F1") for n in (1, 2, 3)]


def test_the_first_yes_is_offered_with_its_front_gate_and_the_others_are_let_go(
    desk: Desk, houses: list[Staffed], house: House, clock: ManualClock
) -> None:
    mira = desk.member("Mira")
    number = desk.sos()
    path = f"/staff/alerts/{number}/room"
    assert "Find a room" in mira.get(f"/staff/alerts/{number}").text
    assert "Claim SOS" in mira.get(path).text
    assert mira.post(f"{path}/ask", data=chosen(houses)).status_code == 409, "first she takes it"
    mira.post(f"/staff/alerts/{number}/claim")
    page = mira.get(path).text
    assert all(f"House {n}" in page for n in (1, 2, 3))
    assert mira.post(f"{path}/ask", data=chosen(houses)).status_code == 303
    clock.advance(seconds=91)
    fires(house)
    first = mira.get(f"{path}/answers")
    assert "asked, no answer yet" in first.text
    assert mira.get(f"{path}/answers", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    houses[1].browser.post(f"/staff/beds/asks/{waits_at(houses[1])}", data={"answer": "yes"})
    page = mira.get(path).text
    assert "<strong>House 2</strong> says yes" in page
    assert "Front gate: +383 44 000 101" in page
    assert page.count("not needed any more") == 2
    assert not waits_at(houses[0])
    assert "Task" in mira.get("/staff").text
    with house.database.read() as conn:
        found = bars.find(conn, number, "")
        assert found is not None
        assert found.survivor_id is not None
        assert is_room_held(conn, house.keystore.place_key, found.survivor_id), "what a shelter keeps for her is found from her side"
        assert not is_room_held(conn, house.keystore.place_key, "0" * 32)
    round_id = round_in(page)
    for act, said in (("kin-none", "Kin check done: none there"), ("settle", "she goes there")):
        assert mira.post(f"{path}/{round_id}/{act}").status_code == 303
        assert said in mira.get(path).text
    clock.advance(seconds=5 * 3600)
    fires(house)
    assert states(house, houses[1])["F1"] is UnitState.HELD, "it is kept until she can have arrived"


def test_going_on_asks_the_next_ring_and_stopping_lets_all_go(desk: Desk, houses: list[Staffed], house: House, clock: ManualClock) -> None:
    mira = desk.member("Mira")
    number = desk.sos()
    path = f"/staff/alerts/{number}/room"
    mira.post(f"/staff/alerts/{number}/claim")
    mira.get(f"/staff/alerts/{number}")
    mira.post(f"/staff/alerts/{number}/spoken")
    mira.post(f"{path}/ask", data=chosen(houses[:1], houses[1:2]) | {f"ring_{houses[2].service_id}": ""})
    clock.advance(seconds=91)
    fires(house)
    houses[0].browser.post(f"/staff/beds/asks/{waits_at(houses[0])}", data={"answer": "yes"})
    round_id = round_in(mira.get(path).text)
    assert mira.post(f"{path}/{round_id}/go-on").status_code == 303
    assert states(house, houses[0])["F1"] is UnitState.FREE
    clock.advance(seconds=91)
    fires(house)
    assert waits_at(houses[1])
    assert not waits_at(houses[2])
    houses[1].browser.post(f"/staff/beds/asks/{waits_at(houses[1])}", data={"answer": "no", "reason": "group_refused"})
    page = mira.get(path).text
    assert "nobody said yes" in page
    assert "we do not take this group" in page
    assert mira.post(f"{path}/{round_id}/end").status_code == 303
    assert mira.post(f"{path}/{round_id}/end").status_code == 409
    ela = desk.member("Ela", Role.SUPERVISOR)
    assert "Refusals of a group" in ela.get("/staff/beds/freshness").text
    assert "Refusals of a group" not in mira.get("/staff/beds/freshness").text


def test_whoever_is_barred_and_whoever_is_not_of_the_desk_finds_nothing(desk: Desk, houses: list[Staffed], house: House) -> None:
    mira, bora = desk.member("Mira"), desk.member("Bora")
    number = desk.sos()
    path = f"/staff/alerts/{number}/room"
    mira.post(f"/staff/alerts/{number}/claim")
    mira.post(f"{path}/ask", data=chosen(houses))
    round_id = round_in(mira.get(path).text)
    assert bora.post(f"{path}/{round_id}/end").status_code == 409, "another person has it"
    assert bora.post(f"/staff/alerts/{number}/conflict").status_code == 303
    for address in (path, f"{path}/answers"):
        assert bora.get(address).status_code == 404
        assert houses[0].browser.get(address).status_code == 404
    for address in (path, f"{path}/ask", f"{path}/{round_id}/end", f"{path}/hold/{houses[0].service_id}"):
        assert bora.post(address, data=chosen(houses)).status_code == 404


def test_a_round_of_another_alert_cannot_be_moved_from_this_one(desk: Desk, houses: list[Staffed]) -> None:
    from sos.survivors.address import Address, Channel

    mira = desk.member("Mira")
    first, second = desk.sos(), desk.sos(address=Address(Channel.SMS, "+38344000102"))
    for number in (first, second):
        mira.post(f"/staff/alerts/{number}/claim")
    mira.post(f"/staff/alerts/{first}/room/ask", data=chosen(houses))
    round_id = round_in(mira.get(f"/staff/alerts/{first}/room").text)
    assert mira.post(f"/staff/alerts/{second}/room/{round_id}/end").status_code == 404


def test_a_room_held_by_hand_is_subject_to_the_gatekeeper_whose_night_contact_is_shown(desk: Desk, house: House, app: Flask) -> None:
    house.prepare()
    one = staffed(app, 1, "F1", gatekeeper=CENTRE)
    mira = desk.member("Mira")
    number = desk.sos()
    path = f"/staff/alerts/{number}/room"
    mira.post(f"/staff/alerts/{number}/claim")
    assert mira.post(f"{path}/hold/{one.service_id}", data=FORM).status_code == 303
    assert mira.post(f"{path}/hold/{one.service_id}", data=FORM).status_code == 409, "it was the only one"
    assert mira.post(f"{path}/hold/{'f' * 32}", data=FORM).status_code == 404
    page = mira.get(path).text
    assert "subject to the gatekeeper" in page
    assert "night desk 102" in page
    hold = re.search(r"/room/held/([0-9a-f]{32})/", page)[1]  # type: ignore[index]
    assert mira.post(f"{path}/held/{hold}/let-go").status_code == 303
    assert states(house, one)["F1"] is UnitState.FREE
    assert mira.post(f"{path}/held/{hold}/let-go").status_code == 404


@pytest.mark.parametrize("wrong", [{"beds": "0"}, {"beds": "99"}, {"beds": "x"}, {"kind": "palace"}, {"interpreter": "her language"}])
def test_a_need_that_cannot_be_asks_nobody(desk: Desk, houses: list[Staffed], wrong: dict[str, str]) -> None:
    mira = desk.member("Mira")
    number = desk.sos()
    mira.post(f"/staff/alerts/{number}/claim")
    assert mira.post(f"/staff/alerts/{number}/room/ask", data=chosen(houses) | wrong).status_code == 409
    assert "Begun" not in mira.get(f"/staff/alerts/{number}/room").text
