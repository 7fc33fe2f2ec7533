"""The fake gateway does what its script says, and our adapter and it understand each other."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import aiohttp
import pytest

from sos.bot.channels.sms import registry
from sos.bot.channels.sms.provider import DeliveryState, OutboundSms, RawRequest, SendResult, SmsProvider
from tests.fakes.http_server import Fault, LoopbackServer, Request, Response
from tests.fakes.sms_gateway import FakeGateway

SECRET = "a secret of the tests"
HER_NUMBER = "+38344000101"


class Door:
    """Our side of `/sms/generic/inbound` and `/status`, without the rest of the house."""

    def __init__(self) -> None:
        self.provider: SmsProvider = registry.providers({"generic": {"secret": SECRET}})["generic"]
        self.texts: list[tuple[str, str]] = []
        self.states: list[DeliveryState] = []
        self._seen: set[str] = set()

    def __call__(self, request: Request) -> Response:
        raw = RawRequest(request.method, "", request.query, request.headers, request.body)
        if not self.provider.verify(raw):
            return Response(401)
        if request.path.endswith("/status"):
            self.states.append(self.provider.read_status(raw).state)
        elif self.provider.envelope(raw).id not in self._seen:
            self._seen.add(self.provider.envelope(raw).id)
            self.texts.append((self.provider.read(raw).sender, self.provider.read(raw).text))
        return Response(200, self.provider.accepted()[0])


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def gateway(door: Door) -> Iterator[FakeGateway]:
    with LoopbackServer(door) as ours, FakeGateway(SECRET, inbound_url=f"{ours.root}/sms/generic/inbound") as running:
        yield running


def send(url: str, sms: OutboundSms) -> SendResult:
    async def once() -> SendResult:
        async with aiohttp.ClientSession() as session:
            return await registry.providers({"generic": {"secret": SECRET, "url": url}})["generic"].send(session, sms)

    return asyncio.run(once())


def test_a_phone_texts_us_and_hears_our_answer(door: Door, gateway: FakeGateway) -> None:
    phone = gateway.phone(HER_NUMBER)
    phone.texts("Помоћ")
    assert door.texts == [(HER_NUMBER, "Помоћ")]
    assert send(gateway.url, OutboundSms("a" * 32, HER_NUMBER, "Të dëgjoj")).sent is True
    assert phone.hears(seconds=1) == "Të dëgjoj"
    phone.hears_nothing(seconds=0)


def test_duplicates_and_disorder_arrive_as_planned(door: Door, gateway: FakeGateway) -> None:
    words = [(HER_NUMBER, word) for word in "abc"]
    assert gateway.post_many(words, order=[2, 0, 1], duplicates=[0]) == [200] * 4
    assert [text for _, text in door.texts] == ["c", "a", "b"]


def test_statuses_come_back_signed(door: Door, gateway: FakeGateway) -> None:
    assert gateway.report("a" * 32, "delivered", gateway.inbound_url.replace("inbound", "status")) == 200
    assert door.states == [DeliveryState.DELIVERED]
    assert gateway.post_signed(b"{}", gateway.inbound_url, header="sha256=00") == 401


def test_a_message_it_took_before_hanging_up_is_sent_again_with_the_same_id_and_marked(gateway: FakeGateway) -> None:
    gateway.plan(Fault.accept_then_drop())
    first = send(gateway.url, OutboundSms("b" * 32, HER_NUMBER, "x"))
    second = send(gateway.url, OutboundSms("b" * 32, HER_NUMBER, "x", repeat=True))
    assert (first.sent, second.sent) == (False, True)
    assert [(one.id, one.repeat) for one in gateway.received] == [("b" * 32, False), ("b" * 32, True)]


def test_it_refuses_what_is_not_signed_and_what_is_not_in_the_format(gateway: FakeGateway) -> None:
    assert gateway.post_signed(b"{}", gateway.url, header="sha256=00") == 401
    assert gateway.post_signed(b"{}", gateway.url) == 400
    assert (gateway.received, gateway.refused_signatures) == ([], 1)


def test_while_it_refuses_connections_nothing_arrives_and_afterwards_all_does(gateway: FakeGateway) -> None:
    sms = OutboundSms("c" * 32, HER_NUMBER, "x", timeout_seconds=2)
    with gateway.refuse():
        assert send(gateway.url, sms).detail == "unreachable"
    assert send(gateway.url, sms).sent is True


def test_standing_alone_it_listens_takes_records_and_fails_on_command(tmp_path) -> None:
    record = tmp_path / "taken.jsonl"
    command = [
        sys.executable,
        "-m",
        "tests.fakes.sms_gateway",
        "--port",
        "0",
        "--secret",
        SECRET,
        "--record",
        str(record),
        "--faults",
        "503",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        url = json.loads(process.stderr.readline())["listening"]
        sms = OutboundSms("d" * 32, HER_NUMBER, "ћ")
        assert send(url, sms).detail == "http_503"
        assert send(url, sms).sent is True
        with urllib.request.urlopen(url.replace("/send", "/received"), timeout=5) as response:
            [shown] = json.load(response)
        process.terminate()
    assert (shown["text"], json.loads(record.read_text())["id"]) == ("ћ", "d" * 32)
