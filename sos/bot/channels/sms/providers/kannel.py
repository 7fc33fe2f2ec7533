"""Gateway `kannel`: bearerbox and smsbox over loopback GET requests. Never open to the world: `key` stands in the address, so an address is a secret.

`kannel.conf`: `get-url = "<public>/sms/kannel/inbound?id=%I&from=%p&to=%P&text=%b&charset=%C&coding=%c&sent=%T&key=<key>"`, `max-messages = 0`,
`omit-empty = true`, `catch-all = true`, `concatenation = true`. Settings: `SOS_SMS_KANNEL_KEY`, `_URL` (`http://127.0.0.1:13013/cgi-bin/sendsms`),
`_USERNAME`, `_PASSWORD`, `_SENDER` unless smsbox has a `global-sender`, optional `_SMSC`, `_STATUS_URL`, `_ADMIN_URL` (bearerbox's
`http://127.0.0.1:13000/status.xml?password=...`, for its heartbeat). Its debug and access logs
hold her words: no `access-log`, `log-level` 1 or more.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote_to_bytes, urlencode

import aiohttp
import smsutil.codecs  # noqa: F401 - registers the codec gsm0338

from sos.bot.channels.sms import fields
from sos.bot.channels.sms.asking import SENDING_FAILS, asked, refused
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
from sos.texts.segments import Encoding, measure

#: `%d`: 1 on the phone, 2 not, 4 queued, 8 taken by the carrier, 16 refused by it, 32 under way (Kannel user's guide, delivery reports)
_STATES = {
    "1": DeliveryState.DELIVERED,
    "2": DeliveryState.FAILED,
    "4": DeliveryState.ACCEPTED,
    "8": DeliveryState.ACCEPTED,
    "16": DeliveryState.FAILED,
    "32": DeliveryState.ACCEPTED,
}
_EVERY_REPORT = "31"
_RUNNING = re.compile(rb"<status>\s*running")
_SMSC = re.compile(rb"<smsc>(.*?)</smsc>", re.DOTALL)
_ID = re.compile(rb"<(?:admin-)?id>\s*([^<]*?)\s*</(?:admin-)?id>")
_ONLINE = re.compile(rb"<status>\s*online")
_QUEUED = re.compile(rb"<queued>\s*(\d+)")
_LONG_QUEUE = 100
_CODECS = {
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "UTF-16BE": "utf-16-be",
    "UTF16-BE": "utf-16-be",
    "UCS-2": "utf-16-be",
    "UCS2": "utf-16-be",
    "ISO-10646-UCS-2": "utf-16-be",
    "UTF-16": "utf-16",
    "UTF-16LE": "utf-16-le",
    "ISO-8859-1": "latin-1",
    "LATIN1": "latin-1",
    "ISO-8859-2": "iso-8859-2",
    "ISO-8859-5": "iso-8859-5",
    "ISO-8859-9": "iso-8859-9",
    "WINDOWS-1250": "cp1250",
    "WINDOWS-1251": "cp1251",
    "WINDOWS-1252": "cp1252",
    "WINDOWS-1254": "cp1254",
    "US-ASCII": "ascii",
    "ASCII": "ascii",
    "GSM": "gsm0338",
    "GSM-7": "gsm0338",
    "GSM7": "gsm0338",
}
_CODING_OF = {Encoding.GSM7: "0", Encoding.UCS2: "2"}


class Kannel:
    """Kannel's smsbox."""

    name = "kannel"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._key = settings.get("key", "")
        self._url = settings.get("url", "")
        self._login = {"username": settings.get("username", ""), "password": settings.get("password", "")}
        self._route = {"from": settings.get("sender", ""), "smsc": settings.get("smsc", "")}
        self._status_url = settings.get("status_url", "")
        self._admin_url = settings.get("admin_url", "")
        if self._admin_url and not self._admin_url.startswith(("http://", "https://")):
            raise Misconfigured("SOS_SMS_KANNEL_ADMIN_URL must begin with http:// or https://")
        if self._url and not self._url.startswith(("http://", "https://")):
            raise Misconfigured("SOS_SMS_KANNEL_URL must begin with http:// or https://")
        if self._url and not all(self._login.values()):
            raise Misconfigured("SOS_SMS_KANNEL_URL is set but SOS_SMS_KANNEL_USERNAME or SOS_SMS_KANNEL_PASSWORD is not")
        if self._url and not self._key:
            raise Misconfigured("SOS_SMS_KANNEL_URL is set but SOS_SMS_KANNEL_KEY is not")

    def verify(self, request: RawRequest) -> bool:
        try:
            return fields.same(self._key, fields.form(request.query).get("key"))
        except Unreadable:
            return False

    def envelope(self, request: RawRequest) -> Envelope:
        return _envelope(fields.form(request.query))

    def read(self, request: RawRequest) -> InboundSms:
        pairs = fields.form(request.query)
        head = _envelope(pairs)
        text = _text(_raw(request.query, "text"), pairs.get("charset", ""), pairs.get("coding", ""))
        return InboundSms(head.id, head.sender, fields.words(text), fields.unix_moment(pairs.get("sent")))

    def read_status(self, request: RawRequest) -> DeliveryReport:
        pairs = fields.form(request.query)
        code = pairs.get("status", "")
        state = _STATES.get(code)
        if state is None:
            raise Unreadable
        return DeliveryReport(fields.identifier(pairs.get("id")), state, f"dlr_{code}")

    def accepted(self) -> tuple[bytes, str]:
        return b"", "text/plain"

    def can_send(self) -> bool:
        return bool(self._url)

    async def send(self, session: aiohttp.ClientSession, sms: OutboundSms) -> SendResult:
        params = {
            **self._login,
            **{name: value for name, value in self._route.items() if value},
            "to": sms.to,
            "text": sms.text,
            "charset": "UTF-8",
            "coding": _CODING_OF[measure(sms.text).encoding],
        }
        if sms.expires_minutes is not None:
            params["validity"] = str(max(1, sms.expires_minutes))
        if self._status_url:
            params["dlr-mask"] = _EVERY_REPORT
            params["dlr-url"] = f"{self._status_url}?{urlencode({'id': sms.id, 'key': self._key})}&status=%d"
        answer = await attempt(session, sms, "GET", self._url, params=params)
        if isinstance(answer, Answer) and answer.status == 400 and answer.body.startswith(b"Sender missing"):
            return SendResult(sent=False, detail="no_sender")  # our configuration's fault: the message is not lost for it
        return judged(answer) if isinstance(answer, Answer) else answer

    async def pulse(self, session: aiohttp.ClientSession, *, now: datetime) -> Vitals | None:  # noqa: ARG002 - the port's
        """Bearerbox's status page: alive where it runs and a link to a carrier (`_SMSC`, or any) is online."""
        if not self._admin_url:
            return None
        answer = await asked(session, self._admin_url)
        if isinstance(answer, Vitals):
            return answer
        return refused(answer) or _vitals(answer.body, self._route["smsc"].encode())


def _vitals(page: bytes, wanted: bytes) -> Vitals:
    if not _RUNNING.search(page):
        return Vitals(alive=False, detail="not_running")
    links = [link for link in _SMSC.findall(page) if not wanted or wanted in _ID.findall(link)]
    online = [link for link in links if _ONLINE.search(link)]
    if not online:
        return Vitals(alive=False, detail="no_link_online")
    queued = sum(int(found[1]) for link in online if (found := _QUEUED.search(link)))
    return Vitals(alive=True, warnings=(SENDING_FAILS,) if queued > _LONG_QUEUE else ())


def _envelope(pairs: fields.Form) -> Envelope:
    return Envelope(fields.identifier(pairs.get("id")), normalise(fields.identifier(pairs.get("from"))))


def _raw(query: str, name: str) -> bytes:
    """The bytes of a field, before any charset."""
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return unquote_to_bytes(value.replace("+", " "))
    raise Unreadable


def _text(raw: bytes, charset: str, coding: str) -> str:
    """Her words. A cut or broken letter becomes U+FFFD and the rest is kept; a charset nobody knows is Unreadable unless it is UTF-8 after all."""
    codec = _CODECS.get(charset.strip().upper())
    if codec is None and not charset.strip():
        codec = "utf-16-be" if coding == "2" else "utf-8"
    if codec == "gsm0338":
        return raw.decode(codec)
    if codec is not None:
        return raw.decode(codec, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable from None
