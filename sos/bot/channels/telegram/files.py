"""Fetches one file of hers from the Bot API, at her wish only. Never keeps it, never lets the token or an address into an exception or a log line.

`getFile` gives a path that Telegram promises for an hour; the file itself stands under `/file/bot<token>/<path>`.
"""

import json
from urllib.parse import quote

import aiohttp


class NotFetched(Exception):
    """No file. `for_good`: another try would bring none either. The text is a fixed word."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class FileTooLarge(NotFetched):
    """The file is larger than what is kept; the rest of it was not read."""

    def __init__(self) -> None:
        super().__init__("too_large", for_good=True)


async def fetch(token: str, api_url: str, file_id: str, *, most: int, seconds: float = 30.0) -> bytes:
    """The file's bytes as Telegram has them, at most `most`. Raises NotFetched."""
    root, failed = api_url.rstrip("/"), ""
    try:
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=seconds), auto_decompress=False
        ) as session:
            path = await _path(session, f"{root}/bot{token}/getFile", file_id, most)
            return await _bytes(session, f"{root}/file/bot{token}/{quote(path)}", most)
    except TimeoutError:
        failed = "timeout"
    except (aiohttp.ClientError, OSError, ValueError):
        failed = "connection_lost"
    raise NotFetched(failed)


async def _path(session: aiohttp.ClientSession, url: str, file_id: str, most: int) -> str:
    async with session.post(url, json={"file_id": file_id}, allow_redirects=False) as answer:
        if answer.status == 400:
            description = str(_object(await answer.read()).get("description") or "")
            raise FileTooLarge if "too big" in description else NotFetched("refused", for_good=True)
        if answer.status != 200:
            raise NotFetched(f"http_{answer.status}")
        result = _object(await answer.read()).get("result")
    path, size = (result.get("file_path"), result.get("file_size")) if isinstance(result, dict) else (None, None)
    if isinstance(size, int) and size > most:
        raise FileTooLarge
    if not isinstance(path, str) or not path:
        raise NotFetched("no_path")
    return path


async def _bytes(session: aiohttp.ClientSession, url: str, most: int) -> bytes:
    """Read no more than one byte beyond `most`, whatever was announced."""
    async with session.get(url, allow_redirects=False) as answer:
        if answer.status != 200:
            raise NotFetched(f"http_{answer.status}", for_good=answer.status in (404, 410))
        body = bytearray()
        async for part in answer.content.iter_chunked(65536):
            body += part
            if len(body) > most:
                raise FileTooLarge
        return bytes(body)


def _object(payload: bytes) -> dict[str, object]:
    found = json.loads(payload)
    return found if isinstance(found, dict) else {}
