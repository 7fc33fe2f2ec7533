"""The real web process: bodies in pieces are whole, and what it says of a broken request holds none of its words."""

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sos.clock import SystemClock
from sos.db.database import Database
from sos.inbox.models import InboxRow
from tests.installation import SECRET, free_port

ROOT = Path(__file__).parents[2]


class Web:
    """gunicorn as `make run` starts it, alone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.environ = os.environ | {
            "SOS_INSTANCE": str(folder / "i"),
            "SOS_ENV": "production",
            "PORT": str(self.port),
            "SOS_SMS_GENERIC_SECRET": SECRET,
        }
        binaries = Path(sys.executable).parent
        prepare = "from wsgi import app; app.extensions['sos'].prepare()"
        subprocess.run([sys.executable, "-c", prepare], cwd=ROOT, env=self.environ, check=True)
        self.log = (folder / "log").open("wb")
        command = [binaries / "gunicorn", "-c", "python:config.gunicorn_conf", "wsgi:app"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                if b"200" in self.says(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError

    def says(self, *pieces: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 10) as line:
            for piece in pieces:
                line.sendall(piece)
                time.sleep(0.05)
            answer = b""
            while more := line.recv(4096):
                answer += more
            return answer

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)
        self.log.close()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    made = Web(tmp_path_factory.mktemp("web"))
    yield made
    made.stop()


def test_a_body_in_pieces_without_a_length_is_whole(web: Web) -> None:
    body = json.dumps({"id": "chunked", "from": "+38344000101", "to": "info", "text": "SOS " * 300}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        "POST /sms/generic/inbound HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
        f"X-Signature: sha256={signature}\r\n\r\n"
    )
    pieces = [body[n : n + 100] for n in range(0, len(body), 100)]
    answer = web.says(head.encode(), *(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces), b"0\r\n\r\n")
    assert b"200 OK" in answer
    assert b"accepted" in answer
    database = Database(f"sqlite:///{web.folder}/i/sos.db", SystemClock())
    with database.read() as conn:
        assert conn.execute(select(InboxRow.state)).scalars().all() == ["waiting"]
    database.dispose()


def test_an_endless_body_is_refused(web: Web) -> None:
    head = b"POST /sms/generic/inbound HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    try:
        answer = web.says(head, *[piece] * 6, b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        return  # it hung up on it
    assert b" 413 " in answer.splitlines()[0]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"GET /sms/kannel/inbound?text=geheim mi ubi HTTP/1.1", id="blanks in the line"),
        pytest.param(b"GET /sms/kannel/inbound?text=geheim\xc3\xab HTTP/1.1", id="letters outside ASCII"),
        pytest.param(b"GEHEIM geheim geheim", id="no request at all"),
        pytest.param(b"GET /sms/kannel/inbound?text=" + b"geheim" * 2000 + b" HTTP/1.1", id="too long a line"),
        pytest.param(b"GET / HTTP/1.1\r\ngeheim geheim: x\r\nContent-Length: geheim", id="broken headers"),
    ],
)
def test_no_word_of_a_broken_request_reaches_the_log(web: Web, line: bytes) -> None:
    web.says(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    web.log.flush()
    said = (web.folder / "log").read_bytes()
    assert b"geheim" not in said.lower()
    assert b"127.0.0.1" not in said, "whose line it was is nobody's business"
