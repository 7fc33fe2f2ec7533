"""One outgoing HTTP attempt for every gateway: what an answer, or its absence, means. Never shows an address, a word or a secret.

An attempt whose fate is unknown (time-out, connection lost) counts as not sent: it is repeated with the same id, marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from sos.bot.channels.sms.provider import OutboundSms, SendResult

LONGEST_ANSWER = 65_536
LONGEST_PAUSE = 3600.0  #: seconds; a gateway that asks for more is asked again after this

#: 4xx that speak of the gateway (key, route, load) and not of the message: another attempt may succeed.
_OUR_SIDE_OR_PASSING = frozenset({401, 402, 403, 404, 405, 407, 408, 409, 421, 423, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answered."""

    status: int
    body: bytes = field(repr=False)
    retry_after: float | None = None


async def attempt(
    session: aiohttp.ClientSession,
    sms: OutboundSms,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    data: Any = None,
) -> Answer | SendResult:
    """The gateway's answer, or the result of having none. Redirects are not followed: they would carry her words elsewhere."""
    timeout = aiohttp.ClientTimeout(total=sms.timeout_seconds)
    try:
        async with session.request(
            method, url, headers=headers, params=params, data=data, timeout=timeout, allow_redirects=False, middlewares=(_once,)
        ) as response:
            body = await response.content.read(LONGEST_ANSWER)
            return Answer(response.status, body, _seconds(response.headers.get("Retry-After")))
    except TimeoutError:
        return SendResult(sent=False, detail="timeout")
    except aiohttp.ClientConnectorError:
        return SendResult(sent=False, detail="unreachable")
    except aiohttp.InvalidURL:
        return SendResult(sent=False, detail="bad_address")
    except (aiohttp.ClientError, OSError):
        return SendResult(sent=False, detail="connection_lost")


class _LostError(aiohttp.ClientError):
    """The connection broke under the request; whether it was taken is unknown."""


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from repeating a lost GET by itself: a repeat must be known, counted and marked."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        raise _LostError from None


def judged(answer: Answer, *, provider_ref: str | None = None) -> SendResult:
    """The result that the status alone tells."""
    if 200 <= answer.status < 300:
        return SendResult(sent=True, provider_ref=provider_ref, detail=f"http_{answer.status}")
    permanent = 400 <= answer.status < 500 and answer.status not in _OUR_SIDE_OR_PASSING
    return SendResult(
        sent=False, permanent=permanent, retry_after=None if permanent else answer.retry_after, detail=f"http_{answer.status}"
    )


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds; its date form is not worth a clock here."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE) if seconds == seconds else None  # noqa: PLR0124 - NaN is no pause
