"""A gateway `generic` and the telephones behind it: real HTTP on loopback, signatures checked by its own hand. For tests, stories and benches.

In a test:  `with FakeGateway(secret, inbound_url=...) as gateway: phone = gateway.phone("+38344000101"); phone.texts("SOS"); phone.hears()`.
Standalone: `python -m tests.fakes.sms_gateway --port 9100 --secret s --record out.jsonl --faults 503,accept_then_drop`; POST takes messages at `/send`,
GET `/received` shows them, POST `/faults` (words, comma between) plans more.
"""

import argparse
import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, TextIO
from urllib.parse import urlsplit

from tests.fakes.http_server import Fault, LoopbackServer, Request, Response


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Received:
    """A message that the gateway took. `at`: seconds of the monotonic clock."""

    id: str
    to: str
    text: str
    repeat: bool
    at: float


class FakeGateway:
    """Takes our messages, and posts those of its telephones. `inbound_url`: our `/sms/generic/inbound`."""

    def __init__(self, secret: str, *, inbound_url: str = "", port: int = 0, record: TextIO | None = None) -> None:
        self.secret = secret
        self.inbound_url = inbound_url
        self.received: list[Received] = []
        self.own_number = ""
        """what is sent to this number comes back from it, as on a SIM that texts itself"""
        self.refused_signatures = 0
        self.server = LoopbackServer(self._handle, port=port)
        self._arrived = threading.Condition()
        self._record = record
        self._ids = itertools.count(1)

    @property
    def url(self) -> str:
        return f"{self.server.root}/send"

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.stop()

    def plan(self, *faults: Fault) -> None:
        self.server.plan(*faults)

    def refuse(self) -> AbstractContextManager[None]:
        return self.server.refuse()

    def phone(self, number: str) -> "Phone":
        return Phone(self, number)

    def wait_until(self, holds: Callable[[list[Received]], bool], seconds: float = 10.0) -> bool:
        """Whether `holds(received)` came true in time."""
        with self._arrived:
            return self._arrived.wait_for(lambda: holds(self.received), seconds)

    def post_inbound(self, sender: str, text: str, *, message_id: str | None = None, sent_at: str | None = None) -> int:
        """One signed message to our door; the status it answered. The same `message_id` again is a duplicate."""
        message = {"id": message_id or f"in-{next(self._ids)}", "from": sender, "to": "+38344000100", "text": text}
        if sent_at:
            message["sent_at"] = sent_at
        return self.post_signed(json.dumps(message, ensure_ascii=False).encode(), self.inbound_url)

    def post_many(self, messages: Sequence[tuple[str, str]], *, order: Sequence[int], duplicates: Sequence[int] = ()) -> list[int]:
        """(sender, text) pairs, posted in `order` (indices); those in `duplicates` twice. Statuses in posting order."""
        ids = [f"in-{next(self._ids)}" for _ in messages]
        again = [index for index in order for _ in range(2 if index in duplicates else 1)]
        return [self.post_inbound(*messages[index], message_id=ids[index]) for index in again]

    def report(self, message_id: str, status: str, status_url: str, detail: str = "") -> int:
        """A delivery status for a message of ours."""
        return self.post_signed(json.dumps({"id": message_id, "status": status, "detail": detail}).encode(), status_url)

    def post_signed(self, body: bytes, url: str, *, header: str | None = None) -> int:
        """`body` to `url`, signed, or with the header given."""
        address = urlsplit(url)
        connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=30)
        try:
            headers = {"Content-Type": "application/json", "X-Signature": header if header is not None else signature(self.secret, body)}
            connection.request("POST", address.path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def _handle(self, request: Request) -> Response:
        if request.method == "GET" and request.path == "/received":
            return Response(200, json.dumps([asdict(one) for one in self.received], ensure_ascii=False).encode())
        if request.path == "/faults":
            self.plan(*(Fault.named(word) for word in request.body.decode().split(",") if word))
            return Response(204)
        if request.path != "/send" or request.method != "POST":
            return Response(404)
        if not hmac.compare_digest(signature(self.secret, request.body).encode(), request.headers.get("x-signature", "").encode()):
            self.refused_signatures += 1
            return Response(401)
        return self._take(json.loads(request.body))

    def _take(self, message: dict) -> Response:
        if set(message) != {"id", "to", "text", "repeat"} or not isinstance(message["repeat"], bool):
            return Response(400)
        one = Received(**message, at=time.monotonic())
        with self._arrived:
            self.received.append(one)
            if self._record is not None:
                self._record.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
                self._record.flush()
            self._arrived.notify_all()
        if self.own_number and one.to == self.own_number:
            threading.Thread(target=self._come_back, args=(one,), daemon=True).start()
        return Response(202, b'{"status":"accepted"}', {"Content-Type": "application/json"})

    def _come_back(self, one: Received) -> None:
        """As gateways do, it is handed over again until our door takes it."""
        for _ in range(60):
            with contextlib.suppress(OSError):
                if self.post_inbound(one.to, one.text, message_id=f"own-{one.id}-{one.repeat}") != 503:
                    return
            time.sleep(0.5)


class Phone:
    """A telephone behind the gateway: what she types, and what she reads, once each."""

    def __init__(self, gateway: FakeGateway, number: str) -> None:
        self.gateway = gateway
        self.number = number
        self._read = 0

    def texts(self, text: str, **kwargs: str) -> None:
        status = self.gateway.post_inbound(self.number, text, **kwargs)
        assert status == 200, f"the door answered {status}"

    def inbox(self) -> list[Received]:
        """Everything sent to this telephone, repeats too."""
        return [one for one in self.gateway.received if one.to == self.number]

    def hears(self, *, seconds: float = 10.0) -> str:
        """The next message not read yet; waits for it."""
        assert self.gateway.wait_until(lambda _: len(self.inbox()) > self._read, seconds), "nothing came"
        self._read += 1
        return self.inbox()[self._read - 1].text

    def hears_nothing(self, *, seconds: float = 0.5) -> None:
        assert not self.gateway.wait_until(lambda _: len(self.inbox()) > self._read, seconds), "something came"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A fake SMS gateway of the generic format.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", default="demonstration")
    parser.add_argument("--inbound", default="", help="our /sms/generic/inbound")
    parser.add_argument("--record", type=Path, help="a file of JSON lines, one a message taken")
    parser.add_argument("--faults", default="", help="503,429:2,hang,drop,accept_then_drop,garbage")
    given = parser.parse_args(arguments)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    record = given.record.open("a", encoding="utf-8") if given.record else None
    with FakeGateway(given.secret, inbound_url=given.inbound, port=given.port, record=record) as gateway:
        gateway.plan(*(Fault.named(word) for word in given.faults.split(",") if word))
        print(json.dumps({"listening": gateway.url}), file=sys.stderr, flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
