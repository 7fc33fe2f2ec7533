"""A break of five minutes after a hard case: only beside a colleague, never in the way of an SOS, and it ends by itself."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sos.clock import ManualClock
from sos.staff import queries as tasks
from sos.staff.duty import queries as duty
from sos.staff.duty import rests
from sos.survivors.address import Address, Channel
from tests.console.desk import Desk, pulse
from tests.console.signed_in import sign_in

OFFER = "Take five minutes"
SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def closes(desk: Desk, client: FlaskClient, *, reason: str = "weapon", sender: str = "+38344000101") -> None:
    number = desk.sos(reason=reason, address=Address(Channel.SMS, sender))
    for act, form in (("claim", {}), ("spoken", {}), ("close", {"outcome": "safe_for_now"})):
        assert client.post(f"/staff/alerts/{number}/{act}", data=form).status_code == 303


def an_ordinary_matter(desk: Desk, client: FlaskClient) -> int:
    client.post("/staff/people/new", data={"source": "phone", "text": "she wants advice"})
    with desk.house.database.read() as conn:
        return tasks.waiting(conn, now=desk.house.clock.now())[-1].number


def test_after_a_hard_case_it_is_offered_where_a_colleague_is_in_reach(desk: Desk) -> None:
    ana, _ = desk.member("Ana"), desk.member("Bora")
    assert OFFER not in ana.get("/staff").text
    closes(desk, ana)
    assert OFFER in ana.get("/staff").text


@pytest.mark.parametrize("reason", ["sos_word"])
def test_not_after_any_case(desk: Desk, reason: str) -> None:
    ana, _ = desk.member("Ana"), desk.member("Bora")
    closes(desk, ana, reason=reason)
    assert OFFER not in ana.get("/staff").text


def test_the_only_one_on_duty_is_offered_none_and_gets_none(desk: Desk) -> None:
    ana = desk.member("Ana")
    desk.member("Bora", on_duty=False)
    closes(desk, ana)
    assert OFFER not in ana.get("/staff").text
    ana.post("/staff/rest")
    with desk.house.database.read() as conn:
        assert rests.resting(conn, desk.house.clock.now()) == {}


def test_a_colleague_whose_browser_is_closed_is_nobody_to_lean_on(desk: Desk, clock: ManualClock) -> None:
    ana, _ = desk.member("Ana"), desk.member("Bora")
    clock.advance(minutes=3)
    ana.get("/staff/pulse", headers=SCRIPT)
    closes(desk, ana)
    assert OFFER not in ana.get("/staff").text


def test_of_two_only_one_can_rest_at_a_time(desk: Desk) -> None:
    ana, bora = desk.member("Ana"), desk.member("Bora")
    ana.post("/staff/rest")
    bora.post("/staff/rest")
    with desk.house.database.read() as conn:
        assert rests.resting(conn, desk.house.clock.now()).keys() == {desk.ids["Ana"]}


def test_while_it_lasts_ordinary_matters_wait_for_others_and_afterwards_not(desk: Desk, clock: ManualClock) -> None:
    ana, bora = desk.member("Ana"), desk.member("Bora")
    number = an_ordinary_matter(desk, bora)
    ana.post("/staff/rest")
    ana.post(f"/staff/tasks/{number}/claim")
    assert "You are on a break" in ana.get("/staff").text
    clock.advance(minutes=5, seconds=1)
    ana.post(f"/staff/tasks/{number}/claim")
    with desk.house.database.read() as conn:
        assert tasks.waiting(conn, now=clock.now())[-1].taken_by == desk.ids["Ana"]


def test_an_sos_is_never_held_back_by_it(desk: Desk) -> None:
    ana, _ = desk.member("Ana"), desk.member("Bora")
    ana.post("/staff/rest")
    number = desk.sos()
    assert pulse(ana)["untaken"] is not None
    assert ana.post(f"/staff/alerts/{number}/claim").status_code == 303
    assert desk.state(number) in ("taken", "opened")
    with desk.house.database.read() as conn:
        assert {one.alias for one in duty.in_reach(conn, desk.house.clock.now())} == {"Ana", "Bora"}


def test_the_strip_says_until_when_and_one_click_ends_it(desk: Desk) -> None:
    ana, _ = desk.member("Ana"), desk.member("Bora")
    ana.post("/staff/rest")
    assert "Your break ends at" in str(pulse(ana)["html"])
    ana.post("/staff/rest/end")
    assert "Your break ends at" not in str(pulse(ana)["html"])


def test_before_a_shift_ceases_to_count_she_is_asked_whether_she_is_still_here(desk: Desk, clock: ManualClock) -> None:
    ana = desk.member("Ana")
    assert "Still here?" not in str(pulse(ana)["html"])
    clock.advance(hours=11, minutes=40)
    again = sign_in(desk.app, desk.ids["Ana"])
    assert "Still here?" in str(pulse(again)["html"])
    again.post("/staff/duty/start")
    assert "Still here?" not in str(pulse(again)["html"])
    clock.advance(hours=12, minutes=1)
    with desk.house.database.read() as conn:
        assert duty.on_duty(conn, clock.now()) == []
