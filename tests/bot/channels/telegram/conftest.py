"""A Bot API on loopback, and a way to ask our client something in its own event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from sos.bot.channels.telegram.client import QuietBot, connected
from tests.fakes.bot_api import FakeBotApi


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    with FakeBotApi() as running:
        yield running


@pytest.fixture
def ask(api: FakeBotApi) -> Callable:
    """`ask(lambda bot: ...)`: the answer of one conversation between our client and the fake."""

    def asked(question: Callable[[QuietBot], Awaitable]) -> object:
        async def inside() -> object:
            async with connected(api.token, api.root) as bot:
                return await question(bot)

        return asyncio.run(inside())

    return asked
