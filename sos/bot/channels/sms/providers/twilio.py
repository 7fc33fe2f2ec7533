"""Gateway `twilio`: forms signed over the public address, sending by its REST interface. Never trusts the Host header: the signature covers SOS_PUBLIC_URL.

Serbia and Kosovo have no two-way numbers here: mostly an outbound route. Settings: `SOS_SMS_TWILIO_ACCOUNT_SID`, `_AUTH_TOKEN`, `_SENDER` (number, name or
`MG...` messaging service), optional `_API_URL` (default https://api.twilio.com), `_STATUS_URL`,
`_LEAST_CREDIT` (in the account's currency, default 10: below it people are warned).
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator

from sos.bot.channels.sms import fields
from sos.bot.channels.sms.asking import CREDIT_LOW, asked, refused
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

API_URL = "https://api.twilio.com"
LONGEST_VALIDITY = 36_000  #: seconds; ValidityPeriod is 1 to 36,000 (Twilio, Message resource)

_STATES = {
    "accepted": DeliveryState.ACCEPTED,
    "scheduled": DeliveryState.ACCEPTED,
    "queued": DeliveryState.ACCEPTED,
    "sending": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}


class Twilio:
    """Twilio Programmable Messaging."""

    name = "twilio"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._account = settings.get("account_sid", "")
        self._token = settings.get("auth_token", "")
        self._sender = settings.get("sender", "")
        self._api_url = settings.get("api_url", API_URL).rstrip("/")
        self._status_url = settings.get("status_url", "")
        self._least_credit = _amount(settings.get("least_credit", "10"))
        if not self._api_url.startswith(("http://", "https://")):
            raise Misconfigured("SOS_SMS_TWILIO_API_URL must begin with http:// or https://")
        if self._sender and not (self._account and self._token):
            raise Misconfigured("SOS_SMS_TWILIO_SENDER is set but SOS_SMS_TWILIO_ACCOUNT_SID or SOS_SMS_TWILIO_AUTH_TOKEN is not")
        if self._account and not self._account.isalnum():
            raise Misconfigured("SOS_SMS_TWILIO_ACCOUNT_SID may hold letters and digits only")

    def verify(self, request: RawRequest) -> bool:
        given = request.headers.get("x-twilio-signature")
        if not self._token or not given:
            return False
        try:
            validator = RequestValidator(self._token)  # type: ignore[no-untyped-call]
            return bool(validator.validate(request.url, fields.form(request.body), given))  # type: ignore[no-untyped-call]
        except (Unreadable, ValueError):
            return False

    def envelope(self, request: RawRequest) -> Envelope:
        return _envelope(fields.form(request.body))

    def read(self, request: RawRequest) -> InboundSms:
        pairs = fields.form(request.body)
        head = _envelope(pairs)
        return InboundSms(head.id, head.sender, fields.words(pairs.get("Body")))

    def read_status(self, request: RawRequest) -> DeliveryReport:
        pairs = fields.form(request.body)
        state = _STATES.get(pairs.get("MessageStatus", ""))
        if state is None:
            raise Unreadable
        code = pairs.get("ErrorCode", "")
        detail = f"error_{code}" if code.isascii() and code.isdigit() and len(code) < 8 else ""
        return DeliveryReport(fields.identifier(fields.form(request.query).get("id")), state, detail)

    def accepted(self) -> tuple[bytes, str]:
        return b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>', "text/xml"

    def can_send(self) -> bool:
        return bool(self._sender)

    async def send(self, session: aiohttp.ClientSession, sms: OutboundSms) -> SendResult:
        sender = "MessagingServiceSid" if self._sender.startswith("MG") and len(self._sender) == 34 else "From"
        message = {"To": sms.to, sender: self._sender, "Body": sms.text}
        if sms.expires_minutes is not None:
            message["ValidityPeriod"] = str(min(max(1, sms.expires_minutes * 60), LONGEST_VALIDITY))
        if self._status_url:
            message["StatusCallback"] = f"{self._status_url}?{urlencode({'id': sms.id})}"
        url = f"{self._api_url}/2010-04-01/Accounts/{self._account}/Messages.json"
        headers = {"Authorization": aiohttp.encode_basic_auth(self._account, self._token)}
        answer = await attempt(session, sms, "POST", url, headers=headers, data=message)
        return judged(answer, provider_ref=_sid(answer)) if isinstance(answer, Answer) else answer

    async def pulse(self, session: aiohttp.ClientSession, *, now: datetime) -> Vitals | None:  # noqa: ARG002 - the port's
        """The account's balance (Twilio, Balance resource): whoever answers it is alive."""
        if not (self._account and self._token):
            return None
        headers = {"Authorization": aiohttp.encode_basic_auth(self._account, self._token)}
        answer = await asked(session, f"{self._api_url}/2010-04-01/Accounts/{self._account}/Balance.json", headers)
        if isinstance(answer, Vitals):
            return answer
        return refused(answer) or _vitals(answer, self._least_credit)


def _amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Misconfigured("SOS_SMS_TWILIO_LEAST_CREDIT must be a number") from None


def _vitals(answer: Answer, least_credit: float) -> Vitals:
    try:
        balance = float(str(fields.json_object(answer.body).get("balance")))
    except (Unreadable, ValueError):
        return Vitals(alive=True, detail="balance_unreadable")
    return Vitals(alive=True, warnings=(CREDIT_LOW,) if balance < least_credit else ())


def _envelope(pairs: fields.Form) -> Envelope:
    return Envelope(fields.identifier(pairs.get("MessageSid")), normalise(fields.identifier(pairs.get("From"))))


def _sid(answer: Answer) -> str | None:
    try:
        return fields.identifier(fields.json_object(answer.body).get("sid"))
    except Unreadable:
        return None
