"""The Bot API client and how the bot shows itself. Never shows its token: not by repr, not by the library's debug lines, which print it.

`connected` opens no connection and asks nothing: Telegram may be down when we start.
"""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable

from telegram import Bot, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from sos.bot.channels.telegram.request import AiohttpRequest

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
SECONDS = 10.0
CONNECTIONS = 128


class QuietBot(Bot):
    """The library's client, nameless when printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "QuietBot()"

    __str__ = __repr__

    async def raw_updates(self, *, offset: int | None, seconds: float, limit: int = 100) -> object:
        """What getUpdates answers, as it came: the library's own call drops updates that it cannot understand."""
        arguments = {"timeout": int(seconds), "limit": limit, "allowed_updates": list(ALLOWED_UPDATES)}
        return await self._post(
            "getUpdates", arguments if offset is None else {**arguments, "offset": offset}, read_timeout=seconds + SECONDS
        )


@contextlib.asynccontextmanager
async def connected(token: str, api_url: str, *, connections: int = CONNECTIONS) -> AsyncIterator[QuietBot]:
    """A client for as long as the block lasts, in this event loop only. `api_url`: SOS_TELEGRAM_API_URL; `/bot<token>` is appended."""
    logging.getLogger("telegram").setLevel(logging.WARNING)  # its debug lines hold token, words and chat ids
    polling, sending = AiohttpRequest(connections=2, seconds=SECONDS), AiohttpRequest(connections=connections, seconds=SECONDS)
    bot = QuietBot(token, base_url=f"{api_url.rstrip('/')}/bot", request=sending, get_updates_request=polling)
    async with polling, sending:
        yield bot


async def show_neutral(bot: Bot, *, name: str = "") -> list[str]:
    """Leave nothing to read in the bot's profile: no command list, no description; `name` only when it differs. What failed, by fixed words."""
    failed = [
        word
        for word, asked in (
            ("commands", bot.delete_my_commands()),
            ("private_commands", bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())),
            ("description", bot.set_my_description("")),
            ("short_description", bot.set_my_short_description("")),
        )
        if not await _done(asked)
    ]
    if name and not await _done(_rename(bot, name)):
        failed.append("name")
    return failed


async def watch_webhook(bot: Bot, *, url: str, secret: str) -> bool:
    """Have updates posted to `url`, waiting ones too. Whether Telegram agreed."""
    return await _done(bot.set_webhook(url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES), drop_pending_updates=False))


async def stop_webhook(bot: Bot) -> bool:
    """Make room for polling; waiting updates stay. Whether Telegram agreed."""
    return await _done(bot.delete_webhook(drop_pending_updates=False))


async def _rename(bot: Bot, name: str) -> None:
    """Telegram allows few renames a day, so it is asked first."""
    if (await bot.get_my_name()).name != name:
        await bot.set_my_name(name)


async def _done(asked: Awaitable[object]) -> bool:
    try:
        await asked
    except TelegramError:
        return False
    return True
