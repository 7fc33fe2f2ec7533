"""A real Kannel on loopback: bearerbox, smsbox and its fake SMSC, in a folder of their own. Started and stopped by process id, never by name."""

import contextlib
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

BEARERBOX, SMSBOX, FAKESMSC = Path("/usr/sbin/bearerbox"), Path("/usr/sbin/smsbox"), Path("/usr/lib/kannel/test/fakesmsc")
KEY = "key-of-the-tests"

_CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = unused
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
http-request-retry = 3
http-queue-delay = 1

group = sendsms-user
username = app
password = pw
max-messages = 5
concatenation = true

group = sms-service
keyword = default
catch-all = true
get-url = "{door}/sms/kannel/inbound?id=%I&from=%p&to=%P&text=%b&charset=%C&coding=%c&sent=%T&key={key}"
max-messages = 0
concatenation = true
omit-empty = true
"""


def missing() -> str:
    """Which parts of Kannel are not installed, in words; empty when all are."""
    absent = [str(part) for part in (BEARERBOX, SMSBOX, FAKESMSC) if not part.exists()]
    return (
        f"Kannel is not installed (no {', '.join(absent)}): apt-get install --no-install-recommends kannel kannel-extras" if absent else ""
    )


class Kannel:
    """Runs while the block lasts. `door`: the root of our own server."""

    def __init__(self, folder: Path, door: str) -> None:
        self._folder = folder
        self._ports = {name: _free_port() for name in ("admin", "box", "smsc", "sendsms")}
        self._configuration = folder / "kannel.conf"
        self._configuration.write_text(_CONFIGURATION.format(**self._ports, door=door, key=KEY))
        self._running: list[subprocess.Popen[bytes]] = []
        self._phones = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"

    def __enter__(self) -> Self:
        try:
            self._start("bearerbox", str(BEARERBOX), "-v", "1", str(self._configuration))
            _wait_for_port(self._ports["smsc"])
            _wait_for_port(self._ports["box"])
            self._start("smsbox", str(SMSBOX), "-v", "1", str(self._configuration))
            _wait_for_port(self._ports["sendsms"])
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop()

    def phones(self, *messages: str) -> None:
        """Telephones that send these, one after the other; the last stays to receive. Form: `+383... 12345 text words`, `ucs2` or `udh-text`.

        The fake SMSC serves one connection at a time: each telephone hangs up before the next dials.
        """
        for message in messages:
            if self._phones:
                self._hang_up(self._running.pop())
            self._phones += 1
            name = f"phone{self._phones}"
            self._start(name, str(FAKESMSC), "-H", "127.0.0.1", "-r", str(self._ports["smsc"]), "-m", "1", message)
            log = self._folder / f"{name}.log"
            assert until(lambda log=log: "sent message 1" in log.read_text(encoding="latin-1")), "the telephone sent nothing"

    def shown_on_phones(self) -> list[str]:
        """What the telephones received, in fakesmsc's own form."""
        shown: list[str] = []
        for log in sorted(self._folder.glob("phone*.log")):
            shown += re.findall(r"[Gg]ot message \d+: <(.*)>", log.read_text(encoding="latin-1"))
        return shown

    def _start(self, name: str, *command: str) -> None:
        with (self._folder / f"{name}.log").open("wb") as log:
            self._running.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder))

    def _stop(self) -> None:
        while self._running:  # telephones, smsbox, then bearerbox, which waits for the others
            self._hang_up(self._running.pop())

    @staticmethod
    def _hang_up(process: "subprocess.Popen[bytes]") -> None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def until(holds: Callable[[], object], seconds: float = 15.0) -> bool:
    """Whether `holds()` came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_port(port: int) -> None:
    assert until(lambda: _listens(port)), f"nothing listens at port {port}"


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
