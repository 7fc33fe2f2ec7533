"""The port that every SMS gateway fills. A provider verifies, reads and sends; it never decides, stores or logs a word.

The web door calls `verify` and `envelope` only (id and sender, nothing else); the worker calls `read` and `read_status`; delivery calls
`send`. A provider is one file in `providers/`, found by its name; its settings are every `SOS_SMS_<NAME>_*` variable, lower-cased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

import aiohttp


@dataclass(frozen=True, slots=True)
class RawRequest:
    """An HTTP request as it came. `url` is the public address it was sent to (SOS_PUBLIC_URL + path + query), never the Host header's.

    `received_at`: aware, by the door's clock. The door must give it before `verify` (without it a signature that ages is refused); reading
    does without.
    """

    method: str
    url: str = field(repr=False)
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)  #: names lower-cased
    body: bytes = field(repr=False)
    received_at: datetime | None = None


class Unreadable(Exception):
    """The request cannot be read. Carries no content."""


class Misconfigured(Exception):
    """The provider lacks a setting; the text names the variable, never a value."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The provider's own id (the same on its retries) and the sender in E.164 or as given."""

    id: str = field(repr=False)
    sender: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InboundSms:
    """One SMS, parts joined."""

    id: str = field(repr=False)
    sender: str = field(repr=False)
    text: str = field(repr=False)
    sent_at: datetime | None = None


class DeliveryState(StrEnum):
    """What a gateway says of a message of ours."""

    ACCEPTED = "accepted"  #: the gateway or carrier has it
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A status of our message `id` (the outbox id that we gave)."""

    id: str
    state: DeliveryState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OutboundSms:
    """One SMS to send. `repeat` is true on every attempt after the first, with the same id."""

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    repeat: bool = False
    expires_minutes: int | None = None  #: validity at the carrier, where it can be asked for
    timeout_seconds: float = 10.0  #: for the whole attempt


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of one attempt."""

    sent: bool
    permanent: bool = False  #: no further attempt can help
    retry_after: float | None = None  #: seconds, where the gateway says
    provider_ref: str | None = field(repr=False, default=None)
    detail: str = ""  #: a fixed code such as "http_503", never content


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a gateway says of itself. `warnings`: fixed words such as `battery_low`, `credit_low`, `sending_fails`."""

    alive: bool
    detail: str = ""  #: a fixed code such as "http_503", never content
    warnings: tuple[str, ...] = ()


@runtime_checkable
class Telling(Protocol):
    """A gateway that can be asked how it is. Optional: one that cannot be asked has its heartbeat from a loopback message."""

    async def pulse(self, session: aiohttp.ClientSession, *, now: datetime) -> Vitals | None:
        """One question over HTTP; None where the settings leave nobody to ask. `now`: aware. Network failures are results, not exceptions."""
        ...


class SmsProvider(Protocol):
    """A gateway. `name` is its word in URLs and variables."""

    name: str

    def __init__(self, settings: Mapping[str, str]) -> None:
        """`settings`: the SOS_SMS_<NAME>_* variables, names lower-cased without the prefix. Raises Misconfigured."""

    def verify(self, request: RawRequest) -> bool:
        """Whether the gateway's secret signed this request; compared in constant time, over bytes."""
        ...

    def envelope(self, request: RawRequest) -> Envelope:
        """Id and sender of an inbound message. Raises Unreadable."""
        ...

    def read(self, request: RawRequest) -> InboundSms:
        """The whole inbound message. Raises Unreadable."""
        ...

    def read_status(self, request: RawRequest) -> DeliveryReport:
        """A delivery report. Raises Unreadable."""
        ...

    def accepted(self) -> tuple[bytes, str]:
        """Body and content type of the answer to an accepted inbound message."""
        ...

    def can_send(self) -> bool:
        """Whether the settings allow sending."""
        ...

    async def send(self, session: aiohttp.ClientSession, sms: OutboundSms) -> SendResult:
        """One attempt over HTTP. Network failures are results, not exceptions."""
        ...
