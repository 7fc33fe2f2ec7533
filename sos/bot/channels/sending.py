"""How an opened message leaves: by which gateway of which channel. Builds the clients for one event loop; decides nothing about her."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

from sos.bot.channels.sms.provider import OutboundSms, SendResult, SmsProvider
from sos.bot.channels.telegram.client import QuietBot, connected, show_neutral, watch_webhook
from sos.bot.channels.telegram.sender import Button, OutboundTelegram, Sender
from sos.outbox.actions import PROVIDER_TIMEOUT
from sos.outbox.parcels import Outcome, Parcel, Send
from sos.outbox.states import KeyKind, Lane
from sos.survivors.address import Channel

_SMS_EXPIRES = {Lane.SOS: 10, Lane.REPLY: 15, Lane.SERVICE: 15, Lane.PAGE: None}
"""Minutes at the carrier; a stale text to her must not arrive, a page to staff must (DOMAIN 9)."""

_TAP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class TelegramAccess:
    """How to reach the Bot API. `webhook_url`: where updates are posted; empty where they are fetched."""

    token: str = field(repr=False)
    api_url: str
    webhook_url: str = ""
    secret: str = field(repr=False, default="")


@contextlib.asynccontextmanager
async def open_senders(
    providers: Mapping[str, SmsProvider], *, sms_out: Sequence[str], telegram: TelegramAccess | None
) -> AsyncIterator[Mapping[str, Mapping[str, Send]]]:
    """Channel -> gateway -> send, for as long as the block lasts. Gateways that cannot send are left out."""
    able = {name: provider for name, provider in providers.items() if provider.can_send()}
    order = [name for name in sms_out if name in able] + [name for name in able if name not in sms_out]
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)))
        senders: dict[str, dict[str, Send]] = {Channel.SMS.value: {name: _by_sms(able[name], session) for name in order}}
        if telegram is not None:
            bot = await stack.enter_async_context(connected(telegram.token, telegram.api_url))
            setup = asyncio.create_task(_set_up(bot, telegram))  # beside, not before: an SOS by SMS must not wait for Telegram
            stack.callback(setup.cancel)
            senders[Channel.TELEGRAM.value] = {"telegram": _by_telegram(Sender(bot))}
        yield senders


async def _set_up(bot: QuietBot, telegram: TelegramAccess) -> None:
    """Leave nothing to read in the bot's profile and say where updates go; asked again until Telegram agrees."""
    pause = 1.0
    while (telegram.webhook_url and not await watch_webhook(bot, url=telegram.webhook_url, secret=telegram.secret)) or await show_neutral(
        bot
    ):
        await asyncio.sleep(pause)
        pause = min(pause * 2, 300.0)


def _by_sms(provider: SmsProvider, session: aiohttp.ClientSession) -> Send:
    async def send(parcel: Parcel) -> Outcome:
        leased = parcel.leased
        seconds = PROVIDER_TIMEOUT[leased.lane].total_seconds()
        sms = OutboundSms(leased.id, parcel.address, str(parcel.body["text"]), leased.attempt > 1, _SMS_EXPIRES[leased.lane], seconds)
        return _outcome(await provider.send(session, sms))

    return send


def _by_telegram(sender: Sender) -> Send:
    left_of: dict[str, tuple[int, ...]] = {}

    async def send(parcel: Parcel) -> Outcome:
        async with _answered(sender, parcel.body.get("tap")):
            return await leave(parcel)

    async def delete(parcel: Parcel) -> Outcome:
        """As much as this attempt's time allows; the next attempt goes on with what is left."""
        wanted = left_of.pop(parcel.leased.id, None) or tuple(int(message) for message in parcel.body["delete"])
        seconds = PROVIDER_TIMEOUT[parcel.leased.lane].total_seconds() / 2
        outcome = await sender.delete(parcel.address, wanted, seconds=seconds)
        if outcome.left:
            left_of[parcel.leased.id] = outcome.left
        return Outcome(sent=not outcome.left, retry_after=outcome.retry_after, detail="not_all_deleted" if outcome.left else "deleted")

    async def leave(parcel: Parcel) -> Outcome:
        body = parcel.body
        if body.get("delete"):
            return await delete(parcel)
        if not body.get("text"):
            return Outcome(sent=True)
        message = OutboundTelegram(
            chat_id=parcel.address,
            text=str(body["text"]),
            rows=tuple((Button(str(button["value"]), str(button["label"])),) for button in body.get("buttons", ())),
            neutral_line=str(body.get("neutral_line") or ""),
            location_button=str(body.get("ask_location") or ""),
            sound=parcel.leased.key_kind is KeyKind.STAFF and body.get("sound") is True,
            timeout_seconds=PROVIDER_TIMEOUT[parcel.leased.lane].total_seconds(),
        )
        return _outcome(await sender.send(message))

    return send


@contextlib.asynccontextmanager
async def _answered(sender: Sender, tap: object) -> AsyncIterator[None]:
    """Answer her tap beside what is sent: a button that goes on turning is a small evil, a late text is not."""
    if not tap:
        yield
        return
    answering = asyncio.create_task(sender.answer(str(tap)))
    try:
        yield
        await asyncio.wait({answering}, timeout=_TAP_SECONDS)
    finally:
        answering.cancel()


def _outcome(result: SendResult) -> Outcome:
    return Outcome(result.sent, result.permanent, result.retry_after, result.provider_ref, result.detail)
