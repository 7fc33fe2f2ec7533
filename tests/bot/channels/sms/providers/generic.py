"""Cases of `generic`."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

from sos.bot.channels.sms.provider import DeliveryReport, DeliveryState, InboundSms, OutboundSms, RawRequest
from tests.bot.channels.sms.providers.contract import HER_NUMBER, OUR_ID, Contract, Sent, raw
from tests.fakes.http_server import Response

SECRET = "a secret of the tests"


def signed(body: bytes, *, header: str | None = None, secret: str = SECRET) -> RawRequest:
    good = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return raw(path="/sms/generic/inbound", body=body, headers={"x-signature": good if header is None else header})


def of(**message: object) -> RawRequest:
    return signed(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def message(message_id: str, sender: str, text: str) -> RawRequest:
    return of(id=message_id, **{"from": sender}, to="+38344000100", text=text)


BODY = message("m1", HER_NUMBER, "SOS").body
GOOD = message("m1", HER_NUMBER, "SOS").headers["x-signature"]


def read(text: str, *, message_id: str = "m1", sender: str = HER_NUMBER, sent_at: datetime | None = None) -> InboundSms:
    return InboundSms(message_id, sender, text, sent_at)


CONTRACT = Contract(
    settings=lambda root: {"secret": SECRET, "url": f"{root}/send"},
    message=message,
    by_empty_secret=signed(BODY, secret=""),
    forged=[
        ("no signature at all", raw(body=BODY)),
        ("an empty signature", signed(BODY, header="")),
        ("a signature of another body", signed(BODY + b" ", header=GOOD)),
        ("the right digest without its scheme", signed(BODY, header=GOOD.removeprefix("sha256="))),
        ("a cut digest", signed(BODY, header=GOOD[:-1])),
        ("a header outside ASCII", signed(BODY, header="sha256=ћ\u00e9" + GOOD[9:])),
        ("a header with a lone surrogate", signed(BODY, header="\udc80" + GOOD)),
        ("another secret", signed(BODY, header="sha256=" + hmac.new(b"other", BODY, hashlib.sha256).hexdigest())),
    ],
    genuine=[
        ("a plain message", message("m1", HER_NUMBER, "SOS"), read("SOS")),
        ("a signature in capitals", signed(BODY, header=GOOD.upper().replace("SHA256", "sha256")), read("SOS")),
        (
            "with the time it was sent",
            of(id="m1", **{"from": HER_NUMBER}, to="", text="SOS", sent_at="2026-11-22T23:30:00+01:00"),
            read("SOS", sent_at=datetime(2026, 11, 22, 22, 30, tzinfo=UTC)),
        ),
        ("a time nobody can read costs nothing", of(id="m1", **{"from": HER_NUMBER}, text="SOS", sent_at="yesterday"), read("SOS")),
        ("a time without its zone is no time", of(id="m1", **{"from": HER_NUMBER}, text="SOS", sent_at="2026-11-22T22:30:00"), read("SOS")),
        ("a time before time", of(id="m1", **{"from": HER_NUMBER}, text="SOS", sent_at="0001-01-01T00:00:00+23:00"), read("SOS")),
        ("a time that is a number", of(id="m1", **{"from": HER_NUMBER}, text="SOS", sent_at=17), read("SOS")),
        ("the id a number", of(id=17, **{"from": HER_NUMBER}, text="SOS"), read("SOS", message_id="17")),
        ("the sender a number", of(id="m1", **{"from": 38344000101}, text="SOS"), read("SOS")),
        ("the letters escaped", signed(json.dumps({"id": "m1", "from": HER_NUMBER, "text": "Ћао"}).encode()), read("Ћао")),
        ("half of an emoji", signed(b'{"id":"m1","from":"+38344000101","text":"SOS \\ud83d"}'), read("SOS \ufffd")),
        ("a NUL among the words", signed(b'{"id":"m1","from":"+38344000101","text":"S\\u0000OS"}'), read("SOS")),
        ("fields nobody knows", of(id="m1", **{"from": HER_NUMBER}, text="SOS", mood={"x": [1]}), read("SOS")),
        ("in UTF-16", signed(json.dumps({"id": "m1", "from": HER_NUMBER, "text": "SOS"}).encode("utf-16")), read("SOS")),
    ],
    unreadable=[
        ("no JSON", signed(b"SOS")),
        ("nothing", signed(b"")),
        ("cut JSON", signed(BODY[:-3])),
        ("a list", signed(b"[]")),
        ("null", signed(b"null")),
        ("letters outside UTF-8", signed(BODY.replace(b"SOS", b"\xff\xfe\xfa"))),
        ("nested past reason", signed(b"[" * 100_000)),
        ("a whole number past reason", signed(b'{"id":' + b"9" * 5000 + b',"from":"+38344000101","text":"SOS"}')),
        ("no id", of(**{"from": HER_NUMBER}, text="SOS")),
        ("an empty id", of(id="", **{"from": HER_NUMBER}, text="SOS")),
        ("an id past reason", of(id="x" * 300, **{"from": HER_NUMBER}, text="SOS")),
        ("an id of true", of(id=True, **{"from": HER_NUMBER}, text="SOS")),
        ("no sender", of(id="m1", text="SOS")),
        ("a sender past reason", of(id="m1", **{"from": "+" + "3" * 100}, text="SOS")),
        ("no text", of(id="m1", **{"from": HER_NUMBER})),
        ("a text of null", of(id="m1", **{"from": HER_NUMBER}, text=None)),
        ("a text of lists", of(id="m1", **{"from": HER_NUMBER}, text=["SOS"])),
    ],
    statuses=[
        ("delivered", of(id=OUR_ID, status="delivered", detail=""), DeliveryReport(OUR_ID, DeliveryState.DELIVERED)),
        ("failed, with a code", of(id=OUR_ID, status="failed", detail="absent"), DeliveryReport(OUR_ID, DeliveryState.FAILED, "absent")),
        (
            "a detail of many words is not kept",
            of(id=OUR_ID, status="failed", detail="said: hi you"),
            DeliveryReport(OUR_ID, DeliveryState.FAILED),
        ),
        ("no detail", of(id=OUR_ID, status="delivered"), DeliveryReport(OUR_ID, DeliveryState.DELIVERED)),
    ],
    unreadable_statuses=[
        ("a state nobody knows", of(id=OUR_ID, status="pondering")),
        ("no id", of(status="delivered")),
        ("no JSON", signed(b"delivered")),
    ],
    sent=[
        (
            "a first attempt",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "Mirë Ћао"),
                "POST",
                "/send",
                {"id": OUR_ID, "to": HER_NUMBER, "text": "Mirë Ћао", "repeat": False},
                {
                    "x-signature": "sha256="
                    + hmac.new(
                        SECRET.encode(),
                        f'{{"id":"{OUR_ID}","to":"{HER_NUMBER}","text":"Mirë Ћао","repeat":false}}'.encode(),
                        hashlib.sha256,
                    ).hexdigest()
                },
            ),
        ),
        (
            "a repeat says so",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "OK", repeat=True),
                "POST",
                "/send",
                {"id": OUR_ID, "to": HER_NUMBER, "text": "OK", "repeat": True},
            ),
        ),
    ],
    good_answer=Response(202, b'{"status":"accepted"}'),
    accepted=(b'{"status":"accepted"}', "application/json"),
)
