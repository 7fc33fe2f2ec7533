"""The real watchdog process beside a real worker: what happens when the worker is killed for good, stopped, or the database file is gone.

Its limits are shortened by nothing: the promise is 120 seconds, and these tests wait for it.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.http_server import LoopbackServer, Request, Response
from tests.fakes.sms_gateway import FakeGateway
from tests.installation import ROOT, SECRET, Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
PROMISED = 120


class Outside:
    """Whoever is told, and the dead-man address: one server that is no part of the installation."""

    def __init__(self) -> None:
        self.alarms: list[str] = []
        self.pings: list[float] = []
        self.server = LoopbackServer(self.handle)

    def handle(self, request: Request) -> Response:
        if request.path == "/ping":
            self.pings.append(time.monotonic())
        else:
            self.alarms.append(json.loads(request.body)["text"])
        return Response(200)

    def hears(self, word: str, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(word in one for one in self.alarms):
                return True
            time.sleep(0.2)
        return False

    def pinged(self, seconds: float) -> bool:
        until, before = time.monotonic() + seconds, len(self.pings)
        while time.monotonic() < until:
            if len(self.pings) > before:
                return True
            time.sleep(0.2)
        return False


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    with made.server:
        yield made


@pytest.fixture
def installation(tmp_path: Path, outside: Outside) -> Iterator[Installation]:
    root = outside.server.root
    environ = {"SOS_WATCHDOG_TO": f"{root}/alarm", "SOS_WATCHDOG_PING_URL": f"{root}/ping"}
    with Installation(tmp_path / "i", environ=environ) as made:
        assert outside.pinged(60), "a quiet night is pinged"
        yield made


def stop(installation: Installation) -> int:
    (pid,) = installation.pids("worker")
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_a_worker_that_stands_still_is_told_in_time_and_told_mended_once(installation: Installation, outside: Outside) -> None:
    pid = stop(installation)
    try:
        stopped = time.monotonic()
        assert outside.hears("silent", PROMISED), outside.alarms
        assert not [at for at in outside.pings if at > stopped + PROMISED]
        assert installation.status("/health/chain") == 503
    finally:
        os.kill(pid, signal.SIGCONT)
    assert outside.hears("mended", 120)
    time.sleep(10)
    assert sum("mended" in one for one in outside.alarms) == 1
    assert outside.pinged(90)


def test_a_database_that_is_gone_is_told_in_time(installation: Installation, outside: Outside) -> None:
    for name in ("sos.db", "sos.db-wal", "sos.db-shm"):
        (Path(installation.environ["SOS_INSTANCE"]) / name).unlink(missing_ok=True)
    assert outside.hears("database does not answer", PROMISED), outside.alarms


def test_a_worker_that_was_killed_and_is_not_started_again_is_told_in_time(installation: Installation, outside: Outside) -> None:
    supervisor = installation._process
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGSTOP)  # who would start it again stands still
    try:
        installation.kill("worker")
        assert outside.hears("worker silent", PROMISED), outside.alarms
    finally:
        os.kill(supervisor.pid, signal.SIGCONT)


def test_a_gateway_that_writes_to_itself_is_heard_and_carries_the_daily_test(tmp_path: Path) -> None:
    ours = "+38344000199"
    with FakeGateway(SECRET) as gateway:
        gateway.own_number = ours
        made = Installation(tmp_path / "i", gateway_url=gateway.url, environ={"SOS_SMS_GENERIC_LOOPBACK": ours})
        gateway.inbound_url = f"{made.url}/sms/generic/inbound"
        with made as installation:
            until, found = time.monotonic() + 120, {}
            while time.monotonic() < until and not {"synthetic", "gateway generic"} <= {
                name for name, age in found.items() if age is not None
            }:
                found = _chain(installation)
                time.sleep(0.5)
            assert {"synthetic", "gateway generic"} <= {name for name, age in found.items() if age is not None}, found
        assert {one.to for one in gateway.received} == {ours}


def test_it_starts_and_tells_although_neither_database_nor_keys_are_there(tmp_path: Path, outside: Outside) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SOS_")}
    environ |= {"SOS_INSTANCE": str(tmp_path), "SOS_KEYS": str(tmp_path / "gone"), "SOS_WATCHDOG_TO": f"{outside.server.root}/alarm"}
    process = subprocess.Popen([sys.executable, "-m", "flask", "watchdog"], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        assert outside.hears("database does not answer", PROMISED)
        assert outside.hears("keys cannot be read", PROMISED)
        process.terminate()
        assert process.wait(15) == 0
    finally:
        process.kill()


def test_a_watchdog_that_was_killed_is_started_again_and_its_silence_shows_in_the_chain(installation: Installation) -> None:
    (first,) = installation.pids("watchdog")
    installation.kill("watchdog")
    until = time.monotonic() + 30
    while time.monotonic() < until and installation.pids("watchdog") in ([], [first]):
        time.sleep(0.2)
    assert installation.pids("watchdog") not in ([], [first])
    assert installation.read_json("/health/chain")["seconds"]["watchdog"] is not None


def _chain(installation: Installation) -> dict[str, float | None]:
    """The page's figures, whether it is well or not."""
    try:
        return installation.read_json("/health/chain")["seconds"]
    except urllib.error.HTTPError as failing:
        with failing:
            return json.loads(failing.read()).get("seconds", {})
