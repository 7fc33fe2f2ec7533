"""The HTTP under python-telegram-bot, on aiohttp: eight times the sends of its default. Never lets the token, a word or an answer into an exception.

The token is part of every address, so nothing of the transport's own errors is kept: each failure is a fixed word, raised outside its handler.
"""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

_NOT_GIVEN = BaseRequest.DEFAULT_NONE
LONGEST_PAUSE = 3600.0


class TooManyRequests(TelegramError):
    """Telegram asks for a pause of `seconds`."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class TransportError(NetworkError):
    """No answer that counts. `code`: a fixed word, never an address."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AiohttpRequest(BaseRequest):
    """One pool of connections. `seconds`: for a whole request, unless the call gives its own."""

    __slots__ = ("_connections", "_seconds", "_session")

    def __init__(self, *, connections: int, seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._seconds

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=True)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _NOT_GIVEN,
        write_timeout: Any = _NOT_GIVEN,  # noqa: ARG002 - the interface's
        connect_timeout: Any = _NOT_GIVEN,  # noqa: ARG002 - the interface's
        pool_timeout: Any = _NOT_GIVEN,  # noqa: ARG002 - the interface's
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise TransportError("not_connected")
        seconds = self._seconds if read_timeout is _NOT_GIVEN else read_timeout
        body = json.dumps(request_data.parameters).encode() if request_data else b"{}"
        answer = await _asked(self._session, method, url, body, seconds)
        if isinstance(answer, TelegramError):
            raise answer
        status, payload = answer
        if status == 429:
            raise TooManyRequests(_pause(payload))
        if status >= 500:
            raise TransportError(f"http_{status}")
        readable = _is_object(payload)
        if status < 300 and not readable:
            raise TransportError("unreadable_answer")
        return status, payload if readable else b"{}"

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, without its log line, which holds the whole answer."""
        parsed: dict[str, Any] = json.loads(payload)
        return parsed


async def _asked(
    session: aiohttp.ClientSession, method: str, url: str, body: bytes, seconds: float | None
) -> tuple[int, bytes] | TelegramError:
    """Status and body, or the failure; never the transport's own exception, which names the address."""
    try:
        async with session.request(
            method,
            url,
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=aiohttp.ClientTimeout(total=seconds),
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()
    except TimeoutError:
        return TransportError("timeout")
    except aiohttp.ClientConnectorError:
        return TransportError("unreachable")
    except (aiohttp.ClientError, OSError, ValueError):
        return TransportError("connection_lost")


def _is_object(payload: bytes) -> bool:
    try:
        return isinstance(json.loads(payload), dict)
    except (ValueError, RecursionError):
        return False


def _pause(payload: bytes) -> float:
    """Seconds that a 429 asks for; 1 where it does not say."""
    try:
        seconds = float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return 1.0
    return min(max(seconds, 0.0), LONGEST_PAUSE) if seconds == seconds else 1.0  # noqa: PLR0124 - NaN is no pause
