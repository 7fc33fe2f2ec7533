"""A stored update as one message of hers. Pure and lenient: what Telegram adds tomorrow must not cost a message. Never answers groups or bots."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sos.bot.messages import Address, Attached, Channel, Incoming, Kind

PROVIDER = "telegram"

_FETCHABLE = ("photo", "document", "voice", "audio", "video", "video_note")
_ATTACHMENTS = ("photo", "voice", "video", "video_note", "audio", "document", "animation", "sticker", "contact", "paid_media", "story")


def read(update: bytes, *, received_at: datetime) -> Incoming | None:
    """The message in `update`; None where there is nothing to answer (groups, channels, bots, service notes, unblocking)."""
    try:
        content = json.loads(update)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    update_id = str(content.get("update_id"))
    if isinstance(tap := content.get("callback_query"), dict):
        return _tap(update_id, tap, received_at)
    if isinstance(member := content.get("my_chat_member"), dict):
        return _membership(update_id, member, received_at)
    for name in ("message", "edited_message"):
        if isinstance(message := content.get(name), dict):
            return _message(update_id, message, received_at, edited=name == "edited_message")
    return None


def _tap_id(found: object) -> str | None:
    return found if isinstance(found, str) and found else None


def _tap(update_id: str, tap: Mapping[str, Any], received_at: datetime) -> Incoming | None:
    message = _object(tap.get("message"))
    chat = _object(message.get("chat"))
    if chat and chat.get("type") != "private":
        return None
    chat_id = chat.get("id", _object(tap.get("from")).get("id"))
    data = tap.get("data")
    if not isinstance(chat_id, int) or not isinstance(data, str):
        return None
    return Incoming(
        update_id,
        _address(chat_id),
        PROVIDER,
        received_at,
        text=_clean(data),
        kind=Kind.BUTTON,
        provider_ref=_reference(message),
        tap=_tap_id(tap.get("id")),
    )


def _membership(update_id: str, member: Mapping[str, Any], received_at: datetime) -> Incoming | None:
    chat = _object(member.get("chat"))
    status = _object(member.get("new_chat_member")).get("status")
    if chat.get("type") != "private" or status not in {"kicked", "left"} or not isinstance(chat.get("id"), int):
        return None
    return Incoming(update_id, _address(chat["id"]), PROVIDER, received_at, kind=Kind.BLOCKED, sent_at=_moment(member.get("date")))


def _message(update_id: str, message: Mapping[str, Any], received_at: datetime, *, edited: bool) -> Incoming | None:
    chat = _object(message.get("chat"))
    if chat.get("type") != "private" or not isinstance(chat.get("id"), int) or _object(message.get("from")).get("is_bot") is True:
        return None
    kind = _kind(message, edited=edited)
    if kind is None:
        return None
    place = _object(message.get("location")) if kind in {Kind.LOCATION, Kind.LIVE_LOCATION, Kind.LIVE_LOCATION_ENDED} else {}
    words = message.get("text") if kind is Kind.TEXT else message.get("caption")
    return Incoming(
        update_id,
        _address(chat["id"]),
        PROVIDER,
        received_at,
        text=_clean(words) if isinstance(words, str) else "",
        kind=kind,
        sent_at=_moment(message.get("edit_date") if edited else message.get("date")),
        latitude=_degrees(place.get("latitude"), 90),
        longitude=_degrees(place.get("longitude"), 180),
        provider_ref=_reference(message),
        file=_file(message) if kind is Kind.ATTACHMENT else None,
    )


def _file(message: Mapping[str, Any]) -> Attached | None:
    """What could be fetched, should she wish it kept: the largest size of a photo, or the file itself."""
    for name in _FETCHABLE:
        found = message.get(name)
        if name == "photo" and isinstance(found, list):
            sizes = [one for one in found if isinstance(one, dict)]
            found = max(sizes, key=_announced, default=None)
        if isinstance(found, dict) and isinstance(found.get("file_id"), str):
            size, title, media_type = found.get("file_size"), found.get("file_name"), found.get("mime_type")
            return Attached(
                found["file_id"],
                name,
                name=_clean(title) if isinstance(title, str) else "",
                media_type=media_type if isinstance(media_type, str) else "image/jpeg" if name == "photo" else "",
                size=size if isinstance(size, int) and size > 0 else None,
            )
    return None


def _announced(size: Mapping[str, Any]) -> int:
    found = size.get("file_size")
    return found if isinstance(found, int) else 0


def _kind(message: Mapping[str, Any], *, edited: bool) -> Kind | None:
    """What she sent; None for Telegram's own notes (a pin, a timer), which nobody typed."""
    if isinstance(message.get("text"), str):
        return Kind.TEXT
    if isinstance(place := message.get("location"), dict):
        return _location_kind(place, edited=edited)
    if any(name in message for name in _ATTACHMENTS):
        return Kind.ATTACHMENT
    if any(name in message for name in ("poll", "dice", "game", "invoice", "checklist")):
        return Kind.UNREADABLE
    return None


def _location_kind(place: Mapping[str, Any], *, edited: bool) -> Kind:
    """A place without a period that arrives as an edit is the end of a live one (a still place cannot be edited)."""
    if _degrees(place.get("latitude"), 90) is None or _degrees(place.get("longitude"), 180) is None:
        return Kind.LIVE_LOCATION_ENDED if edited and not place.get("live_period") else Kind.UNREADABLE
    if place.get("live_period"):
        return Kind.LIVE_LOCATION
    return Kind.LIVE_LOCATION_ENDED if edited else Kind.LOCATION


def _address(chat_id: int) -> Address:
    return Address(Channel.TELEGRAM, str(chat_id))


def _reference(message: Mapping[str, Any]) -> str | None:
    message_id = message.get("message_id")
    return str(message_id) if isinstance(message_id, int) and message_id > 0 else None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > most:
        return None
    return float(value)


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _clean(text: str) -> str:
    """Text that can be stored anywhere: surrogate pairs joined, lone ones replaced, NUL dropped."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")
