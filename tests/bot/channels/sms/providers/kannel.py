"""Cases of `kannel`: everything stands in the query, each in the charset it names."""

from datetime import UTC, datetime
from urllib.parse import quote_from_bytes, urlencode

from sos.bot.channels.sms.provider import DeliveryReport, DeliveryState, InboundSms, OutboundSms, RawRequest
from tests.bot.channels.sms.providers.contract import HER_NUMBER, OUR_ID, Contract, Sent, raw
from tests.fakes.http_server import Response

KEY = "a-key-of-the-tests"


def get(query: str) -> RawRequest:
    return raw(method="GET", path="/sms/kannel/inbound", query=query)


def mo(
    text: bytes, charset: str = "UTF-8", coding: str = "0", *, sender: str = HER_NUMBER, message_id: str = "k1", **more: str
) -> RawRequest:
    head = urlencode({"id": message_id, "from": sender, "to": "12345"})
    tail = urlencode({"charset": charset, "coding": coding, "key": KEY, **more})
    return get(f"{head}&text={quote_from_bytes(text)}&{tail}")


def message(message_id: str, sender: str, text: str) -> RawRequest:
    return mo(text.encode(), sender=sender, message_id=message_id)


def dlr(status: str, **changes: str) -> RawRequest:
    return get(urlencode({"id": OUR_ID, "key": KEY, **changes}) + f"&status={status}")


def read(text: str, *, sender: str = HER_NUMBER, sent_at: datetime | None = None) -> InboundSms:
    return InboundSms("k1", sender, text, sent_at)


LOGIN = {"username": "app", "password": "pw"}
DLR = {"dlr-mask": "31", "dlr-url": f"https://sos.example/sms/kannel/status?id={OUR_ID}&key={KEY}&status=%d"}


CONTRACT = Contract(
    settings=lambda root: {
        "key": KEY,
        "url": f"{root}/cgi-bin/sendsms",
        **LOGIN,
        "status_url": "https://sos.example/sms/kannel/status",
    },
    message=message,
    by_empty_secret=get("id=k1&from=%2B38344000101&text=SOS&key="),
    forged=[
        ("no key", get("id=k1&from=%2B38344000101&text=SOS")),
        ("an empty key", get("id=k1&from=%2B38344000101&text=SOS&key=")),
        ("a wrong key", get(f"id=k1&from=%2B38344000101&text=SOS&key={KEY}x")),
        ("a key outside ASCII", get("id=k1&from=%2B38344000101&text=SOS&key=%D1%9B%FF")),
        ("the key in the body only", raw(method="GET", query="id=k1", body=f"key={KEY}".encode())),
        ("more fields than honest", get("&".join(["key=" + KEY] * 500))),
        ("a wrong key before the right one", get(f"key=wrong&key={KEY}&id=k1&from=1&text=SOS")),
    ],
    genuine=[
        ("GSM letters, handed on as UTF-8", mo("Mire, SOS € [x]".encode()), read("Mire, SOS € [x]")),
        ("UCS-2 as the network wrote it", mo("Помоћ ћ 😀".encode("utf-16-be"), "UTF-16BE", "2"), read("Помоћ ћ 😀")),
        ("UCS-2 without a charset", mo("Помоћ".encode("utf-16-be"), "", "2"), read("Помоћ")),
        ("UCS-2 already made UTF-8", mo("Помоћ".encode(), "UTF-8", "2"), read("Помоћ")),
        ("UCS-2 cut in the middle of a letter", mo("SOS ћ".encode("utf-16-be")[:-1], "UTF-16BE", "2"), read("SOS \ufffd")),
        ("the bare GSM alphabet", mo(b"\x00 \x0f \x09 \x1b\x65", "GSM", "0"), read("@ å Ç €")),
        ("ISO-8859-1", mo("Mirë ç".encode("latin-1"), "ISO-8859-1", "0"), read("Mirë ç")),
        ("windows-1250", mo("čšž".encode("cp1250"), "windows-1250", "0"), read("čšž")),
        ("no charset at all", mo("Mirë".encode(), "", ""), read("Mirë")),
        ("a charset nobody knows that is UTF-8", mo("Mirë".encode(), "KLINGON", "0"), read("Mirë")),
        ("a byte outside its charset", mo(b"SOS \xff", "UTF-8", "0"), read("SOS \ufffd")),
        (
            "a plus sign that came as a space",
            get(f"id=k1&from=+38344000101&text=SOS+SOS&charset=UTF-8&coding=0&key={KEY}"),
            read("SOS SOS"),
        ),
        ("a sender without plus", mo(b"SOS", sender="38344000101"), read("SOS")),
        ("the time it was sent", mo(b"SOS", sent="1795386600"), read("SOS", sent_at=datetime(2026, 11, 22, 22, 30, tzinfo=UTC))),
        ("a time past all time", mo(b"SOS", sent="9" * 30), read("SOS")),
    ],
    unreadable=[
        ("no id", get(f"from=%2B38344000101&text=SOS&key={KEY}")),
        ("no sender", get(f"id=k1&text=SOS&key={KEY}")),
        ("no text", get(f"id=k1&from=%2B38344000101&key={KEY}")),
        ("bytes of a charset nobody knows", mo(b"\xff\xfe", "KLINGON", "0")),
        ("binary", mo(b"\x06\x05\x04\xf5", "8-BIT", "1")),
    ],
    statuses=[
        ("delivered", dlr("1"), DeliveryReport(OUR_ID, DeliveryState.DELIVERED, "dlr_1")),
        ("not delivered", dlr("2"), DeliveryReport(OUR_ID, DeliveryState.FAILED, "dlr_2")),
        ("queued", dlr("4"), DeliveryReport(OUR_ID, DeliveryState.ACCEPTED, "dlr_4")),
        ("taken by the carrier", dlr("8"), DeliveryReport(OUR_ID, DeliveryState.ACCEPTED, "dlr_8")),
        ("refused by the carrier", dlr("16"), DeliveryReport(OUR_ID, DeliveryState.FAILED, "dlr_16")),
    ],
    unreadable_statuses=[("a state nobody knows", dlr("7")), ("no state", dlr("")), ("no id", dlr("1", id=""))],
    sent=[
        (
            "GSM letters go as GSM",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "Mire & mbare = 100%"),
                "GET",
                "/cgi-bin/sendsms",
                {**LOGIN, "to": HER_NUMBER, "text": "Mire & mbare = 100%", "charset": "UTF-8", "coding": "0", **DLR},
            ),
        ),
        (
            "other letters go as UCS-2, and expire",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "Mirë Ћао 😀", repeat=True, expires_minutes=10),
                "GET",
                "/cgi-bin/sendsms",
                {**LOGIN, "to": HER_NUMBER, "text": "Mirë Ћао 😀", "charset": "UTF-8", "coding": "2", "validity": "10", **DLR},
            ),
        ),
    ],
    good_answer=Response(202, b"0: Accepted for delivery"),
)
