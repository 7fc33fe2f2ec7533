"""A threaded HTTP/1.1 server on loopback that fails on command. Never listens beyond 127.0.0.1.

Faults are planned in order, each for one request: `server.plan(Fault.HANG, Fault.status(503))`. `refuse()` closes the door itself.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]  #: names lower-cased
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request. `only`: a part of the path it waits for."""

    kind: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 30.0
    only: str = ""

    @staticmethod
    def answer(status: int, *, body: bytes = b"", only: str = "", **headers: str) -> "Fault":
        """Answer `status` without doing anything. `Retry_After="2"` becomes a header."""
        return Fault("answer", status, {name.replace("_", "-"): value for name, value in headers.items()}, body, only=only)

    @staticmethod
    def hang(seconds: float = 30.0, *, only: str = "") -> "Fault":
        """Take the request, say nothing; nothing is done."""
        return Fault("hang", seconds=seconds, only=only)

    @staticmethod
    def drop(*, only: str = "") -> "Fault":
        """Close the connection before doing anything."""
        return Fault("drop", only=only)

    @staticmethod
    def accept_then_drop(*, only: str = "") -> "Fault":
        """Do what is asked, then close without an answer."""
        return Fault("accept_then_drop", only=only)

    @staticmethod
    def garbage(*, only: str = "") -> "Fault":
        """Do what is asked, answer 200 with what nobody can read."""
        return Fault("garbage", only=only)

    @staticmethod
    def named(word: str) -> "Fault":
        """A fault by word, for command lines: `503`, `429:2` (retry after 2 s), `hang`, `drop`, `accept_then_drop`, `garbage`."""
        if word[:1].isdigit():
            status, _, pause = word.partition(":")
            return Fault.answer(int(status), Retry_After=pause) if pause else Fault.answer(int(status))
        return {"hang": Fault.hang, "drop": Fault.drop, "accept_then_drop": Fault.accept_then_drop, "garbage": Fault.garbage}[word]()


class LoopbackServer:
    """Serves `handle` on 127.0.0.1; `port` 0 takes a free one."""

    def __init__(self, handle: Callable[[Request], Response], *, port: int = 0) -> None:
        self._handle = handle
        self._faults: deque[Fault] = deque()
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.port = port

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        self._released.clear()
        self._server = _Server(("127.0.0.1", self.port), self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._released.set()
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @contextlib.contextmanager
    def refuse(self) -> Iterator[None]:
        """Nobody listens at the port while this lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def plan(self, *faults: Fault) -> None:
        with self._lock:
            self._faults.extend(faults)

    def faults_left(self) -> int:
        return len(self._faults)

    def serve(self, request: Request) -> Response | None:
        """The answer, or None where the connection is to be closed without one."""
        fault = self._next_fault(request.path)
        if fault is None:
            return self._handle(request)
        if fault.kind == "answer":
            return Response(fault.status, fault.body, fault.headers)
        if fault.kind == "hang":
            self._released.wait(fault.seconds)
            return None
        if fault.kind == "drop":
            return None
        self._handle(request)
        return Response(200, b"\x00{not json") if fault.kind == "garbage" else None

    def _next_fault(self, path: str) -> Fault | None:
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.only in path:
                    del self._faults[index]
                    return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], owner: LoopbackServer) -> None:
        self.owner = owner
        self._connections: set = set()
        super().__init__(address, _Handler)

    def process_request(self, request, client_address) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(2)

    def handle_error(self, request, client_address) -> None:
        """A client that went away is its own affair."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.owner.serve(Request(self.command, address.path, address.query, headers, body))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Says nothing: paths hold tokens and words."""
