"""Sends, edits and deletes on Telegram. To her always without a sound, a page to staff with one; never protected, since a screenshot may be her evidence; never an exception.

A neutral first line hides the rest under Telegram's own spoiler: neither the notification nor the list of chats shows it, a tap does, and the
message is whole even when we are gone.
"""

import asyncio
import math
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from sos.bot.channels.sms.provider import SendResult
from sos.bot.channels.telegram.request import TooManyRequests, TransportError

LONGEST_TEXT = 4096  #: UTF-16 units (Bot API, sendMessage)
LONGEST_VALUE = 64  #: bytes of callback_data (Bot API, InlineKeyboardButton)
MOST_AT_ONCE = 100  #: ids of one deleteMessages

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
_PERMANENT: dict[type[TelegramError], str] = {Forbidden: "blocked", ChatMigrated: "chat_migrated", BadRequest: "http_400"}
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview would fetch the page and show its picture


@dataclass(frozen=True, slots=True)
class Button:
    """An answer she may tap. `value`: at most 64 bytes, comes back as the text of a BUTTON message."""

    value: str
    label: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutboundTelegram:
    """One rendered message. `neutral_line`: stands first, then `text` shows only after a tap. `location_button`: the label that offers her place."""

    chat_id: str = field(repr=False)
    text: str = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = ()
    neutral_line: str = ""
    location_button: str = ""
    sound: bool = False  #: a page to a member of the staff; never true for her
    remove_keyboard: bool = False  #: takes a location button away that is still shown
    timeout_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Deletion:
    """What a deletion left: messages to try again (`left`), after `retry_after` seconds where Telegram says. Those it refuses are not left."""

    left: tuple[int, ...] = ()
    retry_after: float | None = None
    refused: int = 0  #: too old, or gone already; the two look alike


class Sender:
    """Sends through one client. After a 429 a chat is left alone for as long as Telegram asked; other chats go on."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._paused_until: dict[str, float] = {}

    async def send(self, message: OutboundTelegram) -> SendResult:
        """One attempt. `provider_ref`: the message ids with a comma between, for editing and deletion."""
        pause = self._pause(message.chat_id)
        if pause:
            return SendResult(sent=False, retry_after=pause, detail="chat_paused")
        inline = _inline(message.rows)
        markup = inline or _location_keyboard(message.location_button) or (ReplyKeyboardRemove() if message.remove_keyboard else None)
        text, entities = _written(message)
        main = await self._attempt(message.chat_id, self._text(message, text, entities, markup))
        if not main.sent or inline is None or not message.location_button:
            return main
        offer = await self._attempt(
            message.chat_id, self._text(message, message.location_button, (), _location_keyboard(message.location_button))
        )
        return SendResult(sent=True, provider_ref=_joined(main.provider_ref, offer.provider_ref), detail="sent")

    async def edit(self, message: OutboundTelegram, message_id: int) -> SendResult:
        """Put this text and these buttons in place of an earlier message of ours."""
        text, entities = _written(message)
        asked = self._bot.edit_message_text(
            text,
            chat_id=message.chat_id,
            message_id=message_id,
            entities=entities,
            reply_markup=_inline(message.rows),
            link_preview_options=_NO_PREVIEW,
            read_timeout=message.timeout_seconds,
        )
        return await self._attempt(message.chat_id, asked)

    async def answer(self, tap_id: str) -> bool:
        """Stop her button from turning. Whether Telegram took it; an old tap is nobody's loss."""
        try:
            return await self._bot.answer_callback_query(tap_id)
        except TelegramError:
            return False

    async def delete(self, chat_id: str, message_ids: Sequence[int], *, seconds: float = math.inf) -> Deletion:
        """Delete her messages and ours, up to 48 hours old. Refusals of single messages do not stop the rest.

        After `seconds` it stops and says what is left.
        """
        until = asyncio.get_running_loop().time() + seconds
        ids = sorted(set(message_ids))
        refused = 0
        for start in range(0, len(ids), MOST_AT_ONCE):
            chunk = ids[start : start + MOST_AT_ONCE]
            outcome = await self._delete_chunk(chat_id, chunk, until)
            refused += outcome.refused
            if outcome.left:
                return Deletion((*outcome.left, *ids[start + len(chunk) :]), outcome.retry_after, refused)
        return Deletion(refused=refused)

    async def _delete_chunk(self, chat_id: str, ids: Sequence[int], until: float) -> Deletion:
        if asyncio.get_running_loop().time() >= until:
            return Deletion(tuple(ids))
        try:
            await self._bot.delete_messages(chat_id, ids)
        except BadRequest:
            return await self._delete_singly(chat_id, ids, until)
        except (Forbidden, ChatMigrated):
            return Deletion(refused=len(ids))
        except TelegramError as refusal:
            return Deletion(tuple(ids), _seconds(refusal))
        return Deletion()

    async def _delete_singly(self, chat_id: str, ids: Sequence[int], until: float) -> Deletion:
        """One message too old spoils its whole chunk: each is asked for by itself."""
        refused = 0
        for position, message_id in enumerate(ids):
            if asyncio.get_running_loop().time() >= until:
                return Deletion(tuple(ids[position:]), refused=refused)
            try:
                await self._bot.delete_message(chat_id, message_id)
            except (BadRequest, Forbidden):
                refused += 1
            except TelegramError as refusal:
                return Deletion(tuple(ids[position:]), _seconds(refusal), refused)
        return Deletion(refused=refused)

    def _text(self, message: OutboundTelegram, text: str, entities: Sequence[MessageEntity], markup: Markup | None) -> Awaitable[Message]:
        return self._bot.send_message(
            message.chat_id,
            text,
            entities=entities,
            reply_markup=markup,
            disable_notification=not message.sound,
            link_preview_options=_NO_PREVIEW,
            read_timeout=message.timeout_seconds,
        )

    async def _attempt(self, chat_id: str, asked: Awaitable[Message | bool]) -> SendResult:
        try:
            answer = await asked
        except TelegramError as refusal:
            result = _judged(refusal)
            if result.retry_after:
                self._paused_until[chat_id] = asyncio.get_running_loop().time() + result.retry_after
            return result
        return SendResult(sent=True, provider_ref=str(answer.message_id) if isinstance(answer, Message) else None, detail="sent")

    def _pause(self, chat_id: str) -> float | None:
        """Seconds that this chat must still be left alone."""
        now = asyncio.get_running_loop().time()
        self._paused_until = {chat: until for chat, until in self._paused_until.items() if until > now}
        until = self._paused_until.get(chat_id)
        return until - now if until else None


def _judged(refusal: TelegramError) -> SendResult:
    """What a refusal means."""
    if isinstance(refusal, TooManyRequests):
        return SendResult(sent=False, retry_after=refusal.seconds, detail="http_429")
    if isinstance(refusal, TransportError):
        return SendResult(sent=False, detail=refusal.code)
    if isinstance(refusal, BadRequest) and "not modified" in refusal.message.lower():
        return SendResult(sent=True, detail="unchanged")
    for kind, detail in _PERMANENT.items():
        if isinstance(refusal, kind):
            return SendResult(sent=False, permanent=True, detail=detail)
    return SendResult(sent=False, detail="bad_token" if isinstance(refusal, InvalidToken) else "telegram_error")


def _seconds(refusal: TelegramError) -> float | None:
    return refusal.seconds if isinstance(refusal, TooManyRequests) else None


def _inline(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The buttons; one whose value Telegram would refuse is left out, so that its text still goes."""
    kept = [
        [
            InlineKeyboardButton(button.label, callback_data=button.value)
            for button in row
            if 1 <= len(button.value.encode()) <= LONGEST_VALUE
        ]
        for row in rows
    ]
    return InlineKeyboardMarkup([row for row in kept if row]) if any(kept) else None


def _location_keyboard(label: str) -> ReplyKeyboardMarkup | None:
    if not label:
        return None
    return ReplyKeyboardMarkup([[KeyboardButton(label, request_location=True)]], one_time_keyboard=True, resize_keyboard=True)


def _written(message: OutboundTelegram) -> tuple[str, tuple[MessageEntity, ...]]:
    """The text as sent, with the spoiler over all but its neutral line."""
    head = f"{message.neutral_line.strip()}\n" if message.neutral_line.strip() else ""
    body = _cut(message.text.strip(), LONGEST_TEXT - _units(head))
    if not head or not body:
        return body or head.strip(), ()
    return head + body, (MessageEntity(MessageEntity.SPOILER, offset=_units(head), length=_units(body)),)


def _cut(text: str, units: int) -> str:
    if _units(text) <= units:
        return text
    return text.encode("utf-16-le")[: (units - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _joined(*references: str | None) -> str | None:
    return ",".join(reference for reference in references if reference) or None
