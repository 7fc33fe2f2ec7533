"""The web door of the SMS gateways: check the signature, read id and sender, store, answer. Looks nothing up, logs nothing of the content."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, Response, jsonify, request

from sos.access.permission_map import Caller, Permission, permits
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.provider import Envelope, RawRequest, SmsProvider, Unreadable
from sos.clock import Clock
from sos.inbox.states import Source
from sos.survivors.address import Address, Channel

MAX_BYTES = 256 * 1024
Accept = Callable[..., None]
"""accept(provider=, provider_id=, address=, body=, source=): one durable INSERT; raises when it could not be stored."""


def blueprint(providers: Mapping[str, SmsProvider], accept: Accept, clock: Clock, *, public_url: str) -> Blueprint:
    """`/sms/<provider>/inbound` and `/sms/<provider>/status`."""
    door = Blueprint("sms", __name__)

    @door.route("/sms/<provider>/inbound", methods=["GET", "POST"])
    def inbound(provider: str) -> Response:
        return _take(providers.get(provider), accept, raw_request(public_url, clock.now()), Source.MESSAGE)

    @door.route("/sms/<provider>/status", methods=["GET", "POST"])
    def status(provider: str) -> Response:
        return _take(providers.get(provider), accept, raw_request(public_url, clock.now()), Source.STATUS)

    return door


def _take(provider: SmsProvider | None, accept: Accept, raw: RawRequest, source: Source) -> Response:
    if provider is None:
        return _refuse(404, "no such gateway")
    if (request.content_length or 0) > MAX_BYTES:
        return _refuse(413, "too large")
    if len(raw.body) > MAX_BYTES:
        return _refuse(413, "too large")
    if not permits(Permission.INTAKE_MESSAGE, Caller(gateway_signed=provider.verify(raw))):
        return _refuse(401, "signature missing or wrong")
    envelope = _envelope(provider, raw, source)
    accept(
        provider=provider.name,
        provider_id=envelope.id,
        address=Address(Channel.SMS, envelope.sender),
        body=pack(raw),
        source=source,
    )
    body, content_type = provider.accepted()
    return Response(body, 200, content_type=content_type)


def raw_request(public_url: str, received_at: datetime) -> RawRequest:
    """The present request as a plain value; the address is the configured one, never the Host header."""
    query = request.query_string.decode("latin-1")
    url = public_url + request.path + (f"?{query}" if query else "")
    body = request.stream.read(MAX_BYTES + 1)
    return RawRequest(request.method, url, query, {name.lower(): value for name, value in request.headers.items()}, body, received_at)


def _envelope(provider: SmsProvider, raw: RawRequest, source: Source) -> Envelope:
    """Id and sender; what is signed but cannot be read is kept too, under its own content's hash, for a person."""
    try:
        if source is Source.STATUS:
            report = provider.read_status(raw)
            return Envelope(f"{report.id}\x1f{report.state.value}", report.id)
        return provider.envelope(raw)
    except Unreadable:
        unread = hashlib.sha256(raw.query.encode() + b"\x1f" + raw.body).hexdigest()
        return Envelope(unread, unread)  # a sender of its own: it keeps nobody waiting behind it


def _refuse(status: int, why: str) -> Response:
    answer: Response = jsonify(error=why)
    answer.status_code = status
    return answer
