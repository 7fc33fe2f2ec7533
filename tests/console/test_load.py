"""Load and waiting for supervisors: counts only, the synthetic SOS and barred cases left out, percentiles as they are defined."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from sos.alerts.models import AlertRow
from sos.alerts.states import Outcome
from sos.alerts.waiting_times import Figures, figures, percentile
from sos.clock import ManualClock
from sos.console import load, times
from sos.factory import House
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from tests.console.signed_in import add_member, sign_in


def _raise(house: House, n: int, words: str = "SOS") -> str:
    address = Address(Channel.SMS, f"+38344000{n:03}")
    with house.database.write() as unit:
        known = house.rooms.survivors.meet(unit, address, "generic")
        return house.rooms.alerts.raise_alert(unit, address=address, survivor_id=known.id, reason="sos_word", words=words).id


def _do(house: House, act: str, alert_id: str, by: str, *more: object) -> None:
    with house.database.write() as unit:
        getattr(house.rooms.alerts, act)(unit, alert_id, by, *more)


def _figures(house: House, viewer: str, days: int = 1) -> Figures:
    now = house.clock.now()
    with house.database.read() as conn:
        return figures(conn, viewer=viewer, since=now - timedelta(days=days), now=now, zone=times.ZONE)


@pytest.mark.parametrize(
    ("waits", "share", "within"),
    [
        pytest.param([], 0.5, None, id="nobody"),
        pytest.param([7], 0.9, 7, id="one"),
        pytest.param([1, 2, 3, 4], 0.5, 2, id="half of four came within the second"),
        pytest.param(list(range(1, 11)), 0.9, 9, id="nine of ten"),
        pytest.param([30, 10, 20], 0.9, 30, id="whatever their order"),
    ],
)
def test_a_percentile_is_the_nearest_rank(waits: list[int], share: float, within: int | None) -> None:
    found = percentile([timedelta(seconds=wait) for wait in waits], share)
    assert found == (None if within is None else timedelta(seconds=within))


def test_waiting_is_counted_from_the_raising_to_the_first_taking_opening_and_answer(house: House, clock: ManualClock) -> None:
    ana = add_member(house.rooms, alias="Ana")
    first, second = _raise(house, 101), _raise(house, 102)
    clock.advance(seconds=20)
    _do(house, "take", first, ana)
    clock.advance(seconds=10)
    _do(house, "opened", first, ana)
    clock.advance(seconds=30)
    _do(house, "answered", first, ana)
    clock.advance(seconds=60)
    _do(house, "answered", first, ana)
    found = _figures(house, ana)
    taken, opened, answered = found.waited
    assert (taken.reached, taken.waiting, taken.p50) == (1, 1, timedelta(seconds=20))
    assert opened.p90 == timedelta(seconds=30)
    assert answered.p50 == timedelta(seconds=60)
    assert found.raised == 2
    assert found.oldest_untaken == timedelta(seconds=120)
    assert dict(found.open_by_state)["received"] + dict(found.open_by_state)["answered"] == 2  # type: ignore[index]
    assert [(one.member_id, one.open_now, one.taken) for one in found.carries] == [(ana, 1, 1)]
    assert sum(found.by_hour) == 2
    assert found.by_hour[13] == 2  # noon in UTC is one o'clock there
    _do(house, "close", first, ana, Outcome.SAFE_FOR_NOW, "")
    assert _figures(house, ana).never_answered == 0
    assert second


def test_an_alert_that_ended_without_an_answer_or_was_not_reached_is_shown(house: House) -> None:
    ana = add_member(house.rooms, alias="Ana")
    alert = _raise(house, 101)
    for act in ("take", "opened"):
        _do(house, act, alert, ana)
    _do(house, "close", alert, ana, Outcome.NOT_REACHED, "")
    found = _figures(house, ana)
    assert (found.never_answered, found.not_reached) == (1, 1)


def test_the_daily_synthetic_sos_is_in_no_figure(house: House) -> None:
    ana = add_member(house.rooms, alias="Ana")
    real, synthetic = _raise(house, 101), _raise(house, 102)
    with house.database.write() as unit:
        unit.conn.execute(update(AlertRow).where(AlertRow.id == synthetic).values(synthetic=True))
    for alert in (real, synthetic):
        _do(house, "take", alert, ana)
    found = _figures(house, ana)
    assert (found.raised, sum(found.by_hour), found.waited[0].reached, found.carries[0].taken) == (1, 1, 1, 1)


def test_a_case_that_does_not_exist_for_the_viewer_is_in_no_figure(house: House) -> None:
    ana, chief = add_member(house.rooms, alias="Ana"), add_member(house.rooms, alias="Chief", roles=[Role.SUPERVISOR])
    alert = _raise(house, 101)
    with house.database.write() as unit:
        house.rooms.alerts.declare_conflict(unit, alert, chief)
    _do(house, "take", alert, ana)
    assert _figures(house, ana).raised == 1
    found = _figures(house, chief)
    assert (found.raised, found.carries, sum(count for _, count in found.open_by_state)) == (0, (), 0)


def test_what_she_was_not_told_is_counted(house: House) -> None:
    ana = add_member(house.rooms, alias="Ana")
    with house.database.read() as conn:
        assert {count for _, count in _figures(house, ana).untold} == {0}
        assert conn.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 0


def test_the_page_is_for_supervisors_and_holds_no_word_of_anybody(app: Flask, house: House) -> None:
    chief, ana = add_member(house.rooms, alias="Chief", roles=[Role.SUPERVISOR]), add_member(house.rooms, alias="Ana")
    alert = _raise(house, 101, words="SOS planted-word")
    _do(house, "take", alert, ana)
    shown = sign_in(app, chief).get("/staff/load?days=28")
    assert shown.status_code == 200
    assert "planted-word" not in shown.text
    assert "+383" not in shown.text
    assert alert not in shown.text
    assert shown.text.count("<svg") == 2
    assert shown.text.count("As a table") == 2
    assert sign_in(app, ana).get("/staff/load").status_code == 404
    assert app.test_client().get("/staff/load").status_code == 303


def test_bars_stay_within_their_chart() -> None:
    bars = load.hour_bars(tuple(range(24)))
    assert len(bars) == 24
    assert all(0 <= bar.y <= load.HIGH and 0 <= bar.height <= load.HIGH and bar.x + bar.width <= load.WIDE for bar in bars)
    assert load.day_bars(()) == []


def test_a_text_that_did_not_reach_her_is_not_counted_for_whom_her_case_does_not_exist(house: House, clock: ManualClock) -> None:
    ana, bora = add_member(house.rooms, alias="Ana"), add_member(house.rooms, alias="Bora")
    alert_id = _raise(house, 103)
    with house.database.write() as unit:
        survivor_id = unit.conn.execute(text("SELECT survivor_id FROM alerts")).scalar_one()
        clock.advance(minutes=16)
    with house.database.write() as unit:
        house.rooms.herald.write(unit, survivor_id=survivor_id, text="hello", by=ana, alias="Ana", first=False)
        house.rooms.alerts.declare_conflict(unit, alert_id, bora)
    assert sum(count for _, count in _figures(house, ana).untold) >= 1
    assert sum(count for _, count in _figures(house, bora).untold) == 0
