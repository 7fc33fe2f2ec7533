"""Kannel itself, end to end: a telephone's SMS reaches our door, our answer reaches the telephone, the report of it reaches us."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from sos.bot.channels.sms import registry
from sos.bot.channels.sms.provider import DeliveryReport, DeliveryState, InboundSms, OutboundSms, RawRequest, SendResult, SmsProvider
from tests.bot.channels.sms.kannel_daemon import KEY, Kannel, missing, until

pytestmark = [pytest.mark.daemon, pytest.mark.skipif(bool(missing()), reason=missing() or "Kannel is installed")]


class Door:
    """Our side: the adapter behind a small web application."""

    def __init__(self) -> None:
        self.read: list[InboundSms] = []
        self.reports: list[DeliveryReport] = []
        self.provider: SmsProvider = registry.providers({"kannel": {"key": KEY}})["kannel"]
        self.stumble = 0
        app = Flask("door")
        app.add_url_rule("/sms/kannel/inbound", view_func=self._inbound, endpoint="inbound")
        app.add_url_rule("/sms/kannel/status", view_func=self._status, endpoint="status")
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.root = f"http://127.0.0.1:{self.server.port}"

    def _raw(self) -> RawRequest:
        return RawRequest("GET", request.url, request.query_string.decode("latin-1"), {}, b"")

    def _inbound(self) -> Response:
        if not self.provider.verify(self._raw()):
            return Response(status=401)
        if self.stumble:
            self.stumble -= 1
            return Response(status=503)
        self.read.append(self.provider.read(self._raw()))
        body, content_type = self.provider.accepted()
        return Response(body, content_type=content_type)

    def _status(self) -> Response:
        if not self.provider.verify(self._raw()):
            return Response(status=401)
        self.reports.append(self.provider.read_status(self._raw()))
        return Response(b"", content_type="text/plain")


@pytest.fixture
def door() -> Iterator[Door]:
    ours = Door()
    thread = threading.Thread(target=ours.server.serve_forever, daemon=True)
    thread.start()
    yield ours
    ours.server.shutdown()
    thread.join()
    ours.server.server_close()


@pytest.fixture
def kannel(tmp_path: Path, door: Door) -> Iterator[Kannel]:
    with Kannel(tmp_path, door.root) as running:
        yield running


def sending(door: Door, kannel: Kannel, sms: OutboundSms, **changes: str) -> SendResult:
    settings = {
        "key": KEY,
        "url": kannel.url,
        "username": "app",
        "password": "pw",
        "sender": "12345",
        "status_url": f"{door.root}/sms/kannel/status",
        **changes,
    }

    async def once() -> SendResult:
        async with aiohttp.ClientSession() as session:
            return await registry.providers({"kannel": settings})["kannel"].send(session, sms)

    return asyncio.run(once())


def test_telephones_are_read_in_every_alphabet_and_long_messages_come_joined(door: Door, kannel: Kannel) -> None:
    def part(number: int, letter: str) -> str:
        header = quote(bytes([5, 0, 3, 0xAA, 2, number]))
        return f"+38344000103 12345 udh-text {header} {letter * 100}"

    kannel.phones(
        "+38344000101 12345 text SOS at home",
        f"38344000102 12345 ucs2 {quote('Помоћ ë 😀'.encode('utf-16-be'))}",
        part(1, "a"),
        part(2, "b"),
    )
    assert until(lambda: len(door.read) == 3), [len(one.text) for one in door.read]
    assert {one.sender: one.text for one in door.read} == {
        "+38344000101": "SOS at home",
        "+38344000102": "Помоћ ë 😀",
        "+38344000103": "a" * 100 + "b" * 100,
    }
    assert all(one.sent_at for one in door.read)
    assert len({one.id for one in door.read}) == 3


def test_our_answer_reaches_the_telephone_and_its_reports_name_our_id(door: Door, kannel: Kannel) -> None:
    kannel.phones("+38344000101 12345 text SOS")
    assert until(lambda: door.read)
    result = sending(door, kannel, OutboundSms("ab" * 16, "+38344000101", "Mirë Ћао 😀", expires_minutes=10))
    assert result == SendResult(sent=True, detail="http_202")
    assert until(lambda: DeliveryState.DELIVERED in [report.state for report in door.reports])
    assert {report.id for report in door.reports} == {"ab" * 16}
    [shown] = kannel.shown_on_phones()
    assert quote("Ћао".encode("utf-16-be")).lower() in shown.lower()


def test_gsm_letters_arrive_as_letters(door: Door, kannel: Kannel) -> None:
    kannel.phones("+38344000101 12345 text SOS")
    assert until(lambda: door.read)
    assert sending(door, kannel, OutboundSms("cd" * 16, "+38344000101", "Ta degjoj & shkruaj 1 = po")).sent is True
    assert until(kannel.shown_on_phones)
    assert "text Ta degjoj & shkruaj 1 = po" in kannel.shown_on_phones()[0]


def test_a_door_that_says_not_now_is_asked_again_with_the_same_id(door: Door, kannel: Kannel) -> None:
    door.stumble = 1
    kannel.phones("+38344000101 12345 text SOS")
    assert until(lambda: door.read)
    assert (door.stumble, [one.text for one in door.read]) == (0, ["SOS"])


def test_our_mistakes_of_configuration_lose_no_message(door: Door, kannel: Kannel) -> None:
    sms = OutboundSms("ef" * 16, "+38344000101", "x")
    assert sending(door, kannel, sms, password="wrong") == SendResult(sent=False, detail="http_403")
    assert sending(door, kannel, sms, sender="") == SendResult(sent=False, detail="no_sender")
