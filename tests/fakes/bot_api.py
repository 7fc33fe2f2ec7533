"""A Telegram Bot API of our own: real HTTP on loopback, one bot, private chats, a 48-hour clock, and refusals on command.

In a test: `with FakeBotApi("1:token") as api: her = Person(api, 4401); her.types("SOS"); ...; her.reads()`. The client is pointed at `api.root`.
Updates go to the webhook when one is set, else they wait for getUpdates. Standalone: `python -m tests.fakes.bot_api --port 9200 --token 1:t`.
"""

import argparse
import itertools
import json
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from tests.fakes.http_server import Fault, LoopbackServer, Request, Response

FORTY_EIGHT_HOURS = 48 * 3600
LARGEST_FILE = 20 * 1024 * 1024  #: bytes of getFile (Bot API)
BOT = {"id": 1, "is_bot": True, "first_name": "Office", "username": "office_bot"}


@dataclass(slots=True)
class Shown:
    """A message in a chat as both sides see it."""

    message_id: int
    date: int
    ours: bool  #: sent by the bot
    content: dict[str, Any]  #: text, entities, reply_markup, location ... of the Bot API
    silent: bool = True
    protected: bool = False
    edits: int = 0


@dataclass(slots=True)
class Chat:
    chat_id: int
    shown: dict[int, Shown] = field(default_factory=dict)
    next_id: int = 1
    blocked: bool = False
    flooded_for: float = 0.0  #: answer 429 with this pause

    def message(self, one: Shown) -> dict[str, Any]:
        """As a Bot API Message."""
        sender = BOT if one.ours else self.person()
        base = {"message_id": one.message_id, "date": one.date, "chat": self.short(), "from": sender, **one.content}
        return {**base, "edit_date": one.date + one.edits} if one.edits else base

    def short(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": "private", "first_name": "A"}

    def person(self) -> dict[str, Any]:
        return {"id": self.chat_id, "is_bot": False, "first_name": "A"}


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.body = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters
        self.code = code


class FakeBotApi:
    """`now`: seconds since 1970; turn it forward to let messages grow old."""

    def __init__(self, token: str = "1:token-of-the-tests", *, port: int = 0, now: Callable[[], float] = time.time) -> None:
        self.token = token
        self.now = now
        self.server = LoopbackServer(self._handle, port=port)
        self.chats: dict[int, Chat] = {}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.taps_answered: list[str] = []
        self.files: dict[str, bytes] = {}  #: file_id -> bytes
        self.profile: dict[str, Any] = {"name": "Something telling", "description": "x", "short_description": "x", "commands": ["sos"]}
        self.webhook: dict[str, Any] | None = None
        self.webhook_statuses: list[int] = []
        self.webhook_failing, self.piled_up = False, 0
        self._updates: deque[dict[str, Any]] = deque()
        self._changed = threading.Condition(threading.RLock())
        self._update_ids = itertools.count(1000)
        self._tap_ids = itertools.count(1)
        self._poller = 0

    @property
    def root(self) -> str:
        return self.server.root

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *exc: object) -> None:
        with self._changed:
            self._poller += 1
            self._changed.notify_all()
        self.server.stop()

    def plan(self, *faults: Fault) -> None:
        self.server.plan(*faults)

    def refuse(self) -> AbstractContextManager[None]:
        return self.server.refuse()

    def called(self, method: str) -> list[Mapping[str, Any]]:
        """The arguments of each call of `method` that was carried out."""
        return [arguments for name, arguments in self.calls if name == method]

    def waiting(self) -> list[int]:
        """Update ids that nobody has confirmed."""
        return [one["update_id"] for one in self._updates]

    def wait_until(self, holds: Callable[[], bool], seconds: float = 10.0) -> bool:
        with self._changed:
            return self._changed.wait_for(holds, seconds)

    def chat(self, chat_id: int) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def show(self, chat: Chat, content: dict[str, Any], *, ours: bool, silent: bool = True, protected: bool = False) -> Shown:
        with self._changed:
            one = Shown(chat.next_id, int(self.now()), ours, content, silent, protected)
            chat.shown[one.message_id] = one
            chat.next_id += 1
            self._changed.notify_all()
            return one

    def happen(self, kind: str, content: dict[str, Any], *, update_id: int | None = None) -> int:
        """An update: to the webhook, or into the queue. The same `update_id` again is a duplicate."""
        update = {"update_id": next(self._update_ids) if update_id is None else update_id, kind: content}
        if self.webhook:
            if kind in self.webhook["allowed_updates"]:
                self.webhook_statuses.append(self._post(update))
        else:
            with self._changed:
                self._updates.append(update)
                self._changed.notify_all()
        return update["update_id"]

    def tap(self, chat: Chat, one: Shown, data: str) -> str:
        tap_id = str(next(self._tap_ids))
        person, message = chat.person(), chat.message(one)
        self.happen("callback_query", {"id": tap_id, "from": person, "chat_instance": "1", "message": message, "data": data})
        return tap_id

    def _post(self, update: dict[str, Any]) -> int:
        assert self.webhook
        headers = {"Content-Type": "application/json"}
        if self.webhook["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        request = urllib.request.Request(self.webhook["url"], json.dumps(update).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code

    def _handle(self, request: Request) -> Response:
        if request.path.startswith(f"/file/bot{self.token}/"):
            body = self.files.get(request.path.rpartition("/")[2])
            return Response(200, body) if body is not None else _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        _, bot, method = (*request.path.split("/", 2), "", "")[:3]
        if bot != f"bot{self.token}":
            return _answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        doing = getattr(self, f"_do_{method.lower()}", None)
        if doing is None:
            return _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        arguments = _arguments(request)
        try:
            result = doing(arguments)
        except Refused as refusal:
            return _answer(refusal.code, refusal.body)
        with self._changed:
            self.calls.append((method, arguments))
            self._changed.notify_all()
        return _answer(200, {"ok": True, "result": result})

    def _open_chat(self, arguments: Mapping[str, Any]) -> Chat:
        chat = self.chats.get(int(arguments["chat_id"]))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.flooded_for:
            raise Refused(429, f"Too Many Requests: retry after {chat.flooded_for:g}", retry_after=int(chat.flooded_for))
        return chat

    def _do_getme(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {**BOT, "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}

    def _do_getwebhookinfo(self, _: Mapping[str, Any]) -> dict[str, Any]:
        failed = {"last_error_date": int(self.now()), "last_error_message": "x"} if self.webhook_failing else {}
        url = self.webhook["url"] if self.webhook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": self.piled_up, **failed}

    def _do_sendmessage(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        chat = self._open_chat(arguments)
        content = {"text": _text(arguments), **_kept(arguments, "entities")}
        if markup := _markup(arguments):
            content["reply_markup"] = markup
        one = self.show(
            chat,
            content,
            ours=True,
            silent=bool(arguments.get("disable_notification")),
            protected=bool(arguments.get("protect_content")),
        )
        shown = chat.message(one)
        if "inline_keyboard" not in content.get("reply_markup", {}):  # the real server echoes inline keyboards only
            shown.pop("reply_markup", None)
        return shown

    def _do_getfile(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        found = str(arguments["file_id"])
        if found not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.files[found]) > LARGEST_FILE:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": found, "file_unique_id": "u", "file_size": len(self.files[found]), "file_path": f"photos/{found}"}

    def _do_editmessagetext(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        chat = self._open_chat(arguments)
        one = chat.shown.get(int(arguments["message_id"]))
        if one is None or not one.ours:
            raise Refused(400, "Bad Request: message to edit not found")
        content = {"text": _text(arguments), **_kept(arguments, "entities")}
        if markup := _markup(arguments):
            content["reply_markup"] = markup
        if content == one.content:
            raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")
        one.content, one.edits = content, one.edits + 1
        return chat.message(one)

    def _do_answercallbackquery(self, arguments: Mapping[str, Any]) -> bool:
        if not str(arguments["callback_query_id"]).isdigit():
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.taps_answered.append(str(arguments["callback_query_id"]))
        return True

    def _do_deletemessage(self, arguments: Mapping[str, Any]) -> bool:
        chat = self._open_chat(arguments)
        one = chat.shown.get(int(arguments["message_id"]))
        if one is None:
            raise Refused(400, "Bad Request: message to delete not found")
        if self.now() - one.date >= FORTY_EIGHT_HOURS:
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        del chat.shown[one.message_id]
        return True

    def _do_deletemessages(self, arguments: Mapping[str, Any]) -> bool:
        chat = self._open_chat(arguments)
        ids = arguments["message_ids"]
        ids = json.loads(ids) if isinstance(ids, str) else ids
        if not 1 <= len(ids) <= 100:
            raise Refused(400, "Bad Request: too many message identifiers specified")
        found = [chat.shown[one] for one in ids if one in chat.shown]
        if any(self.now() - one.date >= FORTY_EIGHT_HOURS for one in found):
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        for one in found:
            del chat.shown[one.message_id]
        return True

    def _do_getupdates(self, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refused(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        offset, limit = int(arguments.get("offset", 0)), int(arguments.get("limit", 100))
        with self._changed:
            self._poller += 1
            me = self._poller
            self._changed.notify_all()
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            self._changed.wait_for(lambda: self._updates or self._poller != me, float(arguments.get("timeout", 0)))
            if self._poller != me:
                raise Refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
            return list(self._updates)[:limit]

    def _do_setwebhook(self, arguments: Mapping[str, Any]) -> bool:
        kinds = arguments.get("allowed_updates") or ["message"]
        kinds = json.loads(kinds) if isinstance(kinds, str) else kinds
        self.webhook = {"url": arguments["url"], "secret_token": arguments.get("secret_token", ""), "allowed_updates": kinds}
        waiting, self._updates = self._updates, deque()
        self.webhook_statuses += [self._post(update) for update in waiting if not arguments.get("drop_pending_updates")]
        return True

    def _do_deletewebhook(self, _: Mapping[str, Any]) -> bool:
        self.webhook = None
        return True

    def _do_deletemycommands(self, _: Mapping[str, Any]) -> bool:
        self.profile["commands"] = []
        return True

    def _do_setmydescription(self, arguments: Mapping[str, Any]) -> bool:
        self.profile["description"] = arguments.get("description", "")
        return True

    def _do_setmyshortdescription(self, arguments: Mapping[str, Any]) -> bool:
        self.profile["short_description"] = arguments.get("short_description", "")
        return True

    def _do_getmyname(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"name": self.profile["name"]}

    def _do_setmyname(self, arguments: Mapping[str, Any]) -> bool:
        self.profile["name"] = arguments.get("name", "")
        return True


def _arguments(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        arguments: dict[str, Any] = json.loads(request.body or b"{}")
        return arguments
    return dict(parse_qsl(request.body.decode() or request.query, keep_blank_values=True))


def _kept(arguments: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = arguments.get(name)
    value = json.loads(value) if isinstance(value, str) else value
    return {name: value} if value else {}


def _text(arguments: Mapping[str, Any]) -> str:
    text = str(arguments.get("text", "")).strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    units = len(text.encode("utf-16-le")) // 2
    if units > 4096:
        raise Refused(400, "Bad Request: message is too long")
    for entity in _kept(arguments, "entities").get("entities", []):
        if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > units:
            raise Refused(400, "Bad Request: entity beyond the text")
    return text


def _markup(arguments: Mapping[str, Any]) -> dict[str, Any]:
    markup: dict[str, Any] = _kept(arguments, "reply_markup").get("reply_markup", {})
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64 or not button.get("text"):
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _answer(status: int, body: dict[str, Any]) -> Response:
    return Response(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A fake Telegram Bot API.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", default="1:token-of-the-tests")
    parser.add_argument("--chats", type=int, default=0, help="open this many private chats, ids from 1")
    given = parser.parse_args(arguments)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    with FakeBotApi(given.token, port=given.port) as api:
        for chat_id in range(1, given.chats + 1):
            api.chat(chat_id)
        print(json.dumps({"listening": api.root}), file=sys.stderr, flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
