"""Asks every gateway how it is, side by side, each with a limit of time. Decides nothing; what cannot be asked is left out."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
from telegram import WebhookInfo
from telegram.error import TelegramError

from sos.bot.channels.loopback import Loopback, Word
from sos.bot.channels.sending import TelegramAccess
from sos.bot.channels.sms.provider import OutboundSms, SmsProvider, Telling, Vitals
from sos.bot.channels.telegram.client import connected
from sos.db.types import new_id

SECONDS: Final = 10.0
TELEGRAM: Final = "telegram"
_FAILED_LATELY: Final = timedelta(minutes=15)
_PILE: Final = 50


@dataclass(frozen=True, slots=True)
class Gateways:
    """Those of one process. `telegram`: None where there is none; one without a webhook is polled, and polling is its heartbeat."""

    providers: Mapping[str, SmsProvider]
    loopback: Loopback
    telegram: TelegramAccess | None = None

    @property
    def ours(self) -> Mapping[str, str]:
        """Gateway -> our own number behind it."""
        return self.loopback.numbers

    @property
    def proved(self) -> frozenset[str]:
        """Gateways whose heartbeat is something else than an answer: a message that came back, an update that was fetched."""
        polled = {TELEGRAM} if self.telegram is not None and not self.telegram.webhook_url else set()
        return frozenset(polled | {name for name in self.loopback.numbers if self._sends(name)})

    async def ask(self, now: datetime) -> dict[str, Vitals]:
        """Gateway -> what it says of itself, for each that can be asked."""
        async with aiohttp.ClientSession() as session:
            asking: dict[str, Coroutine[Any, Any, Vitals | None]] = {
                name: _one(provider, session, now) for name, provider in self.providers.items() if isinstance(provider, Telling)
            }
            if self.telegram is not None and self.telegram.webhook_url:
                asking[TELEGRAM] = _telegram(self.telegram, now)
            answers = await asyncio.gather(*(_in_time(one) for one in asking.values()))
        return {name: answer for name, answer in zip(asking, answers, strict=True) if answer is not None}

    async def write_to_ourselves(self, names: Collection[str], now: datetime, word: Word = Word.HEARTBEAT) -> None:
        """Send a message through these gateways to our own numbers; it proves itself when it comes back."""
        async with aiohttp.ClientSession() as session:
            sending = [
                self.providers[name].send(
                    session, OutboundSms(new_id(), number, self.loopback.text(name, now, word), timeout_seconds=SECONDS)
                )
                for name, number in self.loopback.numbers.items()
                if name in names and self._sends(name)
            ]
            await asyncio.gather(*sending, return_exceptions=True)

    def _sends(self, name: str) -> bool:
        provider = self.providers.get(name)
        return provider is not None and provider.can_send()


async def _one(provider: SmsProvider, session: aiohttp.ClientSession, now: datetime) -> Vitals | None:
    return await provider.pulse(session, now=now) if isinstance(provider, Telling) and provider.can_send() else None


async def _in_time(asking: Coroutine[Any, Any, Vitals | None]) -> Vitals | None:
    try:
        return await asyncio.wait_for(asking, SECONDS + 2)
    except TimeoutError:
        return Vitals(alive=False, detail="timeout")
    except Exception as error:  # noqa: BLE001 - one gateway's fault must not keep the others from being asked
        return Vitals(alive=False, detail=type(error).__name__)


async def _telegram(access: TelegramAccess, now: datetime) -> Vitals:
    try:
        async with connected(access.token, access.api_url, connections=2) as bot:
            await bot.get_me()
            return _judged(await bot.get_webhook_info(), access.webhook_url, now)
    except TelegramError as error:
        return Vitals(alive=False, detail=type(error).__name__)


def _judged(info: WebhookInfo, url: str, now: datetime) -> Vitals:
    """Dead where updates go elsewhere, or where Telegram has lately failed to hand them over and they pile up."""
    if info.url != url:
        return Vitals(alive=False, detail="webhook_elsewhere")
    failing = info.last_error_date is not None and now - info.last_error_date <= _FAILED_LATELY and info.pending_update_count > 0
    if failing:
        return Vitals(alive=False, detail="webhook_fails")
    return Vitals(alive=True, warnings=("updates_pile_up",) if info.pending_update_count > _PILE else ())
