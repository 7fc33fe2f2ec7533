"""Ages hold whatever the clocks do: a jump is no silence, and silence is seen in spite of a jump."""

from datetime import UTC, datetime, timedelta

import pytest

from sos.watch.ages import Ages

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Time:
    """The machine's clock, which anybody may set, and the time since boot, which nobody can."""

    def __init__(self) -> None:
        self.seconds, self.ahead = 1000.0, timedelta()

    def boot(self) -> float:
        return self.seconds

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1000.0) + self.ahead


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ages(time: Time) -> Ages:
    made = Ages(time.wall, time.boot)
    time.seconds += 600
    return made


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_jumps_is_no_silence_of_whoever_goes_on_living(time: Time, ages: Ages, hours: int) -> None:
    beat = time.wall()
    ages.living("worker", beat)
    time.ahead += timedelta(hours=hours)
    time.seconds += 5
    assert ages.living("worker", beat) == 5
    for follows in (True, False):  # the worker's clock goes along, or holds to its own time
        beat = time.wall() if follows else time.wall() - timedelta(hours=hours)
        ages.living("worker", beat)
        time.seconds += 5
        assert ages.living("worker", beat) == 5, f"follows={follows}"


@pytest.mark.parametrize("hours", [2, -2])
def test_silence_is_seen_although_the_clock_jumped(time: Time, ages: Ages, hours: int) -> None:
    last = time.wall() + timedelta(hours=2)  # written by a process whose clock is ahead
    ages.living("worker", last)
    time.ahead += timedelta(hours=hours)
    time.seconds += 60
    assert ages.living("worker", last) >= 60


def test_what_waits_is_as_old_as_its_time_says(time: Time, ages: Ages) -> None:
    assert ages.waiting("inbox", time.wall() - timedelta(seconds=90)) == 90


def test_a_queue_that_moves_too_slowly_is_old_although_its_oldest_changes(time: Time, ages: Ages) -> None:
    for _ in range(10):
        time.seconds += 5
        assert ages.waiting("inbox", time.wall() - timedelta(seconds=90)) == 90


def test_nothing_waits_where_nothing_is_open(ages: Ages) -> None:
    assert ages.waiting("inbox", None) == 0


def test_never_a_sign_of_life_is_silence_since_we_watch(ages: Ages) -> None:
    assert ages.living("worker", None) == 600


def test_nothing_is_older_than_we_watch(time: Time) -> None:
    ages = Ages(time.wall, time.boot)
    time.seconds += 10
    assert ages.living("worker", time.wall() - timedelta(hours=9)) == 10
    assert ages.waiting("inbox", time.wall() - timedelta(hours=9)) == 10


def test_after_our_own_sleep_everything_begins_anew(time: Time, ages: Ages) -> None:
    beat = time.wall()
    ages.living("worker", beat)
    time.seconds += 7200
    ages.begin_anew()
    assert ages.living("worker", beat) == 0
