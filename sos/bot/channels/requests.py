"""A gateway's request as bytes, to be sealed in the inbox and read later. Keeps only the headers that reading needs."""

import base64
import json

from sos.bot.channels.sms.provider import RawRequest, Unreadable

_KEPT = ("content-type",)


def pack(raw: RawRequest) -> bytes:
    """The request as bytes."""
    kept = {name: raw.headers[name] for name in _KEPT if name in raw.headers}
    content = {"method": raw.method, "url": raw.url, "query": raw.query, "headers": kept, "body": base64.b64encode(raw.body).decode()}
    return json.dumps(content).encode()


def unpack(packed: bytes) -> RawRequest:
    """The request again. Raises Unreadable."""
    try:
        content = json.loads(packed)
        return RawRequest(content["method"], content["url"], content["query"], content["headers"], base64.b64decode(content["body"]))
    except (ValueError, KeyError, TypeError):
        raise Unreadable("packed request") from None
