"""Ten thousand deadlines on two workers, with everything that can happen to them: each level exactly once. Figures: bench/deadlines.py."""

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.storm import LEVELS, Storm, all_faults

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def exactly_once(storm: Storm, levels: int = LEVELS) -> bool:
    effects = storm.effects()
    assert len({alert for alert, _ in effects}) == storm.alerts
    expected = Counter({(alert, level): 1 for alert, _ in effects for level in range(levels + 1)})
    return effects == expected


def test_ten_thousand_deadlines_fire_exactly_once_through_kills_stops_a_clock_set_back_and_an_outage(
    database_url: str, tmp_path: Path
) -> None:
    storm = Storm(database_url, tmp_path, alerts=2500, wait=15)
    storm.prepare()
    try:
        all_faults(storm)
    finally:
        storm.stop_all()
    assert storm.fired() == 10_000
    assert exactly_once(storm)


def test_a_clock_that_jumps_forward_by_two_hours_fires_what_is_due_once(database_url: str, tmp_path: Path) -> None:
    storm = Storm(database_url, tmp_path, alerts=60, wait=600)
    storm.prepare()
    try:
        storm.start()
        storm.start()
        time.sleep(2)
        storm.jump(7200)
        storm.until(lambda: storm.fired() == 60 * LEVELS, 120)
        storm.jump(0)
        time.sleep(3)
    finally:
        storm.stop_all()
    effects = storm.effects()
    assert set(effects.values()) == {1}
    assert {level for _, level in effects} >= set(range(LEVELS + 1))
