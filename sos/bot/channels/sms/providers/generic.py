"""Gateway `generic`: signed JSON both ways, for a gateway that an operator scripts. Never trusts a body whose signature does not fit.

Inbound `{"id","from","to","text","sent_at"}`, outbound `{"id","to","text","repeat"}`, status `{"id","status","detail"}`; each with
`X-Signature: sha256=<hex HMAC-SHA256(secret, raw body)>`. Settings: `SOS_SMS_GENERIC_SECRET`, `SOS_SMS_GENERIC_URL`.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping

import aiohttp

from sos.bot.channels.sms import fields
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
)

HEADER = "X-Signature"

_STATES = {
    "delivered": DeliveryState.DELIVERED,
    "failed": DeliveryState.FAILED,
    "accepted": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
}
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,40}")


def sign(secret: str, body: bytes) -> str:
    """The header's value for `body`. `secret` must not be empty."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Generic:
    """A gateway that speaks our own format."""

    name = "generic"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._secret = settings.get("secret", "")
        self._url = settings.get("url", "")
        if self._url and not self._url.startswith(("http://", "https://")):
            raise Misconfigured("SOS_SMS_GENERIC_URL must begin with http:// or https://")
        if self._url and not self._secret:
            raise Misconfigured("SOS_SMS_GENERIC_URL is set but SOS_SMS_GENERIC_SECRET is not")

    def verify(self, request: RawRequest) -> bool:
        if not self._secret:
            return False
        given = request.headers.get("x-signature")
        return fields.same(sign(self._secret, request.body), given.strip().lower() if given else None)

    def envelope(self, request: RawRequest) -> Envelope:
        message = fields.json_object(request.body)
        return _envelope(message)

    def read(self, request: RawRequest) -> InboundSms:
        message = fields.json_object(request.body)
        head = _envelope(message)
        return InboundSms(head.id, head.sender, fields.words(message.get("text")), fields.moment(message.get("sent_at")))

    def read_status(self, request: RawRequest) -> DeliveryReport:
        report = fields.json_object(request.body)
        state = _STATES.get(str(report.get("status", "")).lower())
        if state is None:
            raise Unreadable
        detail = str(report.get("detail") or "")
        return DeliveryReport(fields.identifier(report.get("id")), state, detail if _CODE.fullmatch(detail) else "")

    def accepted(self) -> tuple[bytes, str]:
        return b'{"status":"accepted"}', "application/json"

    def can_send(self) -> bool:
        return bool(self._url and self._secret)

    async def send(self, session: aiohttp.ClientSession, sms: OutboundSms) -> SendResult:
        message = {"id": sms.id, "to": sms.to, "text": sms.text, "repeat": sms.repeat}
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", HEADER: sign(self._secret, body)}
        answer = await attempt(session, sms, "POST", self._url, headers=headers, data=body)
        return judged(answer) if isinstance(answer, Answer) else answer


def _envelope(message: Mapping[str, object]) -> Envelope:
    return Envelope(fields.identifier(message.get("id")), normalise(fields.identifier(message.get("from"))))
