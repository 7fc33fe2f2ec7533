"""One opened message at the moment of sending. Never stored, never shown by repr."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sos.outbox.actions import Leased


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased message, opened. `body`: text, buttons [{value, label}], ask_location (a label), delete [ids], tap (id to answer)."""

    leased: Leased
    address: str = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; the same for every channel."""

    sent: bool
    permanent: bool = False
    retry_after: float | None = None
    provider_ref: str | None = field(repr=False, default=None)
    detail: str = ""


Send = Callable[[Parcel], Awaitable[Outcome]]
