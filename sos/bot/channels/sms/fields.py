"""Fields of inbound messages, cleaned the same way for every gateway: lenient with her words, strict with ids. Never shows a value.

A gateway's payload may hold lone surrogates, NULs, numbers where words are due. What can be read is read; what cannot is `Unreadable`.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sos.bot.channels.sms.provider import Unreadable

LONGEST_ID = 200
LONGEST_TEXT = 20_000  #: far above any SMS (255 parts of 153 letters would be 39,015; no carrier delivers that)
MOST_FIELDS = 200


def same(expected: str, given: str | None) -> bool:
    """Constant-time comparison over bytes: a header outside ASCII is a wrong signature, not an error."""
    if not expected or given is None:
        return False
    return hmac.compare_digest(expected.encode("utf-8", "replace"), given.encode("utf-8", "replace"))


def json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in `body`. Raises Unreadable for anything else, however deep or broken."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(value, dict):
        raise Unreadable
    return value


def form(encoded: bytes | str) -> "Form":
    """The pairs of a query string or form body, in UTF-8. Raises Unreadable when they are too many to be honest."""
    text = encoded.decode("utf-8", "replace") if isinstance(encoded, bytes) else encoded
    try:
        pairs = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unreadable from None
    return Form(pairs)


class Form(dict[str, str]):
    """Pairs of a form: the first value of each name, and all of them by `getlist`."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(reversed(pairs))
        self._pairs = pairs

    def getlist(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]


def identifier(value: object) -> str:
    """A provider's id: a non-empty word or whole number. Raises Unreadable."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable
    try:
        word = clean(str(value)).strip()
    except ValueError:  # a whole number too long to be written
        raise Unreadable from None
    if not word or len(word) > LONGEST_ID:
        raise Unreadable
    return word


def words(value: object) -> str:
    """Her words. Empty is a message too; anything but text is Unreadable."""
    if not isinstance(value, str):
        raise Unreadable
    return clean(value)[:LONGEST_TEXT]


def clean(text: str) -> str:
    """`text` that can be stored anywhere: surrogate pairs joined, lone ones replaced, NUL dropped."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")


def moment(value: object) -> datetime | None:
    """An RFC 3339 time in UTC; None when absent, without offset, or unreadable: a wrong clock never costs a message."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None


def unix_moment(value: str | None) -> datetime | None:
    """Seconds since 1970 as a time in UTC; None when absent or unreadable."""
    try:
        return datetime.fromtimestamp(int(value or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
