"""Cases of `smsgate`: an Android telephone that signs body and time."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime

from sos.bot.channels.sms.provider import DeliveryReport, DeliveryState, InboundSms, OutboundSms, RawRequest
from tests.bot.channels.sms.providers.contract import HER_NUMBER, NOW, OUR_ID, Contract, Sent, raw
from tests.fakes.http_server import Response

KEY = "a key of the tests"
THEN = int(NOW.timestamp())


def signed(body: bytes, *, at: str = str(THEN), header: str | None = None, claimed: str | None = None, key: str = KEY) -> RawRequest:
    good = hmac.new(key.encode(), body + at.encode(), hashlib.sha256).hexdigest()
    headers = {"x-signature": good if header is None else header, "x-timestamp": at if claimed is None else claimed}
    return raw(path="/sms/smsgate/inbound", body=body, headers=headers)


def event(name: str, event_id: object = "ev1", **payload: object) -> RawRequest:
    whole = {"deviceId": "d", "event": name, "id": event_id, "webhookId": "w", "payload": payload}
    return signed(json.dumps(whole, ensure_ascii=False).encode())


def message(message_id: str, sender: str, text: str) -> RawRequest:
    return event(
        "sms:received",
        message_id,
        messageId="hash",
        message=text,
        phoneNumber=sender,
        simNumber=1,
        receivedAt="2026-11-22T23:29:58.000+01:00",
    )


SENT_AT = datetime(2026, 11, 22, 22, 29, 58, tzinfo=UTC)
BODY = message("ev1", HER_NUMBER, "SOS").body
BASIC = {"authorization": "Basic " + base64.b64encode(b"user:pw").decode()}


def sending(text: str, **more: object) -> dict[str, object]:
    head = {"id": OUR_ID, "textMessage": {"text": text}, "phoneNumbers": [HER_NUMBER], "withDeliveryReport": True, "priority": 100}
    return {**head, **more}


CONTRACT = Contract(
    settings=lambda root: {"signing_key": KEY, "url": f"{root}/3rdparty/v1/messages", "username": "user", "password": "pw", "sim": "1"},
    message=message,
    by_empty_secret=signed(BODY, key=""),
    forged=[
        ("no headers", raw(body=BODY)),
        ("an empty signature", signed(BODY, header="")),
        ("a signature outside ASCII", signed(BODY, header="ћ")),
        ("a lone surrogate", signed(BODY, header="\udc80")),
        ("no time", signed(BODY, claimed="")),
        ("a time that is no number", signed(BODY, at="soon")),
        ("a time outside ASCII digits", signed(BODY, claimed="\u0661\u0662")),
        ("a time past all time", signed(BODY, at="9" * 40)),
        ("a newer time on an old signature", signed(BODY, at=str(THEN - 400), claimed=str(THEN))),
        ("signed six minutes ago", signed(BODY, at=str(THEN - 360))),
        ("signed six minutes from now", signed(BODY, at=str(THEN + 360))),
        ("the door gave no time of its own", replace(signed(BODY), received_at=None)),
        ("another body", signed(BODY + b" ", header=signed(BODY).headers["x-signature"])),
    ],
    genuine=[
        ("a plain message", message("ev1", HER_NUMBER, "SOS"), InboundSms("ev1", HER_NUMBER, "SOS", SENT_AT)),
        ("four minutes on the way", signed(BODY, at=str(THEN - 240)), InboundSms("ev1", HER_NUMBER, "SOS", SENT_AT)),
        ("a clock four minutes ahead", signed(BODY, at=str(THEN + 240)), InboundSms("ev1", HER_NUMBER, "SOS", SENT_AT)),
        (
            "no SIM known",
            event("sms:received", message="SOS", phoneNumber=HER_NUMBER, simNumber=None),
            InboundSms("ev1", HER_NUMBER, "SOS"),
        ),
        (
            "the sender under its newer name",
            event("sms:received", message="SOS", sender="044 000 101"),
            InboundSms("ev1", HER_NUMBER, "SOS"),
        ),
    ],
    unreadable=[
        ("no JSON", signed(b"SOS")),
        ("a list", signed(b"[]")),
        ("no payload", signed(b'{"event":"sms:received","id":"ev1"}')),
        ("a payload of words", signed(b'{"event":"sms:received","id":"ev1","payload":"SOS"}')),
        ("another event", event("system:ping", health={})),
        ("no id", event("sms:received", None, message="SOS", phoneNumber=HER_NUMBER)),
        ("no sender", event("sms:received", message="SOS")),
        ("no text", event("sms:received", phoneNumber=HER_NUMBER)),
    ],
    statuses=[
        ("sent", event("sms:sent", messageId=OUR_ID), DeliveryReport(OUR_ID, DeliveryState.ACCEPTED)),
        ("delivered", event("sms:delivered", messageId=OUR_ID), DeliveryReport(OUR_ID, DeliveryState.DELIVERED)),
        (
            "failed; its reason may hold a number and is not kept",
            event("sms:failed", messageId=OUR_ID, reason="x"),
            DeliveryReport(OUR_ID, DeliveryState.FAILED),
        ),
    ],
    unreadable_statuses=[("a ping", event("system:ping", health={})), ("no id of ours", event("sms:sent")), ("no JSON", signed(b"."))],
    sent=[
        (
            "a message",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "Mirë Ћао 😀"), "POST", "/3rdparty/v1/messages", sending("Mirë Ћао 😀", simNumber=1), BASIC
            ),
        ),
        (
            "it expires",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "OK", expires_minutes=10),
                "POST",
                "/3rdparty/v1/messages",
                sending("OK", simNumber=1, ttl=600),
            ),
        ),
    ],
    good_answer=Response(202, b'{"id":"x","state":"Pending"}'),
    accepted=(b'{"status":"accepted"}', "application/json"),
)
