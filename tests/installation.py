"""A whole installation as an operator would run it: supervisor, web, worker, in a folder of its own. For faults, stories and benches."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[1]
SECRET = "a test's own secret"


class Installation:
    """`flask supervise` with a database, a keystore and a gateway address. Use as a context manager."""

    def __init__(self, folder: Path, *, gateway_url: str = "", database_url: str = "", environ: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SOS_")},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "SOS_INSTANCE": str(folder / "instance"),
            "SOS_KEYS": str(folder / "keys"),
            "PORT": str(self.port),
            "SOS_SMS_GENERIC_SECRET": SECRET,
            **({"SOS_SMS_GENERIC_URL": gateway_url} if gateway_url else {}),
            **({"SOS_DATABASE_URL": database_url} if database_url else {}),
            **(environ or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flask", "supervise"], cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
        for pid in self.pids("web") + self.pids("worker") + self.pids("watchdog"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def wait_until_ready(self, seconds: float = 60, path: str = "/health/chain") -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.status(path) == 200:
                return
            time.sleep(0.1)
        raise AssertionError(f"not ready after {seconds} s:\n{self.log.read_text()[-3000:]}")

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def read_json(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.loads(answer.read())

    def pids(self, name: str) -> list[int]:
        """Processes of this installation: "web" is gunicorn's master and its worker, "worker" is `flask worker`, "watchdog" is `flask watchdog`."""
        word = {"web": "gunicorn", "worker": "flask worker", "watchdog": "flask watchdog"}[name]
        return [pid for pid, line in _command_lines(self.environ["SOS_INSTANCE"]) if word in line and "supervise" not in line]

    def kill(self, name: str, pid: int | None = None) -> None:
        """kill -9, as the machine might."""
        for found in [pid] if pid else self.pids(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(found, signal.SIGKILL)


def _command_lines(instance: str) -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            environ = (entry / "environ").read_bytes()
            if f"SOS_INSTANCE={instance}\0".encode() in environ:
                yield int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
