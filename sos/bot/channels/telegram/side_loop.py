"""Polling as one of a worker's side loops, where Telegram cannot reach us. Stores exactly what the webhook would have; never reads a word of it."""

import asyncio
import hashlib
import threading
from collections.abc import Callable

from sos.bot.channels.requests import pack
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.channels.telegram.client import QuietBot, connected, stop_webhook
from sos.bot.channels.telegram.polling import LONG_POLL, Pulse, poll
from sos.bot.channels.telegram.updates import PROVIDER
from sos.bot.channels.telegram.webhook import envelope
from sos.survivors.address import Address, Channel

NOBODY = "unreadable"
Accept = Callable[..., None]
"""accept(provider=, provider_id=, address=, body=): one durable INSERT; raises when it could not be stored."""


def polling_loop(
    *, token: str, api_url: str, accept: Accept, pulse: Callable[[Pulse], None], long_poll: float = LONG_POLL
) -> Callable[[threading.Event], None]:
    """A loop that runs in a thread of its own until its event is set. `accept` is called in other threads, one at a time.

    One worker polls: a second one makes Telegram answer both by turns with a conflict; nothing is lost, but everything comes late.
    """

    def run(stopping: threading.Event) -> None:
        asyncio.run(_poll_until(stopping, token=token, api_url=api_url, accept=accept, pulse=pulse, long_poll=long_poll))

    return run


async def _poll_until(
    stopping: threading.Event, *, token: str, api_url: str, accept: Accept, pulse: Callable[[Pulse], None], long_poll: float
) -> None:
    stop = asyncio.Event()

    async def store(update: bytes) -> None:
        await asyncio.to_thread(keep, update, accept)

    async with connected(token, api_url) as bot:
        await stop_webhook(bot)
        told = asyncio.create_task(_told(stopping, stop))
        await poll(bot, store, stop=stop, pulse=_Freeing(bot, pulse), long_poll=long_poll)
        await told


def keep(update: bytes, accept: Accept) -> None:
    """Store one update as the webhook's door stores it: by its id, packed as a request; what has no id under its own hash, for a person."""
    update_id, chat_id = envelope(update) or (hashlib.sha256(update).hexdigest(), NOBODY)
    body = pack(RawRequest("POST", "", "", {"content-type": "application/json"}, update))
    accept(provider=PROVIDER, provider_id=update_id, address=Address(Channel.TELEGRAM, chat_id), body=body)


class _Freeing:
    """Passes each pulse on, and takes away a webhook that was left from another life."""

    def __init__(self, bot: QuietBot, pulse: Callable[[Pulse], None]) -> None:
        self._bot = bot
        self._pulse = pulse
        self._task: asyncio.Task[bool] | None = None

    def __call__(self, met: Pulse) -> None:
        if met is Pulse.CONFLICT and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(stop_webhook(self._bot))
        self._pulse(met)


async def _told(stopping: threading.Event, stop: asyncio.Event) -> None:
    await asyncio.to_thread(stopping.wait)
    stop.set()
