"""Polling stores before it confirms: whatever fails, no update is lost, and the loop goes on."""

import asyncio
import contextlib
import json
from collections.abc import Callable

from sos.bot.channels.telegram.client import connected, watch_webhook
from sos.bot.channels.telegram.polling import Pulse, poll
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault, LoopbackServer, Response
from tests.fakes.telegram_person import Person

SHORT = (0.01,)


async def until(holds: Callable[[], bool]) -> None:
    """Other threads turn the state that is waited for."""
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


class Inbox:
    """What was stored; fails on command before keeping."""

    def __init__(self, *, fail: int = 0) -> None:
        self.texts: list[str] = []
        self.ids: list[int] = []
        self.pulses: list[Pulse] = []
        self._fail = fail

    async def store(self, update: bytes) -> None:
        if self._fail:
            self._fail -= 1
            raise OSError
        content = json.loads(update)
        self.ids.append(content["update_id"])
        self.texts.append(content.get("message", {}).get("text", ""))


def polled(
    api: FakeBotApi, inbox: Inbox, done: Callable[[], bool], *, seconds: float = 10.0, before=None, long_poll: float = 2.0, meanwhile=None
) -> None:
    """Poll until `done()` holds, then stop."""

    async def inside() -> None:
        stop = asyncio.Event()
        async with connected(api.token, api.root) as bot:
            if before:
                await before(bot)
            polling = asyncio.create_task(poll(bot, inbox.store, stop=stop, pulse=inbox.pulses.append, long_poll=long_poll, pauses=SHORT))
            helper = asyncio.create_task(meanwhile(bot)) if meanwhile else None
            async with asyncio.timeout(seconds):
                await until(done)
            stop.set()
            await asyncio.wait_for(polling, 1)
            if helper:
                await helper

    asyncio.run(inside())


def test_updates_come_in_order_and_are_confirmed_after_they_are_stored(api: FakeBotApi) -> None:
    her = Person(api, 44)
    for word in "abcde":
        her.types(word)
    inbox = Inbox()
    polled(api, inbox, lambda: len(inbox.texts) == 5 and not api.waiting())
    assert inbox.texts == list("abcde")
    assert api.called("getUpdates")[0].get("offset") is None
    assert set(api.called("getUpdates")[0]["allowed_updates"]) == {"message", "edited_message", "callback_query", "my_chat_member"}


def test_what_was_not_stored_is_not_confirmed_and_comes_again(api: FakeBotApi) -> None:
    her = Person(api, 44)
    her.types("SOS")
    her.types("more")
    inbox = Inbox(fail=3)
    polled(api, inbox, lambda: len(inbox.texts) == 2)
    assert inbox.texts == ["SOS", "more"]
    assert inbox.pulses[:3] == [Pulse.STORE_FAILED] * 3


def test_a_kill_before_the_confirmation_loses_nothing(api: FakeBotApi) -> None:
    """The store keeps the first of two and the process dies: Telegram still has both, and the first comes twice."""
    her = Person(api, 44)
    her.types("SOS")
    her.types("more")
    kept: list[str] = []

    async def dying() -> None:
        async def store(update: bytes) -> None:
            if kept:
                raise asyncio.CancelledError
            kept.append(json.loads(update)["message"]["text"])

        async with connected(api.token, api.root) as bot:
            await poll(bot, store, stop=asyncio.Event(), pulse=lambda _: None, pauses=SHORT)

    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(dying())
    assert (kept, len(api.waiting())) == (["SOS"], 2)
    inbox = Inbox()
    polled(api, inbox, lambda: len(inbox.texts) == 2)
    assert inbox.texts == ["SOS", "more"]


def test_updates_beyond_one_answer_all_come(api: FakeBotApi) -> None:
    her = Person(api, 44)
    for number in range(250):
        her.types(str(number))
    inbox = Inbox()
    polled(api, inbox, lambda: len(inbox.texts) == 250)
    assert inbox.texts == [str(number) for number in range(250)]


def test_a_message_that_comes_while_waiting_is_taken_at_once(api: FakeBotApi) -> None:
    her = Person(api, 44)
    inbox = Inbox()

    async def later(_) -> None:
        await asyncio.sleep(0.2)
        her.types("SOS")

    polled(api, inbox, lambda: inbox.texts == ["SOS"], long_poll=60.0, meanwhile=later)


def test_told_to_stop_it_stops_in_the_middle_of_a_long_wait(api: FakeBotApi) -> None:
    polled(api, Inbox(), lambda: api._poller > 0, long_poll=60.0)


def test_a_webhook_that_is_still_set_is_a_conflict_that_ends_when_it_goes(api: FakeBotApi) -> None:
    inbox = Inbox()

    async def free_it(bot) -> None:
        await until(lambda: Pulse.CONFLICT in inbox.pulses)
        await bot.delete_webhook()
        Person(api, 44).types("SOS")

    with LoopbackServer(lambda _: Response(200)) as door:
        polled(
            api, inbox, lambda: inbox.texts == ["SOS"], before=lambda bot: watch_webhook(bot, url=door.root, secret="s"), meanwhile=free_it
        )
    assert Pulse.CONFLICT in inbox.pulses


def test_a_second_poller_is_a_conflict_and_each_update_is_kept_by_one_of_them(api: FakeBotApi) -> None:
    first, second = Inbox(), Inbox()
    her = Person(api, 44)

    async def other(bot) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(poll(bot, second.store, stop=stop, pulse=second.pulses.append, long_poll=1.0, pauses=SHORT))
        await asyncio.sleep(0.3)
        her.types("SOS")
        await asyncio.sleep(0.5)
        stop.set()
        await task

    polled(api, first, lambda: "SOS" in first.texts + second.texts and not api.waiting(), long_poll=1.0, meanwhile=other)
    assert Pulse.CONFLICT in first.pulses + second.pulses


def test_every_fault_is_a_pulse_and_the_loop_goes_on(api: FakeBotApi) -> None:
    pause = json.dumps({"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 0.05}}).encode()
    unauthorised = json.dumps({"ok": False, "error_code": 401, "description": "Unauthorized"}).encode()
    no_such = json.dumps({"ok": False, "error_code": 404, "description": "Not Found"}).encode()
    api.plan(
        Fault.answer(500),
        Fault.drop(),
        Fault.garbage(),
        Fault.answer(429, body=pause),
        Fault.answer(401, body=unauthorised),
        Fault.answer(404, body=no_such),
        Fault.answer(200, body=b'{"ok":true,"result":{"not":"a list"}}'),
        Fault.answer(200, body=b'{"ok":true,"result":[7,{"no":"id"}]}'),
    )
    Person(api, 44).types("SOS")
    inbox = Inbox()
    polled(api, inbox, lambda: inbox.texts == ["SOS"])
    assert inbox.pulses[:6] == [
        Pulse.UNREACHABLE,
        Pulse.UNREACHABLE,
        Pulse.UNREACHABLE,
        Pulse.TOO_MANY,
        Pulse.BAD_TOKEN,
        Pulse.BAD_TOKEN,
    ]


def test_a_server_that_went_away_and_came_back_gives_all(api: FakeBotApi) -> None:
    inbox = Inbox()
    her = Person(api, 44)
    her.types("before")

    async def outage(_) -> None:
        await until(lambda: bool(inbox.texts))
        await asyncio.to_thread(api.server.stop)
        her.types("SOS")
        await until(lambda: Pulse.UNREACHABLE in inbox.pulses)
        await asyncio.to_thread(api.server.start)

    polled(api, inbox, lambda: inbox.texts[-1:] == ["SOS"], meanwhile=outage)
    assert inbox.texts == ["before", "SOS"]


def test_after_a_failure_it_waits_before_asking_again_but_stops_when_told(api: FakeBotApi) -> None:
    inbox = Inbox()
    api.plan(*[Fault.answer(500)] * 50)

    async def inside() -> None:
        stop = asyncio.Event()
        async with connected(api.token, api.root) as bot:
            polling = asyncio.create_task(poll(bot, inbox.store, stop=stop, pulse=inbox.pulses.append, pauses=(3600.0,)))
            await until(lambda: bool(inbox.pulses))
            await asyncio.sleep(0.2)
            stop.set()
            await asyncio.wait_for(polling, 5)

    asyncio.run(inside())
    assert (inbox.pulses, api.server.faults_left()) == ([Pulse.UNREACHABLE], 49)
