"""The chain: each link is the SHA-256 of the link before it and of the item's card. Pure. A change, a swap or a gap anywhere shows.

The card holds the original's own SHA-256, its exact times and 32 random bytes, so that a link may be seen by anybody: the audit trail, which is anchored
outside, carries it and so shows when it was made, while nobody can try pictures against it.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sos.survivors.evidence.states import Evidence, Medium

START: Final = bytes(32)
"""Stands before the first link."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one item. Times are exact and in UTC; `sha256`: hexadecimal, of the original bytes."""

    n: int
    medium: Medium
    name: str = field(repr=False)
    media_type: str
    size: int
    sha256: str = field(repr=False)
    channel: str
    sent_at: datetime | None
    """as her device or carrier says; None where it says nothing"""
    received_at: datetime
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One place in her chain. Erased alone: `card` is None and only the link is left."""

    id: str
    n: int
    state: Evidence
    link: bytes = field(repr=False)
    card: Card | None = field(repr=False, default=None)
    card_bytes: bytes = field(repr=False, default=b"")
    shared_at: datetime | None = None


def written(card: Card) -> bytes:
    """The card as bytes, with its salt: what the link covers."""
    content: dict[str, Any] = {
        "n": card.n,
        "medium": card.medium.value,
        "name": card.name,
        "media_type": card.media_type,
        "size": card.size,
        "sha256": card.sha256,
        "channel": card.channel,
        "sent_at": card.sent_at.isoformat() if card.sent_at else None,
        "received_at": card.received_at.isoformat(),
        "kept_at": card.kept_at.isoformat(),
        "salt": secrets.token_hex(32),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read(written_card: bytes) -> Card:
    """The card in these bytes. Raises ValueError, KeyError or TypeError for what is none."""
    content = json.loads(written_card)
    sent = content["sent_at"]
    return Card(
        n=content["n"],
        medium=Medium(content["medium"]),
        name=content["name"],
        media_type=content["media_type"],
        size=content["size"],
        sha256=content["sha256"],
        channel=content["channel"],
        sent_at=datetime.fromisoformat(sent) if sent else None,
        received_at=datetime.fromisoformat(content["received_at"]),
        kept_at=datetime.fromisoformat(content["kept_at"]),
    )


def next_link(before: bytes, card: bytes) -> bytes:
    """The link of the card that follows `before`."""
    return hashlib.sha256(before + card).digest()


def broken(items: Sequence[Item]) -> tuple[int, ...]:
    """Numbers of the places where the chain does not hold; () for a whole one. An item erased alone is taken at its link."""
    found: list[int] = []
    before, expected = START, 1
    for item in items:
        if item.n != expected:
            found.extend(range(expected, item.n))
        if item.state is not Evidence.ERASED and (
            item.card is None or item.card.n != item.n or next_link(before, item.card_bytes) != item.link
        ):
            found.append(item.n)
        before, expected = item.link, item.n + 1
    return tuple(dict.fromkeys(found))
