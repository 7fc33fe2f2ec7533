"""Reading a webhook request at the door: is it Telegram's, and whose. Pure; never looks at a word."""

import hmac
import json
from typing import Any, TypeGuard


def verify(header: str | None, secret: str) -> bool:
    """Whether `X-Telegram-Bot-Api-Secret-Token` is ours, in constant time over bytes. Without a secret of ours nobody is."""
    if not secret or header is None:
        return False
    return hmac.compare_digest(header.encode("utf-8", "replace"), secret.encode("utf-8", "replace"))


def envelope(update: bytes) -> tuple[str, str] | None:
    """(update id, chat id) as words; None when the body cannot be read or belongs to no chat."""
    try:
        content = json.loads(update)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    update_id, chat = content.get("update_id"), _chat(content)
    if not _whole(update_id) or chat is None:
        return None
    return str(update_id), str(chat)


def _chat(content: dict[str, Any]) -> int | None:
    """The chat that an update of one of our kinds belongs to."""
    tap = content.get("callback_query")
    tap = tap if isinstance(tap, dict) else {}
    for holder in (content.get("message"), content.get("edited_message"), content.get("my_chat_member"), tap.get("message")):
        chat = holder.get("chat") if isinstance(holder, dict) else None
        chat_id = chat.get("id") if isinstance(chat, dict) else None
        if _whole(chat_id):
            return chat_id
    person = tap.get("from")
    person_id = person.get("id") if isinstance(person, dict) else None  # an old message's tap: in a private chat the ids are equal
    return person_id if _whole(person_id) else None


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
