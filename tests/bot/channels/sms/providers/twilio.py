"""Cases of `twilio`: forms signed over the public address."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from sos.bot.channels.sms.provider import DeliveryReport, DeliveryState, InboundSms, OutboundSms, RawRequest
from tests.bot.channels.sms.providers.contract import HER_NUMBER, OUR_ID, Contract, Sent, raw
from tests.fakes.http_server import Response

TOKEN = "a token of the tests"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
INBOUND = "/sms/twilio/inbound"


def signed(
    pairs: list[tuple[str, str]],
    *,
    path: str = INBOUND,
    query: str = "",
    over: str | None = None,
    header: str | None = None,
    token: str = TOKEN,
) -> RawRequest:
    """Signed by hand after Twilio's description: address, then each name and value in order of name."""
    url = f"https://sos.example{path}" + (f"?{query}" if query else "")
    text = (over or url) + "".join(name + value for name, value in sorted(set(pairs)))
    good = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {
        "x-twilio-signature": good if header is None else header,
        "content-type": "application/x-www-form-urlencoded",
        "host": "elsewhere.example",
    }
    return raw(path=path, query=query, body=urlencode(pairs).encode(), headers=headers)


def message(message_id: str, sender: str, text: str) -> RawRequest:
    return signed(
        [("MessageSid", message_id), ("AccountSid", ACCOUNT), ("From", sender), ("To", "+38344000100"), ("Body", text), ("NumMedia", "0")]
    )


def status(word: str, *, code: str = "", query: str = f"id={OUR_ID}") -> RawRequest:
    pairs = [("MessageSid", "SM1"), ("MessageStatus", word), *([("ErrorCode", code)] if code else [])]
    return signed(pairs, path="/sms/twilio/status", query=query)


PLAIN = [("MessageSid", "SM1"), ("From", HER_NUMBER), ("Body", "SOS")]
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
BACK = {"StatusCallback": f"https://sos.example/sms/twilio/status?id={OUR_ID}"}
BASIC = {"authorization": "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()}

CONTRACT = Contract(
    settings=lambda root: {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "sender": "+38344000100",
        "api_url": root,
        "status_url": "https://sos.example/sms/twilio/status",
    },
    message=message,
    by_empty_secret=signed(PLAIN, token=""),
    forged=[
        ("no signature", raw(path=INBOUND, body=urlencode(PLAIN).encode())),
        ("an empty signature", signed(PLAIN, header="")),
        ("a signature outside ASCII", signed(PLAIN, header="ћћћ=")),
        ("a signature with a lone surrogate", signed(PLAIN, header="\udc80")),
        ("signed over the Host header's address", signed(PLAIN, over="https://elsewhere.example/sms/twilio/inbound")),
        ("signed over another path", signed(PLAIN, over="https://sos.example/sms/twilio/status")),
        ("a body of more fields than honest", signed([(f"f{n}", "x") for n in range(500)])),
        ("a body that says bodySHA256", raw(path=INBOUND, query="bodySHA256=0", body=b"{}", headers={"x-twilio-signature": "x"})),
    ],
    genuine=[
        ("a plain message", message("SM1", HER_NUMBER, "SOS"), InboundSms("SM1", HER_NUMBER, "SOS")),
        ("signed with the port", signed(PLAIN, over="https://sos.example:443/sms/twilio/inbound"), InboundSms("SM1", HER_NUMBER, "SOS")),
        ("with a query in the address", signed(PLAIN, query="a=b&c"), InboundSms("SM1", HER_NUMBER, "SOS")),
        (
            "a picture without words",
            signed([("MessageSid", "MM1"), ("From", HER_NUMBER), ("Body", ""), ("NumMedia", "1")]),
            InboundSms("MM1", HER_NUMBER, ""),
        ),
        ("a field twice", signed([*PLAIN, ("Media", "a"), ("Media", "b")]), InboundSms("SM1", HER_NUMBER, "SOS")),
    ],
    unreadable=[
        ("no id", signed([("From", HER_NUMBER), ("Body", "SOS")])),
        ("no sender", signed([("MessageSid", "SM1"), ("Body", "SOS")])),
        ("no text", signed([("MessageSid", "SM1"), ("From", HER_NUMBER)])),
        ("nothing", signed([])),
    ],
    statuses=[
        ("delivered", status("delivered"), DeliveryReport(OUR_ID, DeliveryState.DELIVERED)),
        ("sent", status("sent"), DeliveryReport(OUR_ID, DeliveryState.ACCEPTED)),
        ("she opted out", status("failed", code="21610"), DeliveryReport(OUR_ID, DeliveryState.FAILED, "error_21610")),
        ("undelivered, the code odd", status("undelivered", code="x; drop"), DeliveryReport(OUR_ID, DeliveryState.FAILED)),
    ],
    unreadable_statuses=[("a state nobody knows", status("pondering")), ("no id of ours", status("sent", query=""))],
    sent=[
        (
            "a message",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "Mirë Ћао 😀"),
                "POST",
                PATH,
                {"To": HER_NUMBER, "From": "+38344000100", "Body": "Mirë Ћао 😀", **BACK},
                BASIC,
            ),
        ),
        (
            "it expires",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "OK", expires_minutes=10),
                "POST",
                PATH,
                {"To": HER_NUMBER, "From": "+38344000100", "Body": "OK", "ValidityPeriod": "600", **BACK},
            ),
        ),
        (
            "no longer than Twilio takes",
            Sent(
                OutboundSms(OUR_ID, HER_NUMBER, "OK", expires_minutes=100_000),
                "POST",
                PATH,
                {"To": HER_NUMBER, "From": "+38344000100", "Body": "OK", "ValidityPeriod": "36000", **BACK},
            ),
        ),
    ],
    good_answer=Response(201, b'{"sid":"SM77","status":"queued"}'),
    reference="SM77",
    accepted=(b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>', "text/xml"),
)
