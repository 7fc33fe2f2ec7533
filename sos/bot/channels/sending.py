"""How an opened message leaves: by which gateway of which channel. Builds the clients for one event loop; decides nothing about her."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence

import aiohttp

from sos.bot.channels.sms.provider import OutboundSms, SendResult, SmsProvider
from sos.bot.channels.telegram.client import connected, show_neutral
from sos.bot.channels.telegram.sender import Button, OutboundTelegram, Sender
from sos.outbox.actions import PROVIDER_TIMEOUT
from sos.outbox.parcels import Outcome, Parcel, Send
from sos.outbox.states import Lane
from sos.survivors.address import Channel

_SMS_EXPIRES = {Lane.SOS: 10, Lane.REPLY: 15, Lane.SERVICE: 15, Lane.PAGE: None}
"""Minutes at the carrier; a stale text to her must not arrive, a page to staff must (DOMAIN 9)."""


@contextlib.asynccontextmanager
async def open_senders(
    providers: Mapping[str, SmsProvider], *, sms_out: Sequence[str], telegram_token: str, telegram_api_url: str
) -> AsyncIterator[Mapping[str, Mapping[str, Send]]]:
    """channel -> gateway -> send, for as long as the block lasts. Gateways that cannot send are left out."""
    able = {name: provider for name, provider in providers.items() if provider.can_send()}
    order = [name for name in sms_out if name in able] + [name for name in able if name not in sms_out]
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)))
        senders: dict[str, dict[str, Send]] = {Channel.SMS.value: {name: _by_sms(able[name], session) for name in order}}
        if telegram_token:
            bot = await stack.enter_async_context(connected(telegram_token, telegram_api_url))
            neutral = asyncio.create_task(show_neutral(bot))  # beside, not before: an SOS by SMS must not wait for Telegram
            stack.callback(neutral.cancel)
            senders[Channel.TELEGRAM.value] = {"telegram": _by_telegram(Sender(bot))}
        yield senders


def _by_sms(provider: SmsProvider, session: aiohttp.ClientSession) -> Send:
    async def send(parcel: Parcel) -> Outcome:
        leased = parcel.leased
        sms = OutboundSms(leased.id, parcel.address, str(parcel.body["text"]), leased.attempt > 1, _SMS_EXPIRES[leased.lane])
        return _outcome(await provider.send(session, sms))

    return send


def _by_telegram(sender: Sender) -> Send:
    async def send(parcel: Parcel) -> Outcome:
        body = parcel.body
        if body.get("tap"):
            await sender.answer(str(body["tap"]))
        if body.get("delete"):
            left = await sender.delete(parcel.address, [int(message) for message in body["delete"]])
            return Outcome(sent=not left.left, retry_after=left.retry_after, detail="deleted" if not left.left else "not_all_deleted")
        if not body.get("text"):
            return Outcome(sent=True)
        message = OutboundTelegram(
            chat_id=parcel.address,
            text=str(body["text"]),
            rows=tuple((Button(str(button["value"]), str(button["label"])),) for button in body.get("buttons", ())),
            neutral_line=str(body.get("neutral_line") or ""),
            location_button=str(body.get("ask_location") or ""),
            timeout_seconds=PROVIDER_TIMEOUT[parcel.leased.lane].total_seconds(),
        )
        return _outcome(await sender.send(message))

    return send


def _outcome(result: SendResult) -> Outcome:
    return Outcome(result.sent, result.permanent, result.retry_after, result.provider_ref, result.detail)
