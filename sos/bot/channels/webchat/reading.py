"""One message of the web page, as bytes for the inbox and as an `Incoming` again. Pure; the session stands inside, since the inbox keeps only its HMAC."""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sos.bot.channels.sms.provider import Unreadable
from sos.bot.messages import Address, Channel, Incoming, Kind

PROVIDER = "web"
MOST = 2000
"""Characters of one message."""
_KINDS = {kind.value: kind for kind in (Kind.TEXT, Kind.BUTTON, Kind.LOCATION)}


def pack(
    *, session: str, reference: str, text: str, kind: Kind = Kind.TEXT, point: tuple[float, float] | None = None, language: str = ""
) -> bytes:
    """The message as bytes, to be sealed in the inbox. `point`: latitude, longitude; `language`: what the page is shown in."""
    content: dict[str, Any] = {"session": session, "id": reference, "text": text, "kind": kind.value, "language": language}
    if point is not None:
        content |= {"latitude": point[0], "longitude": point[1]}
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def read_web(body: bytes, *, received_at: datetime) -> Incoming:
    """The message in `body`. Raises Unreadable where it names no session; whatever else is missing or odd is read as words."""
    content = _object(body)
    session, reference = content.get("session"), content.get("id")
    if not isinstance(session, str) or not session or not isinstance(reference, str):
        raise Unreadable("web message")
    kind = _KINDS.get(str(content.get("kind")), Kind.TEXT)
    point = degrees(content.get("latitude"), content.get("longitude")) if kind is Kind.LOCATION else None
    if kind is Kind.LOCATION and point is None:
        kind = Kind.TEXT
    return Incoming(
        reference,
        Address(Channel.WEB, session),
        PROVIDER,
        received_at,
        text=str(content.get("text") or ""),
        kind=kind,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
    )


def language_of(body: bytes) -> str | None:
    """The language in which the page was shown to her when she wrote, as an HTML lang ("sq", "sr-Cyrl"): a hint for the first answer."""
    found = _object(body).get("language")
    return found or None if isinstance(found, str) else None


def degrees(latitude: object, longitude: object) -> tuple[float, float] | None:
    """A point on earth from numbers or words; None for anything else."""
    try:
        point = float(str(latitude)), float(str(longitude))
    except ValueError:
        return None
    on_earth = all(math.isfinite(value) for value in point) and abs(point[0]) <= 90 and abs(point[1]) <= 180
    return point if on_earth else None


def clean(text: str) -> str:
    """Her words in a form that can be stored anywhere: line ends as one sign, no NUL, no half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("web message") from None
    if not isinstance(content, dict):
        raise Unreadable("web message")
    return content
