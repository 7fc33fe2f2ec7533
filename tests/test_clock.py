"""The steady clock follows the machine's clock, except backward: a deadline is never hours late because somebody set a clock."""

from datetime import UTC, datetime, timedelta

import pytest

from sos.clock import SteadyClock, jumped_back, since_boot

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Machine:
    def __init__(self) -> None:
        self.wall, self.boot = START, 1000.0

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.boot += seconds

    def is_set(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("jump", "shown"),
    [
        pytest.param(-7200, 10, id="set back two hours: time goes on as if nothing had happened"),
        pytest.param(7200, 7210, id="set forward two hours: followed"),
        pytest.param(-1, 10, id="corrected by a second: it waits for the machine"),
    ],
)
def test_what_a_jump_does(jump: float, shown: float) -> None:
    machine = Machine()
    clock = SteadyClock(lambda: machine.wall, lambda: machine.boot)
    machine.passes(5)
    clock.now()
    machine.is_set(jump)
    machine.passes(5)
    assert abs((clock.now() - START).total_seconds() - shown) <= 1


def test_it_never_runs_backward() -> None:
    machine = Machine()
    clock = SteadyClock(lambda: machine.wall, lambda: machine.boot)
    shown = []
    for jump in (0, -1, -1.5, -3600, 10, 7200, -1.9, 0):
        machine.is_set(jump)
        machine.passes(0.5)
        shown.append(clock.now())
    assert shown == sorted(shown)


def test_it_comes_back_to_the_machine_when_that_has_caught_up() -> None:
    machine = Machine()
    clock = SteadyClock(lambda: machine.wall, lambda: machine.boot)
    machine.is_set(-60)
    machine.passes(1)
    clock.now()
    machine.is_set(60)
    machine.passes(1)
    assert clock.now() == machine.wall


def test_a_clock_set_back_is_noticed_once() -> None:
    machine = Machine()
    asked = jumped_back(lambda: machine.wall, lambda: machine.boot)
    machine.passes(100)
    assert not asked()
    machine.is_set(-7200)
    machine.passes(1)
    assert [asked(), asked()] == [True, False]
    machine.is_set(7200)
    assert not asked()


def test_the_real_clocks_agree() -> None:
    assert since_boot() > 0
    assert abs((SteadyClock().now() - datetime.now(UTC)).total_seconds()) < 1
