"""How the watchdog's own texts leave: straight by a gateway, the Bot API or a post to an address, without inbox, outbox or worker.

Never logs an address, a number or the token. What it carries holds no content: "SOS service: worker silent since 03:12".
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from telegram.error import TelegramError

from sos import logs
from sos.bot.channels.sms.provider import Misconfigured, OutboundSms, SmsProvider
from sos.bot.channels.telegram.client import connected
from sos.db.types import new_id

SECONDS: Final = 8.0
"""For one attempt."""
LONGEST: Final = 40.0
"""For a whole alarm to everybody; recipients are told side by side."""


@dataclass(frozen=True, slots=True)
class To:
    """Who is told: numbers (`+383...`), Telegram chats (digits), addresses that take `{"text": ...}`."""

    numbers: tuple[str, ...] = field(repr=False)
    chats: tuple[str, ...] = field(repr=False)
    addresses: tuple[str, ...] = field(repr=False)

    @classmethod
    def read(cls, given: Sequence[str]) -> "To":
        """As SOS_WATCHDOG_TO lists them. Raises Misconfigured for what is none of the three."""
        numbers = tuple(one for one in given if one.startswith("+") and one[1:].isdigit())
        addresses = tuple(one for one in given if one.startswith(("http://", "https://")))
        chats = tuple(one for one in given if one.removeprefix("-").isdigit())
        if len(numbers) + len(addresses) + len(chats) != len(given):
            raise Misconfigured("SOS_WATCHDOG_TO must list numbers that begin with +, ids of Telegram chats, or http(s) addresses")
        return cls(numbers, chats, addresses)

    def __bool__(self) -> bool:
        return bool(self.numbers or self.chats or self.addresses)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Tells everybody at once. `gateways`: those that can send, in order; the next one is tried where one fails."""

    to: To
    gateways: Mapping[str, SmsProvider]
    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = ""

    def say(self, text: str) -> bool:
        """Whether at least one of them was told; with nobody to tell, the log is all there is. Takes `LONGEST` seconds at most."""
        if not self.to:
            logs.problem("watchdog.unheard", way="none", detail="SOS_WATCHDOG_TO is empty")
            return True
        return asyncio.run(self._say(text))

    async def _say(self, text: str) -> bool:
        async with aiohttp.ClientSession() as session:
            telling = [
                *(self._text(session, number, text) for number in self.to.numbers),
                *(self._chat(chat, text) for chat in self.to.chats),
                *(_post(session, address, text) for address in self.to.addresses),
            ]
            tasks = [asyncio.ensure_future(one) for one in telling]
            await asyncio.wait(tasks, timeout=LONGEST)
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        return any(result is True for result in results)

    async def _text(self, session: aiohttp.ClientSession, number: str, text: str) -> bool:
        for name, gateway in self.gateways.items():
            result = await gateway.send(session, OutboundSms(new_id(), number, text, timeout_seconds=SECONDS))
            if result.sent:
                return True
            logs.problem("watchdog.unheard", way=name, detail=result.detail)
        return False

    async def _chat(self, chat: str, text: str) -> bool:
        if not self.telegram_token:
            return False
        try:
            async with asyncio.timeout(SECONDS), connected(self.telegram_token, self.telegram_api_url, connections=2) as bot:
                await bot.send_message(int(chat), text)
        except (TelegramError, TimeoutError) as error:
            logs.problem("watchdog.unheard", way="telegram", detail=type(error).__name__)
            return False
        return True


async def _post(session: aiohttp.ClientSession, address: str, text: str) -> bool:
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with session.post(address, json={"text": text}, timeout=timeout, allow_redirects=False) as answer:
            told = answer.status < 300
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        logs.problem("watchdog.unheard", way="http", detail=type(error).__name__)
        return False
    if not told:
        logs.problem("watchdog.unheard", way="http", detail=f"http_{answer.status}")
    return told


def ping(address: str) -> None:
    """Tell the outside dead-man address that all is young. Raises when it does not answer well."""
    asyncio.run(_ping(address))


async def _ping(address: str) -> None:
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address, allow_redirects=False) as answer:
        if answer.status >= 400:
            raise ConnectionError(f"http_{answer.status}")
