"""The watchdog's texts leave straight, over real HTTP, by whatever way still works; nothing of whom they are for reaches a log."""

import json
import logging
import time
from collections.abc import Iterator

import pytest

from sos.bot.channels import alarm_ways
from sos.bot.channels.alarm_ways import Alarm, To, ping
from sos.bot.channels.sms.provider import Misconfigured
from sos.bot.channels.sms.providers.generic import Generic
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault, LoopbackServer, Request, Response
from tests.fakes.sms_gateway import FakeGateway

NUMBER, TEXT = "+38344000177", "SOS service: worker silent since 03:12"


class Address:
    def __init__(self) -> None:
        self.got: list[Request] = []
        self.server = LoopbackServer(self.handle)

    def handle(self, request: Request) -> Response:
        self.got.append(request)
        return Response(200)


@pytest.fixture
def address() -> Iterator[Address]:
    made = Address()
    with made.server:
        yield made


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with FakeGateway("s") as made:
        yield made


def generic(gateway: FakeGateway) -> Generic:
    return Generic({"url": gateway.url, "secret": "s"})


@pytest.mark.parametrize("given", ["0044", "someone@example.org", "ftp://x", "+383 44"])
def test_what_is_no_way_is_refused_by_the_name_of_the_variable(given: str) -> None:
    if given == "0044":
        assert To.read([given]).chats == ("0044",)
        return
    with pytest.raises(Misconfigured, match="SOS_WATCHDOG_TO") as refusal:
        To.read([given])
    assert given not in str(refusal.value)


def test_everybody_is_told_by_every_kind_of_way(gateway: FakeGateway, address: Address) -> None:
    with FakeBotApi() as api:
        api.chat(4401)
        to = To.read([NUMBER, "4401", f"{address.server.root}/alarm"])
        assert Alarm(to, {"generic": generic(gateway)}, api.token, api.root).say(TEXT)
        assert [(one.to, one.text) for one in gateway.received] == [(NUMBER, TEXT)]
        assert [call["text"] for call in api.called("sendMessage")] == [TEXT]
        assert json.loads(address.got[0].body) == {"text": TEXT}


@pytest.mark.expects_errors
def test_the_next_gateway_stands_in_for_one_that_is_dead(gateway: FakeGateway) -> None:
    dead = Generic({"url": "http://127.0.0.1:9/send", "secret": "s"})
    assert Alarm(To.read([NUMBER]), {"dead": dead, "generic": generic(gateway)}).say(TEXT)
    assert len(gateway.received) == 1


@pytest.mark.expects_errors
def test_one_way_that_hangs_keeps_no_other_from_being_told(gateway: FakeGateway, address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm_ways, "SECONDS", 0.5)
    gateway.plan(Fault.hang(20))
    began = time.monotonic()
    assert Alarm(To.read([NUMBER, f"{address.server.root}/alarm"]), {"generic": generic(gateway)}).say(TEXT)
    assert len(address.got) == 1
    assert time.monotonic() - began < 10, "no wait for what hangs"


@pytest.mark.expects_errors
def test_where_nobody_takes_it_that_is_said(gateway: FakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.plan(Fault.answer(503))
    assert Alarm(To.read([NUMBER]), {"generic": generic(gateway)}).say(TEXT) is False
    assert "watchdog.unheard" in caplog.text


@pytest.mark.expects_errors
def test_no_number_and_no_address_stands_in_a_log_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    to = To.read([NUMBER, "4401", "http://127.0.0.1:9/secret-path"])
    alarm = Alarm(to, {"dead": Generic({"url": "http://127.0.0.1:9/send", "secret": "s"})}, "1:token-of-the-tests", "http://127.0.0.1:9")
    assert alarm.say(TEXT) is False
    said = caplog.text + repr([record.__dict__ for record in caplog.records]) + repr(alarm) + repr(to)
    assert not [word for word in (NUMBER, "4401", "secret-path", "token-of-the-tests") if word in said]


@pytest.mark.expects_errors
def test_with_nobody_to_tell_the_log_is_all_there_is(caplog: pytest.LogCaptureFixture) -> None:
    assert Alarm(To.read([]), {}).say(TEXT)
    assert "watchdog.unheard" in caplog.text


def test_a_ping_that_is_refused_is_a_failure(address: Address) -> None:
    ping(f"{address.server.root}/p")
    assert [one.method for one in address.got] == ["GET"]
    address.server.plan(Fault.answer(500))
    with pytest.raises(ConnectionError):
        ping(f"{address.server.root}/p")
