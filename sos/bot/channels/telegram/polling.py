"""Fetching updates where no public address exists. Never confirms an update before it is stored: a crash repeats, it does not lose.

Telegram forgets what lies below `offset`, so `offset` moves only after `store` has returned. No offset is kept across starts: what was stored but
not confirmed comes again, and the inbox's once-only key drops it. (python-telegram-bot's own updater confirms first: a kill lost 80 of 100.)
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError

from sos.bot.channels.telegram.client import QuietBot
from sos.bot.channels.telegram.request import TooManyRequests

LONG_POLL = 25.0
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

Store = Callable[[bytes], Awaitable[None]]


class Pulse(StrEnum):
    """What one round of polling met; for heartbeat and log."""

    ALIVE = "alive"
    CONFLICT = "conflict"  #: a webhook is set, or another process polls
    BAD_TOKEN = "bad_token"  # noqa: S105 - a word, not a token
    TOO_MANY = "too_many"
    UNREACHABLE = "unreachable"
    STORE_FAILED = "store_failed"


async def poll(
    bot: QuietBot,
    store: Store,
    *,
    stop: asyncio.Event,
    pulse: Callable[[Pulse], None],
    long_poll: float = LONG_POLL,
    pauses: Sequence[float] = PAUSES,
) -> None:
    """Until `stop`: fetch, `store` each update as JSON bytes in Telegram's order, then confirm.

    `store` must park what it cannot read and raise only when nothing was kept: an update that fails is fetched again, for ever.
    """
    offset: int | None = None
    failures = 0
    while not stop.is_set():
        updates, met, asked_pause = await _fetched(bot, offset, long_poll, stop)
        if met is Pulse.ALIVE:
            offset, stored = await _stored(updates, offset, store)
            met = Pulse.ALIVE if stored else Pulse.STORE_FAILED
        pulse(met)
        failures = 0 if met is Pulse.ALIVE else failures + 1
        if failures:
            await _sleep(max(asked_pause, pauses[min(failures, len(pauses)) - 1]), stop)


async def _fetched(bot: QuietBot, offset: int | None, long_poll: float, stop: asyncio.Event) -> tuple[list[dict[str, Any]], Pulse, float]:
    """Updates, what was met, and the pause that Telegram asks for. Stops waiting at once when told to stop."""
    asked = asyncio.ensure_future(bot.raw_updates(offset=offset, seconds=long_poll))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({asked, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return ([], Pulse.ALIVE, 0.0) if not asked.done() else _outcome(asked)
    finally:
        for task in (asked, stopping):
            task.cancel()
        await asyncio.gather(asked, stopping, return_exceptions=True)


def _outcome(asked: "asyncio.Future[Any]") -> tuple[list[dict[str, Any]], Pulse, float]:
    try:
        updates = asked.result()
    except Conflict:
        return [], Pulse.CONFLICT, 0.0
    except InvalidToken:
        return [], Pulse.BAD_TOKEN, 0.0
    except TooManyRequests as refusal:
        return [], Pulse.TOO_MANY, refusal.seconds
    except TelegramError:
        return [], Pulse.UNREACHABLE, 0.0
    whole = [one for one in updates if isinstance(one, dict) and isinstance(one.get("update_id"), int)] if isinstance(updates, list) else []
    return whole, Pulse.ALIVE, 0.0


async def _stored(updates: Sequence[dict[str, Any]], offset: int | None, store: Store) -> tuple[int | None, bool]:
    """The offset after the last update that is safe, and whether all are."""
    for update in updates:
        try:
            await store(json.dumps(update, ensure_ascii=False).encode("utf-8", "backslashreplace"))
        except Exception:  # noqa: BLE001 - the loop's outermost guard: the update stays with Telegram and comes again
            return offset, False
        offset = update["update_id"] + 1
    return offset, True


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
