"""The demonstration phone: a page that shows what our SMS say, for trying the program without a gateway. Demonstration only, this machine only.

It stands at the end of the real path: the worker posts to it as to any gateway. It keeps messages in memory alone.
"""

import json
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request

from sos.access.permission_map import Caller, Permission, permits
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.door import Accept, raw_request
from sos.bot.channels.sms.provider import RawRequest, SmsProvider
from sos.clock import Clock
from sos.survivors.address import Address, Channel

KEPT = 200
NUMBER = "+38344000100"


@dataclass(frozen=True, slots=True)
class Line:
    """One SMS on the screen."""

    number: str
    text: str
    ours: bool
    at: datetime
    repeat: bool = False


def blueprint(provider: SmsProvider, accept: Accept, clock: Clock, *, public_url: str) -> Blueprint:
    """`/phone`, `/phone/write`, `/phone/outbound`."""
    door = Blueprint("phone", __name__, template_folder="templates")
    lines: deque[Line] = deque(maxlen=KEPT)

    @door.get("/phone")
    def page() -> str:
        number = request.args.get("number", NUMBER)
        return render_template("phone.html", lines=[line for line in lines if line.number == number], number=number)

    @door.post("/phone/write")
    def write() -> Response:
        number, text = request.form.get("number", NUMBER)[:20], request.form.get("text", "")[:1000]
        lines.append(Line(number, text, ours=False, at=clock.now()))
        body = json.dumps({"id": uuid.uuid4().hex, "from": number, "to": "info", "text": text}).encode()
        raw = RawRequest("POST", "", "", {"content-type": "application/json"}, body)
        envelope = provider.envelope(raw)
        accept(provider=provider.name, provider_id=envelope.id, address=Address(Channel.SMS, envelope.sender), body=pack(raw))
        return redirect(f"/phone?number={envelope.sender.replace('+', '%2B')}", 303)  # type: ignore[return-value]

    @door.post("/phone/outbound")
    def outbound() -> Response:
        raw = raw_request(public_url, clock.now())
        if not permits(Permission.INTAKE_MESSAGE, Caller(gateway_signed=provider.verify(raw))):
            return Response(status=401)
        sms = json.loads(raw.body)
        lines.append(Line(str(sms["to"]), str(sms["text"]), ours=True, at=clock.now(), repeat=bool(sms.get("repeat"))))
        return Response(status=200)

    return door
