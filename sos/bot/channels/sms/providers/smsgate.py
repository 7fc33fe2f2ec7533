"""Gateway `smsgate`: an Android telephone with a local SIM (SMSGate, docs.sms-gate.app). Never takes a signature older than five minutes.

`X-Signature` is hex HMAC-SHA256(key, raw body + `X-Timestamp`). Register `sms:received` at `/sms/smsgate/inbound`; `sms:sent`, `sms:delivered` and
`sms:failed` at `/sms/smsgate/status`. Its `messageId` is made of the content and not unique: the event's `id` is the once-only key. Messages of equal
priority leave last in, first out unless the app is set to FIFO: set it. Encryption between app and server is not supported: use https.
Settings: `SOS_SMS_SMSGATE_SIGNING_KEY`, `_URL` (`.../3rdparty/v1/messages`, or `http://<phone>:8080/messages`), `_USERNAME`, `_PASSWORD`, optional
`_DEVICE_ID`, `_SIM`.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import aiohttp

from sos.bot.channels.sms import fields
from sos.bot.channels.sms.asking import BATTERY_LOW, NO_NETWORK, SENDING_FAILS, asked, refused
from sos.bot.channels.sms.attempt import Answer, attempt, judged
from sos.bot.channels.sms.numbers import normalise
from sos.bot.channels.sms.provider import (
    DeliveryReport,
    DeliveryState,
    Envelope,
    InboundSms,
    Misconfigured,
    OutboundSms,
    RawRequest,
    SendResult,
    Unreadable,
    Vitals,
)

OLDEST_SIGNATURE = timedelta(minutes=5)  #: either way: telephones' clocks stray
PRIORITY = 100  #: from 100 the app skips its own delays and daily limits; a lifeline has none to spare

SEEN_WITHIN = timedelta(minutes=15)  #: a telephone that its server has not seen for longer counts as dead
_CLOUD = "/3rdparty/v1/"
_CHECKS = {"battery:level": BATTERY_LOW, "messages:failed": SENDING_FAILS, "connection:status": NO_NETWORK}

_STATES = {"sms:sent": DeliveryState.ACCEPTED, "sms:delivered": DeliveryState.DELIVERED, "sms:failed": DeliveryState.FAILED}


def sign(key: str, body: bytes, timestamp: str) -> str:
    """The header's value for `body` signed at `timestamp` (seconds since 1970)."""
    return hmac.new(key.encode(), body + timestamp.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class Smsgate:
    """SMS Gateway for Android."""

    name = "smsgate"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._key = settings.get("signing_key", "")
        self._url = settings.get("url", "")
        self._username = settings.get("username", "")
        self._password = settings.get("password", "")
        self._device = settings.get("device_id", "")
        self._sim = settings.get("sim", "")
        if self._url and not self._url.startswith(("http://", "https://")):
            raise Misconfigured("SOS_SMS_SMSGATE_URL must begin with http:// or https://")
        if self._url and not (self._username and self._password):
            raise Misconfigured("SOS_SMS_SMSGATE_URL is set but SOS_SMS_SMSGATE_USERNAME or SOS_SMS_SMSGATE_PASSWORD is not")
        if ":" in self._username:
            raise Misconfigured("SOS_SMS_SMSGATE_USERNAME may not hold a colon")
        if self._sim and self._sim not in {"1", "2", "3"}:
            raise Misconfigured("SOS_SMS_SMSGATE_SIM must be 1, 2 or 3")

    def verify(self, request: RawRequest) -> bool:
        timestamp = request.headers.get("x-timestamp", "").strip()
        signed_at = fields.unix_moment(timestamp)
        given = request.headers.get("x-signature")
        if not self._key or signed_at is None or given is None or request.received_at is None:
            return False
        genuine = fields.same(sign(self._key, request.body, timestamp), given.strip().lower())
        return genuine and abs(request.received_at - signed_at) <= OLDEST_SIGNATURE

    def envelope(self, request: RawRequest) -> Envelope:
        event, payload = _event(request.body)
        return _envelope(event, payload)

    def read(self, request: RawRequest) -> InboundSms:
        event, payload = _event(request.body)
        head = _envelope(event, payload)
        return InboundSms(head.id, head.sender, fields.words(payload.get("message")), fields.moment(payload.get("receivedAt")))

    def read_status(self, request: RawRequest) -> DeliveryReport:
        event, payload = _event(request.body)
        state = _STATES.get(str(event.get("event")))
        if state is None:
            raise Unreadable
        return DeliveryReport(fields.identifier(payload.get("messageId")), state)

    def accepted(self) -> tuple[bytes, str]:
        return b'{"status":"accepted"}', "application/json"

    def can_send(self) -> bool:
        return bool(self._url)

    async def send(self, session: aiohttp.ClientSession, sms: OutboundSms) -> SendResult:
        message: dict[str, object] = {
            "id": sms.id,
            "textMessage": {"text": sms.text},
            "phoneNumbers": [sms.to],
            "withDeliveryReport": True,
            "priority": PRIORITY,
        }
        if sms.expires_minutes is not None:
            message["ttl"] = max(1, sms.expires_minutes) * 60
        if self._device:
            message["deviceId"] = self._device
        if self._sim:
            message["simNumber"] = int(self._sim)
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        login = aiohttp.encode_basic_auth(self._username, self._password)
        answer = await attempt(
            session, sms, "POST", self._url, headers={"Content-Type": "application/json", "Authorization": login}, data=body
        )
        if isinstance(answer, Answer) and answer.status == 409 and sms.repeat:
            return SendResult(sent=True, detail="known_already")  # our id is with it since an earlier attempt whose answer was lost
        return judged(answer) if isinstance(answer, Answer) else answer

    async def pulse(self, session: aiohttp.ClientSession, *, now: datetime) -> Vitals | None:
        """The telephone's own `/health` (battery, network, failures), or its server's list of devices (docs.sms-gate.app, Healthcheck)."""
        if not self._url:
            return None
        head, cloud, _ = self._url.partition(_CLOUD)
        login = {"Authorization": aiohttp.encode_basic_auth(self._username, self._password)}
        url = f"{head}{_CLOUD}devices" if cloud else f"{urlsplit(self._url).scheme}://{urlsplit(self._url).netloc}/health"
        answer = await asked(session, url, login)
        if isinstance(answer, Vitals):
            return answer
        if cloud:
            return refused(answer) or _seen(answer.body, self._device, now)
        return _health(answer)


def _health(answer: Answer) -> Vitals:
    """A telephone that says `fail` answers 500 with the same body: it speaks, so it is read."""
    try:
        checks = fields.json_object(answer.body).get("checks")
    except Unreadable:
        return Vitals(alive=False, detail=f"http_{answer.status}")
    if not isinstance(checks, dict):
        return refused(answer) or Vitals(alive=True)
    wrong = [
        word for name, word in _CHECKS.items() if isinstance(checks.get(name), dict) and checks[name].get("status") in ("warn", "fail")
    ]
    return Vitals(alive=True, warnings=tuple(sorted(wrong)))


def _seen(body: bytes, wanted: str, now: datetime) -> Vitals:
    """By the time at which the server saw each device last."""
    try:
        devices = json.loads(body)
    except (ValueError, RecursionError):
        return Vitals(alive=False, detail="unreadable")
    known = (
        [one for one in devices if isinstance(one, dict) and (not wanted or one.get("id") == wanted)] if isinstance(devices, list) else []
    )
    seen = [moment for one in known if (moment := fields.moment(one.get("lastSeen"))) is not None]
    if not seen:
        return Vitals(alive=False, detail="no_device")
    return Vitals(alive=True) if now - max(seen) <= SEEN_WITHIN else Vitals(alive=False, detail="not_seen")


def _event(body: bytes) -> tuple[Mapping[str, object], Mapping[str, object]]:
    event = fields.json_object(body)
    payload = event.get("payload")
    if not isinstance(payload, dict):
        raise Unreadable
    return event, payload


def _envelope(event: Mapping[str, object], payload: Mapping[str, object]) -> Envelope:
    if event.get("event") != "sms:received":
        raise Unreadable
    sender = payload.get("phoneNumber") or payload.get("sender")  # `sender` in newer releases of the app
    return Envelope(fields.identifier(event.get("id")), normalise(fields.identifier(sender)))
