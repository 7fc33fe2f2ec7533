"""Who counts when she is told that a colleague is being told: a started shift, and something by which it can be done."""

import pytest
from flask import Flask

from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.staff.duty import queries as duty
from sos.staff.reach.queries import ways as ways_of
from sos.staff.reach.states import Fate
from tests.alerts.station import Station
from tests.console.conftest import app as app  # noqa: PLC0414 - its fixture is used here, too
from tests.console.desk import Desk
from tests.console.signed_in import sign_in

SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


@pytest.fixture
def station(database: Database, keystore: Keystore, clock: ManualClock) -> Station:
    return Station(database, keystore, clock)


def reached(desk: Desk) -> list[str]:
    with desk.house.database.read() as conn:
        return [one.alias for one in duty.in_reach(conn, desk.house.clock.now())]


@pytest.mark.parametrize(
    ("ways", "on_duty"),
    [
        pytest.param(("sms",), True, id="a number that works reaches her at any time"),
        pytest.param((), False, id="a shift with no telephone and no browser reaches nobody"),
    ],
)
def test_the_first_answer_counts_only_whom_something_reaches(station: Station, ways: tuple[str, ...], on_duty: bool) -> None:
    station.member("Ana", on_duty=True, ways=ways)
    station.clock.advance(minutes=10)
    assert station.sos().on_duty is on_duty


def test_with_her_browser_closed_somebody_else_is_paged_at_once(station: Station) -> None:
    station.member("Ana", on_duty=True, ways=())
    bora = station.member("Bora")
    station.clock.advance(minutes=10)
    station.sos()
    assert {message.member_id for message in station.messages()} == {bora}, "the level at which nobody can be reached is passed at once"


def test_a_number_that_fails_reaches_nobody(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    station.clock.advance(minutes=10)
    with station.database.write() as unit:
        (way,) = ways_of(unit.conn, ana)
        for _ in range(5):
            station.reach.fared(unit, way.id, Fate.FAILED)
    assert station.sos().on_duty is False


def test_an_open_browser_that_asks_for_the_pulse_reaches_her_and_a_closed_one_does_not(app: Flask, clock: ManualClock) -> None:
    desk = Desk(app)
    ana = desk.member("Ana")
    for _ in range(4):
        clock.advance(seconds=60)
        assert ana.get("/staff/pulse", headers=SCRIPT).status_code == 200
        assert reached(desk) == ["Ana"]
    clock.advance(seconds=101)
    assert reached(desk) == []
    with desk.house.database.read() as conn:
        assert [one.alias for one in duty.on_duty(conn, clock.now())] == ["Ana"], "her shift goes on all the same"


def test_who_is_signed_in_without_a_shift_is_not_on_duty(app: Flask) -> None:
    desk = Desk(app)
    desk.member("Ana", on_duty=False).get("/staff/pulse", headers=SCRIPT)
    assert reached(desk) == []


def test_signing_out_ends_it_at_once(app: Flask, clock: ManualClock) -> None:
    desk = Desk(app)
    desk.member("Ana")
    clock.advance(minutes=5)
    sign_in(desk.app, desk.ids["Ana"])
    assert reached(desk) == ["Ana"]
    with desk.house.database.write() as unit:
        desk.house.rooms.sessions.end_all(unit, desk.ids["Ana"])
    assert reached(desk) == []
