"""An SOS that nobody takes is a finding of the watchdog too: by itself, counted from the last act of a person, the daily test aside."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from sos.alerts.models import AlertRow
from sos.alerts.states import FINAL, HELD, UNTAKEN, Alert
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines import heartbeats
from sos.watch import untaken
from sos.watch.alarms import _WORDS
from sos.watch.chain import Part, state_of_chain
from sos.worker.watchdog import LIMITS


def an_sos(database: Database, *, state: Alert = Alert.RECEIVED, synthetic: bool = False, acted_at: datetime | None = None) -> None:
    with database.write() as unit:
        values = {"id": f"{state.value}{synthetic:d}", "state": state.value, "reason": "sos_word", "count": 1, "key_epoch": "1"}
        values |= {"raised_at": unit.now, "last_at": unit.now, "acted_at": acted_at, "synthetic": synthetic}
        values |= {"taken_by": "somebody" if state in HELD else None, "reasons": [], "policy": {}}
        unit.conn.execute(insert(AlertRow).values(values))


def late(database: Database) -> list[str]:
    with database.write() as unit:
        heartbeats.beat(unit, "worker:a")
    with database.read() as conn:
        return [link.key for link in state_of_chain(conn, database.clock.now()).late]


def test_an_sos_untaken_for_more_than_ten_minutes_makes_the_chain_late(database: Database, clock: ManualClock) -> None:
    an_sos(database)
    clock.advance(minutes=10)
    assert late(database) == []
    clock.advance(seconds=1)
    assert late(database) == ["untaken"]


def test_the_daily_test_is_nobody_who_waits(database: Database, clock: ManualClock) -> None:
    an_sos(database, synthetic=True)
    clock.advance(hours=1)
    assert late(database) == []


@pytest.mark.parametrize("state", [*HELD, *FINAL])
def test_whoever_is_held_or_ended_does_not_wait(database: Database, clock: ManualClock, state: Alert) -> None:
    an_sos(database, state=state)
    clock.advance(hours=1)
    assert late(database) == []


def test_after_a_lapse_it_counts_from_the_last_act_of_a_person(database: Database, clock: ManualClock) -> None:
    an_sos(database)
    clock.advance(hours=1)
    with database.write() as unit:
        unit.conn.execute(update(AlertRow).values(acted_at=unit.now))
    clock.advance(minutes=9)
    assert late(database) == []
    clock.advance(minutes=2)
    assert late(database) == ["untaken"]


def test_the_watchdog_knows_the_states_its_limit_and_its_words() -> None:
    assert set(untaken.WITHOUT_A_PERSON) == {one.value for one in UNTAKEN | {Alert.HANDED_OVER}}
    assert set(Alert) == UNTAKEN | HELD | FINAL | {Alert.HANDED_OVER}, "a new state has to be placed"
    assert LIMITS[Part.UNTAKEN] == timedelta(minutes=10)
    assert set(_WORDS) == set(Part)
