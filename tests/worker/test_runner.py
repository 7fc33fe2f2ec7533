"""A worker is never half alive: loops begin anew, a dead inbox loop ends the process, a clock set back does not stop the clockwork."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from sos.worker import runner
from sos.worker.runner import Worker


class Parts(Worker):
    """A worker without its rooms."""

    def __init__(self) -> None:
        self._stopping = threading.Event()


@pytest.mark.expects_errors
def test_a_loop_that_fails_begins_anew_until_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "AGAIN", 0.01)
    worker, lives = Parts(), []

    def loop(stopping: threading.Event) -> None:
        lives.append(1)
        if len(lives) == 3:
            stopping.set()
            return
        raise ConnectionError

    worker._keep("side", loop)
    assert len(lives) == 3


def test_after_the_clock_was_set_back_every_job_runs_at_once() -> None:
    ran = threading.Event()
    clockwork = BackgroundScheduler(timezone="UTC")
    clockwork.add_job(ran.set, "interval", seconds=1, next_run_time=datetime.now(UTC) + timedelta(hours=2), misfire_grace_time=None)
    clockwork.start()
    try:
        assert not ran.wait(0.2)
        runner._run_all_now(clockwork)
        assert ran.wait(5)
    finally:
        clockwork.shutdown()
