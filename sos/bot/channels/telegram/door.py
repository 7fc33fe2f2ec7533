"""The web door of Telegram: check the secret, read id and chat, store, answer 200. Looks nothing up, logs nothing of the content."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, Response, jsonify, request

from sos.access.permission_map import Caller, Permission, permits
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.door import MAX_BYTES, Accept, raw_request
from sos.clock import Clock
from sos.inbox.states import Source
from sos.survivors.address import Address, Channel

PROVIDER = "telegram"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the webhook is checked and read; filled by the module that knows Telegram."""

    verify: Callable[[str | None], bool] = field(repr=False)
    envelope: Callable[[bytes], tuple[str, str] | None]
    """update id and chat id; None when the body cannot be read"""


def blueprint(reading: Reading, accept: Accept, clock: Clock, *, public_url: str) -> Blueprint:
    """`POST /telegram/webhook`."""
    door = Blueprint("telegram", __name__)

    @door.post("/telegram/webhook")
    def webhook() -> Response:
        if (request.content_length or 0) > MAX_BYTES:
            return _answer(413, "too large")
        raw = raw_request(public_url, clock.now())
        if len(raw.body) > MAX_BYTES:
            return _answer(413, "too large")
        signed = reading.verify(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if not permits(Permission.INTAKE_MESSAGE, Caller(gateway_signed=signed)):
            return _answer(401, "secret missing or wrong")
        unread = hashlib.sha256(raw.body).hexdigest()
        update, chat = reading.envelope(raw.body) or (unread, unread)
        accept(provider=PROVIDER, provider_id=update, address=Address(Channel.TELEGRAM, chat), body=pack(raw), source=Source.MESSAGE)
        return _answer(200, None)

    return door


def _answer(status: int, error: str | None) -> Response:
    answer: Response = jsonify(error=error) if error else jsonify(status="accepted")
    answer.status_code = status
    return answer
