"""Every SMS gateway keeps the port's promises, on the same tables. A gateway without cases fails here."""

import asyncio
import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.channels.sms import registry
from sos.bot.channels.sms.provider import Envelope, Misconfigured, OutboundSms, RawRequest, SendResult, SmsProvider, Unreadable
from tests.bot.channels.sms.providers.contract import HER_NUMBER, OUR_ID, Contract, Sent
from tests.fakes.http_server import Fault, LoopbackServer, Request, Response

NAMES = registry.names()
CONTRACTS: dict[str, Contract] = {name: importlib.import_module(f"tests.bot.channels.sms.providers.{name}").CONTRACT for name in NAMES}


def built(name: str, root: str = "http://127.0.0.1:9") -> SmsProvider:
    return registry.providers({name: CONTRACTS[name].settings(root)})[name]


def rows(kind: str) -> list:
    """(provider, row...) of one table of every gateway."""
    return [pytest.param(name, *row[1:], id=f"{name}: {row[0]}") for name, contract in CONTRACTS.items() for row in getattr(contract, kind)]


def test_the_gateways_of_the_plan_are_there() -> None:
    assert {"generic", "kannel", "smsgate", "twilio"} <= set(NAMES)


@pytest.mark.parametrize(("name", "request_"), rows("forged"))
def test_a_forged_request_is_refused_and_never_an_error(name: str, request_: RawRequest) -> None:
    assert built(name).verify(request_) is False


@pytest.mark.parametrize(("name", "request_", "expected"), rows("genuine"))
def test_a_genuine_message_is_read_whole(name: str, request_: RawRequest, expected) -> None:
    provider = built(name)
    assert provider.verify(request_) is True
    assert provider.envelope(request_) == Envelope(expected.id, expected.sender)
    assert provider.read(request_) == expected


@pytest.mark.parametrize(("name", "request_"), rows("unreadable"))
def test_a_signed_message_that_makes_no_sense_is_unreadable_and_never_another_error(name: str, request_: RawRequest) -> None:
    provider = built(name)
    assert provider.verify(request_) is True
    with pytest.raises(Unreadable) as refusal:
        provider.read(request_)
    assert str(refusal.value) == ""
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(("name", "request_", "expected"), rows("statuses"))
def test_a_status_is_read(name: str, request_: RawRequest, expected) -> None:
    provider = built(name)
    assert provider.verify(request_) is True
    assert provider.read_status(request_) == expected


@pytest.mark.parametrize(("name", "request_"), rows("unreadable_statuses"))
def test_a_status_that_makes_no_sense_is_unreadable(name: str, request_: RawRequest) -> None:
    with pytest.raises(Unreadable):
        built(name).read_status(request_)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="blanks"),
        pytest.param("😀🏃‍♀️ SOS", id="emoji"),
        pytest.param("Помоћ, зове ме", id="Serbian Cyrillic"),
        pytest.param("Më ndihmo, çdo natë", id="Albanian"),
        pytest.param("İmdat şimdi ğ", id="Turkish"),
        pytest.param("a&b=c%20+d\r\ne;f\t#g", id="signs that addresses and forms use"),
        pytest.param("x" * 153 + "y" * 153 + "ћ" * 67, id="parts joined by the gateway"),
    ],
)
def test_her_words_arrive_as_she_wrote_them(name: str, text: str) -> None:
    provider = built(name)
    request = CONTRACTS[name].message("m9", HER_NUMBER, text)
    assert provider.verify(request) is True
    assert provider.read(request).text == text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("given_as", "address"),
    [
        pytest.param("+38344000101", "+38344000101", id="E.164"),
        pytest.param("38344000101", "+38344000101", id="without plus"),
        pytest.param("0038344000101", "+38344000101", id="with zeros"),
        pytest.param("044 000 101", "+38344000101", id="as dialled in Kosovo"),
        pytest.param("060/000-101", "+38160000101", id="as dialled in Serbia"),
        pytest.param("+37744000101", "+38344000101", id="Vala under Monaco's code"),
        pytest.param("+38649000101", "+38349000101", id="IPKO under Slovenia's code"),
        pytest.param("Vala", "Vala", id="a name"),
        pytest.param("12345", "12345", id="a short code"),
    ],
)
def test_one_person_is_one_address_however_the_gateway_writes_her_number(name: str, given_as: str, address: str) -> None:
    assert built(name).envelope(CONTRACTS[name].message("m9", given_as, "SOS")).sender == address


@pytest.mark.parametrize("name", NAMES)
def test_a_replay_has_the_same_id_so_that_it_counts_once(name: str) -> None:
    provider = built(name)
    first, again = (CONTRACTS[name].message("m9", HER_NUMBER, "SOS") for _ in range(2))
    later = replace(again, received_at=again.received_at + timedelta(minutes=2))
    assert provider.verify(later) is True
    assert provider.envelope(first) == provider.envelope(later)


def test_a_gateway_that_signs_the_time_refuses_a_late_replay() -> None:
    request = CONTRACTS["smsgate"].message("m9", HER_NUMBER, "SOS")
    assert built("smsgate").verify(replace(request, received_at=request.received_at + timedelta(minutes=6))) is False


@pytest.mark.parametrize("name", NAMES)
def test_a_huge_message_is_cut_or_unreadable_but_never_an_error(name: str) -> None:
    request = CONTRACTS[name].message("m9", HER_NUMBER, "SOS " + "ћ" * 250_000)
    assert built(name).verify(request) is True
    assert built(name).read(request).text.startswith("SOS ")


@pytest.mark.parametrize("name", NAMES)
def test_without_its_secret_a_gateway_refuses_all_and_cannot_send(name: str) -> None:
    provider = registry.providers({})[name]
    assert provider.verify(CONTRACTS[name].message("m1", HER_NUMBER, "SOS")) is False
    assert provider.verify(CONTRACTS[name].by_empty_secret) is False
    assert provider.can_send() is False


@pytest.mark.parametrize("name", NAMES)
def test_a_half_made_setting_is_named_but_never_shown(name: str) -> None:
    whole = CONTRACTS[name].settings("http://127.0.0.1:9")
    refused = []
    for left_out in whole:
        try:
            registry.providers({name: {key: value for key, value in whole.items() if key != left_out}})
        except Misconfigured as problem:
            refused.append(str(problem))
    assert refused
    assert all(f"SOS_SMS_{name.upper()}_" in text for text in refused)
    assert not [
        text for text in refused for key, value in whole.items() if key in {"secret", "key", "password", "auth_token"} and value in text
    ]


def test_a_gateway_nobody_knows_is_named() -> None:
    with pytest.raises(Misconfigured, match="SOS_SMS_PIGEON_"):
        registry.providers({"pigeon": {}})


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_to_an_accepted_message_sends_nothing_to_her(name: str) -> None:
    assert built(name).accepted() == CONTRACTS[name].accepted


@pytest.mark.parametrize("name", NAMES)
@given(body=st.binary(max_size=300), query=st.text(max_size=100), header=st.text(max_size=80))
def test_noise_is_refused_or_unreadable_and_nothing_else(name: str, body: bytes, query: str, header: str) -> None:
    provider = built(name)
    good = CONTRACTS[name].message("m1", HER_NUMBER, "SOS")
    headers = dict.fromkeys(("x-signature", "x-timestamp", "x-twilio-signature"), header)
    noise = replace(good, body=body, query=query, headers=headers)
    assert provider.verify(noise) is False
    for face in (provider.envelope, provider.read, provider.read_status):
        try:
            face(noise)
        except Unreadable:
            continue


# --- sending -------------------------------------------------------------------------------------------------------------------


def send(name: str, root: str, sms: OutboundSms) -> SendResult:
    async def once() -> SendResult:
        async with aiohttp.ClientSession() as session:
            return await built(name, root).send(session, sms)

    return asyncio.run(once())


def fields_of(request: Request) -> Mapping:
    if request.method == "GET":
        return dict(parse_qsl(request.query, keep_blank_values=True))
    if "json" in request.headers.get("content-type", ""):
        return json.loads(request.body)
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def answering(response: Response) -> tuple[list[Request], Callable[[Request], Response]]:
    seen: list[Request] = []

    def handle(request: Request) -> Response:
        seen.append(request)
        return response

    return seen, handle


@pytest.mark.parametrize(("name", "expected"), rows("sent"))
def test_a_message_leaves_exactly_as_the_gateway_wants_it(name: str, expected: Sent) -> None:
    contract = CONTRACTS[name]
    seen, handle = answering(contract.good_answer)
    with LoopbackServer(handle) as server:
        result = send(name, server.root, expected.sms)
    [request] = seen
    assert (request.method, request.path) == (expected.method, expected.path)
    assert fields_of(request) == expected.fields
    assert dict(expected.headers).items() <= request.headers.items()
    assert result.sent is True
    assert result.provider_ref == contract.reference


SMS = OutboundSms(OUR_ID, HER_NUMBER, "Mirë", repeat=True, timeout_seconds=0.4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(Fault.answer(400), SendResult(sent=False, permanent=True, detail="http_400"), id="a message it will never take"),
        pytest.param(Fault.answer(422), SendResult(sent=False, permanent=True, detail="http_422"), id="a number it will never take"),
        pytest.param(Fault.answer(401), SendResult(sent=False, detail="http_401"), id="our key is wrong: the message is not lost for it"),
        pytest.param(Fault.answer(403), SendResult(sent=False, detail="http_403"), id="our login is wrong: not lost for it"),
        pytest.param(Fault.answer(404), SendResult(sent=False, detail="http_404"), id="our address is wrong: not lost for it"),
        pytest.param(
            Fault.answer(429, Retry_After="7"), SendResult(sent=False, retry_after=7.0, detail="http_429"), id="too many, with a pause"
        ),
        pytest.param(Fault.answer(429), SendResult(sent=False, detail="http_429"), id="too many, without"),
        pytest.param(
            Fault.answer(429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"),
            SendResult(sent=False, detail="http_429"),
            id="too many, until a date",
        ),
        pytest.param(
            Fault.answer(429, Retry_After="nan"), SendResult(sent=False, detail="http_429"), id="too many, for no number of seconds"
        ),
        pytest.param(
            Fault.answer(429, Retry_After="1e300"), SendResult(sent=False, retry_after=3600.0, detail="http_429"), id="too many, for ever"
        ),
        pytest.param(Fault.answer(500), SendResult(sent=False, detail="http_500"), id="it stumbled"),
        pytest.param(
            Fault.answer(503, Retry_After="3"), SendResult(sent=False, retry_after=3.0, detail="http_503"), id="it is closed for 3 s"
        ),
        pytest.param(
            Fault.answer(302, Location="http://127.0.0.1:9/"), SendResult(sent=False, detail="http_302"), id="it points elsewhere"
        ),
        pytest.param(Fault.hang(), SendResult(sent=False, detail="timeout"), id="it says nothing"),
        pytest.param(Fault.drop(), SendResult(sent=False, detail="connection_lost"), id="it hangs up"),
        pytest.param(Fault.accept_then_drop(), SendResult(sent=False, detail="connection_lost"), id="it takes the message and hangs up"),
    ],
)
def test_what_an_attempt_became_is_a_result(name: str, fault: Fault, expected: SendResult) -> None:
    seen, handle = answering(CONTRACTS[name].good_answer)
    with LoopbackServer(handle) as server:
        server.plan(fault)
        assert send(name, server.root, SMS) == expected
    assert len(seen) == (1 if fault.kind == "accept_then_drop" else 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_gateway_that_is_not_there_is_a_result(name: str) -> None:
    with LoopbackServer(lambda _: Response()) as server, server.refuse():
        assert send(name, server.root, SMS) == SendResult(sent=False, detail="unreachable")


@pytest.mark.parametrize("name", NAMES)
def test_a_good_answer_that_nobody_can_read_still_counts_as_sent(name: str) -> None:
    with LoopbackServer(lambda _: Response(200, b"\x00{")) as server:
        assert send(name, server.root, SMS).sent is True


def test_a_telephone_that_knows_our_id_already_has_the_message() -> None:
    with LoopbackServer(lambda _: Response(409)) as server:
        assert send("smsgate", server.root, SMS) == SendResult(sent=True, detail="known_already")
        assert send("smsgate", server.root, replace(SMS, repeat=False)).sent is False


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_hers_shows_when_a_value_is_printed(name: str) -> None:
    request = CONTRACTS[name].message("m9", HER_NUMBER, "plantedword")
    provider = built(name)
    shown = repr([request, provider.envelope(request), provider.read(request), SMS, provider])
    assert "plantedword" not in shown
    assert HER_NUMBER.removeprefix("+") not in shown
