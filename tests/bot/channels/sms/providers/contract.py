"""What a gateway's file of cases must give, so that the one harness in `tests/contracts/test_sms_providers.py` can hold it to the port."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sos.bot.channels.sms.provider import DeliveryReport, InboundSms, OutboundSms, RawRequest
from tests.fakes.http_server import Response

NOW = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
HER_NUMBER = "+38344000101"
OUR_ID = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Sent:
    """An outgoing request as the gateway must see it: exactly these fields."""

    sms: OutboundSms
    method: str
    path: str
    fields: Mapping[str, Any]  #: of the JSON body, form or query
    headers: Mapping[str, str] = field(default_factory=dict)  #: at least these


@dataclass(frozen=True, slots=True)
class Contract:
    """Cases of one gateway. Rows are (label, request, expected)."""

    settings: Callable[[str], Mapping[str, str]]  #: given the fake's root
    message: Callable[[str, str, str], RawRequest]  #: a genuine inbound message of (id, sender, text)
    by_empty_secret: RawRequest  #: signed with nothing, as anybody can
    forged: list[tuple[str, RawRequest]]
    genuine: list[tuple[str, RawRequest, InboundSms]]
    unreadable: list[tuple[str, RawRequest]]  #: genuine signatures over nonsense
    statuses: list[tuple[str, RawRequest, DeliveryReport]]
    unreadable_statuses: list[tuple[str, RawRequest]]
    sent: list[tuple[str, Sent]]
    good_answer: Response
    reference: str | None = None  #: the provider_ref that `good_answer` carries
    accepted: tuple[bytes, str] = (b"", "text/plain")


def raw(
    *,
    method: str = "POST",
    path: str = "",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    received_at: datetime = NOW,
) -> RawRequest:
    url = f"https://sos.example{path}" + (f"?{query}" if query else "")
    return RawRequest(method, url, query, headers or {}, body, received_at)
