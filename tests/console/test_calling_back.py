"""Her number is shown to whoever calls her back: audited, with her rule beside it, for nobody from whom the case is barred, and in no address."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sos.audit.models import AuditRow
from sos.clock import ManualClock
from sos.survivors.address import Address, Channel
from tests.console.desk import HER, Desk
from tests.console.signed_in import sign_in

NUMBER = HER.value


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def audited(desk: Desk) -> list[str]:
    with desk.house.database.read() as conn:
        return list(conn.execute(select(AuditRow.kind).where(AuditRow.kind.like("survivor.number%"))).scalars())


def person(desk: Desk, client: FlaskClient, calls: str | None) -> str:
    """The page of her who wrote once; with her rule for calls (allowed from 8 to 22)."""
    at = f"/staff/people/{desk.she_writes('hello').id}"
    if calls:
        client.post(f"{at}/rules", data={"from": "08:00", "to": "22:00", "calls": calls})
    return at


@pytest.mark.parametrize(
    ("calls", "shown", "beside"),
    [
        pytest.param("no_voicemail", True, "Leave nothing on a machine", id="she may be called, nothing on a machine"),
        pytest.param("voicemail", True, "A neutral word may be left", id="a neutral word may be left"),
        pytest.param("never", False, "She said: never call.", id="never means never"),
        pytest.param(None, False, "She has said nothing about calls", id="nothing said means no"),
    ],
)
def test_outside_an_sos_it_is_shown_where_she_allowed_calls_and_her_rule_stands_beside(
    desk: Desk, calls: str | None, shown: bool, beside: str
) -> None:
    ana = desk.member("Ana")
    at = person(desk, ana, calls)
    assert NUMBER not in ana.get(at).text
    answer = ana.post(f"{at}/number")
    assert (NUMBER in answer.text) is shown
    assert beside in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert audited(desk) == ["survivor.number_shown" if shown else "survivor.number_asked"]
    assert NUMBER not in ana.get(at).text, "once, not from now on"


def test_outside_her_hours_that_is_said_beside_it(desk: Desk, clock: ManualClock) -> None:
    ana = desk.member("Ana")
    at = person(desk, ana, "no_voicemail")
    assert "These are hours that she allowed." in ana.post(f"{at}/number").text
    clock.advance(minutes=11 * 60 + 30)
    desk.she_writes("late")
    assert "These are not hours that she allowed." in sign_in(desk.app, desk.ids["Ana"]).post(f"{at}/number").text


def test_with_her_sos_open_whoever_has_it_sees_it_for_the_dispatcher_and_nobody_else_does(desk: Desk) -> None:
    ana, bora = desk.member("Ana"), desk.member("Bora")
    number = desk.sos()
    assert ana.post(f"/staff/alerts/{number}/number").status_code == 409, "nobody has claimed it"
    ana.post(f"/staff/alerts/{number}/claim")
    answer = ana.post(f"/staff/alerts/{number}/number")
    assert NUMBER in answer.text
    assert "She has said nothing about calls" in answer.text
    refused = bora.post(f"/staff/alerts/{number}/number")
    assert refused.status_code == 409
    assert NUMBER not in refused.text
    assert audited(desk) == ["survivor.number_shown"]


def test_for_whom_the_case_is_barred_there_is_no_number(desk: Desk) -> None:
    ana = desk.member("Ana")
    desk.member("Bora")
    number = desk.sos()
    ana.post(f"/staff/alerts/{number}/conflict")
    with desk.house.database.read() as conn:
        known = desk.house.rooms.survivors.find(conn, HER)
    assert known is not None
    assert ana.post(f"/staff/alerts/{number}/number").status_code == 404
    assert ana.post(f"/staff/people/{known.id}/number").status_code == 404
    assert audited(desk) == []


def test_who_wrote_on_the_web_only_has_none(desk: Desk) -> None:
    ana = desk.member("Ana")
    known = desk.she_writes("hello", Address(Channel.WEB, "w" * 32))
    assert "No number of hers is known." in ana.post(f"/staff/people/{known.id}/number").text


def test_who_hid_everything_from_her_device_has_none(desk: Desk) -> None:
    ana = desk.member("Ana")
    at = person(desk, ana, "voicemail")
    with desk.house.database.write() as unit:
        desk.house.rooms.survivors.hide(unit, at.rpartition("/")[2])
    assert NUMBER not in ana.post(f"{at}/number").text


def test_no_link_asks_for_it(desk: Desk) -> None:
    ana = desk.member("Ana")
    at = person(desk, ana, "voicemail")
    assert ana.get(f"{at}/number").status_code in (404, 405)
