"""The pages of duty and reach as a member and a supervisor use them, and the calendar address as her telephone does."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from sos.factory import House
from sos.staff.duty import queries
from sos.staff.members.states import Role
from sos.staff.models import TaskRow
from tests.console.signed_in import add_member, sign_in
from tests.staff.reach.test_reach import code_in, sent_to_staff


@pytest.fixture
def ana(house: House) -> str:
    house.prepare()
    return add_member(house.rooms, alias="Ana")


@pytest.fixture
def ela(house: House) -> str:
    house.prepare()
    return add_member(house.rooms, alias="Ela", roles=(Role.SUPERVISOR,))


def test_a_member_starts_and_ends_her_shift_with_a_note(app: Flask, house: House, ana: str) -> None:
    browser = sign_in(app, ana)
    assert "You are not on duty" in browser.get("/staff/duty").text
    assert browser.post("/staff/duty/start", data={"until": "22:30"}).status_code == 303
    with house.database.read() as conn:
        shift = queries.shift_of(conn, ana)
    assert shift is not None
    assert shift.until == datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    page = browser.get("/staff/duty").text
    assert "Alone" in page
    assert "Nobody else is on duty" in page
    assert browser.post("/staff/duty/end", data={"note": "Quiet until four."}).status_code == 303
    assert "Quiet until four." in browser.get("/staff/duty").text


def test_a_supervisor_plans_and_changes_and_the_week_shows_its_gaps(app: Flask, house: House, ana: str, ela: str) -> None:
    browser = sign_in(app, ela)
    turn = {
        "member_id": ana,
        "starts": "2026-11-23T08:00",
        "ends": "2026-11-23T16:00",
        "repeat": "FREQ=DAILY",
        "until": "2026-11-30",
        "kind": "duty",
    }
    assert browser.post("/staff/duty/turns", data=turn).status_code == 303
    page = browser.get("/staff/duty").text
    assert page.count("<strong>Ana</strong>") == 7
    assert "<strong>Nobody</strong>" in page
    with house.database.read() as conn:
        [planned] = queries.turns(conn)
    swap = {"occurrence": "2026-11-24T08:00", "to": ela}
    assert browser.post(f"/staff/duty/turns/{planned.id}/swap", data=swap).status_code == 303
    assert "<strong>Ela</strong>" in browser.get("/staff/duty").text
    away = {"member_id": ana, "starts": "2026-11-25T08:00", "ends": "2026-11-25T16:00"}
    assert browser.post("/staff/duty/absences", data=away).status_code == 303
    assert browser.get("/staff/duty").text.count("<strong>Ana</strong>") == 5
    [change] = re.findall(r"/staff/duty/changes/(\w+)/take-back", browser.get("/staff/duty").text.split("Away</h3>")[1].split("</ul>")[0])
    assert browser.post(f"/staff/duty/changes/{change}/take-back").status_code == 303
    assert browser.post(f"/staff/duty/turns/{planned.id}/remove").status_code == 303
    assert browser.get("/staff/duty").text.count("<strong>Ana</strong>") <= 1


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param({"starts": "2026-11-23T16:00", "ends": "2026-11-23T08:00"}, id="it ends before it starts"),
        pytest.param({"starts": "x", "ends": "y"}, id="it has no times"),
        pytest.param(
            {"starts": "2026-11-23T08:00", "ends": "2026-11-23T16:00", "repeat": "FREQ=SECONDLY"}, id="a repeat that no form offers"
        ),
        pytest.param(
            {"starts": "2026-11-23T08:00", "ends": "2026-11-23T16:00", "repeat": "FREQ=DAILY", "until": "never"}, id="an end that is no day"
        ),
        pytest.param({"starts": "2026-11-23T08:00", "ends": "2026-11-23T16:00", "member_id": "nobody"}, id="a member who is none"),
    ],
)
def test_a_turn_that_cannot_be_says_so_and_nothing_is_planned(app: Flask, house: House, ela: str, turn: dict[str, str]) -> None:
    answer = sign_in(app, ela).post("/staff/duty/turns", data={"member_id": ela} | turn)
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    with house.database.read() as conn:
        assert queries.turns(conn) == []


def test_only_supervisors_plan(app: Flask, ana: str) -> None:
    browser = sign_in(app, ana)
    for path in ("turns", "absences", "turns/x/swap", "turns/x/remove", "changes/x/take-back"):
        assert browser.post(f"/staff/duty/{path}").status_code == 404
    assert "<h2>Plan</h2>" not in browser.get("/staff/duty").text


def test_a_calendar_address_is_shown_once_and_opens_nothing_after_it_is_closed(app: Flask, house: House, ana: str) -> None:
    browser, phone = sign_in(app, ana), app.test_client()
    with house.database.write() as unit:
        house.rooms.duty.add_turn(unit, member_id=ana, starts="2026-11-24T08:00", ends="2026-11-24T16:00", zone="Europe/Belgrade", by=ana)
    shown = browser.post("/staff/duty/feed").text
    [path] = re.findall(r"(/staff/duty/[\w-]+\.ics)", shown)
    assert path not in browser.get("/staff/duty").text
    answer = phone.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert "Ana" not in answer.text
    assert phone.get(path.replace(".ics", "x.ics")).status_code == 404
    assert phone.get("/staff/duty/%00.ics").status_code == 404
    assert phone.post(path).status_code in (403, 405)
    browser.post("/staff/duty/feed/close")
    assert phone.get(path).status_code == 404


def test_a_member_adds_proves_tests_and_removes_a_number(app: Flask, house: House, ana: str) -> None:
    browser = sign_in(app, ana)
    assert "Nobody can page you" in browser.get("/staff/reach").text
    assert browser.post("/staff/reach/number", data={"number": "hello"}).status_code == 422
    assert browser.post("/staff/reach/number", data={"number": "044 000 101"}).status_code == 303
    assert browser.post("/staff/reach/code", data={"code": "12"}).status_code == 422
    assert browser.post("/staff/reach/code", data={"code": code_in(house.rooms)}).status_code == 303
    page = browser.get("/staff/reach").text
    assert "ending in 101" in page
    assert "44000101" not in page
    [way] = re.findall(r"/staff/reach/(\w+)/test", page)
    assert browser.post(f"/staff/reach/{way}/test").status_code == 303
    assert "test" in str(sent_to_staff(house.rooms)[-1][1]["text"])
    with house.database.write() as unit:
        from sos.staff.reach.states import Fate

        house.rooms.reach.fared(unit, way, Fate.FAILED)
    assert "failing since" in browser.get("/staff/reach").text
    assert browser.post(f"/staff/reach/{way}/remove").status_code == 303
    assert "Nobody can page you" in browser.get("/staff/reach").text


def test_nobody_tests_or_removes_a_colleagues_way(app: Flask, house: House, ana: str, ela: str) -> None:
    with house.database.write() as unit:
        house.rooms.reach.link(unit, "555", house.rooms.reach.telegram_code(unit, ana))
        [way] = house.rooms.reach.ways(unit.conn, ana)
    other = sign_in(app, ela)
    for act in ("test", "remove"):
        assert other.post(f"/staff/reach/{way.id}/{act}").status_code == 404
    with house.database.read() as conn:
        assert len(house.rooms.reach.ways(conn, ana)) == 1


def test_a_code_for_telegram_is_shown_once(app: Flask, ana: str) -> None:
    browser = sign_in(app, ana)
    shown = browser.post("/staff/reach/telegram").text
    assert re.search(r"LINK [0-9A-Z]{4}-[0-9A-Z]{4}", shown)
    assert not re.search(r"LINK [0-9A-Z]{4}-", browser.get("/staff/reach").text)


def test_who_is_not_signed_in_sees_neither(app: Flask, house: House) -> None:
    house.prepare()
    for path in ("/staff/duty", "/staff/reach"):
        assert app.test_client().get(path).status_code == 303
    with house.database.read() as conn:
        assert conn.execute(select(TaskRow.id)).all() == []
