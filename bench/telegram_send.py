"""Sends to Telegram, side by side: our client over aiohttp against python-telegram-bot's own over httpx, same process, same server.

The server answers over real HTTP from a process of its own, at once or after a network's delay. One JSON line a figure: messages a second, CPU
a send (this process only). Run: `python -m bench.telegram_send [--messages 2000]`.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from multiprocessing.connection import Connection

from aiohttp import web
from telegram import Bot
from telegram.request import HTTPXRequest

from sos.bot.channels.telegram.client import connected
from sos.bot.channels.telegram.sender import Button, OutboundTelegram, Sender

TOKEN = "1:token-of-the-bench"
ANSWER = json.dumps(
    {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private", "first_name": "A"}, "text": "x"}}
).encode()
MESSAGE = OutboundTelegram("1", "Të dëgjoj. Je vetëm tani?", ((Button("1", "Po"), Button("2", "Jo")),), "Porosia u regjistrua.")
ROUNDS = 3


def serve(ready: Connection) -> None:
    """A server that takes any method; `/bot<token>/...` after the delay named in the first part of the path, milliseconds."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        delay = int(request.match_info["delay"])
        if delay:
            await asyncio.sleep(delay / 1000)
        return web.Response(body=ANSWER, content_type="application/json")

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/{delay:\\d+}/{rest:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


@contextlib.asynccontextmanager
async def ours(root: str, concurrency: int) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    async with connected(TOKEN, root, connections=concurrency) as bot:
        sender = Sender(bot)
        yield lambda: sender.send(MESSAGE)


@contextlib.asynccontextmanager
async def plain_bot(root: str, concurrency: int) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """The library's client with its own HTTP; its getMe is left out, since the server knows one answer only."""
    request = HTTPXRequest(connection_pool_size=concurrency, pool_timeout=60)
    await request.initialize()
    try:
        sender = Sender(Bot(TOKEN, f"{root}/bot", request=request))
        yield lambda: sender.send(MESSAGE)
    finally:
        await request.shutdown()


CLIENTS = {"aiohttp": ours, "httpx": plain_bot}


async def measured(client: str, root: str, *, concurrency: int, messages: int) -> tuple[float, float]:
    """Messages a second and milliseconds of CPU a send."""
    left = iter(range(messages))
    async with CLIENTS[client](root, concurrency) as send:
        await send()

        async def lane() -> None:
            for _ in left:
                result = await send()
                assert getattr(result, "sent", False), result

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(lane() for _ in range(concurrency)))
        return messages / (time.perf_counter() - wall), (time.process_time() - cpu) * 1000 / messages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1500)
    given = parser.parse_args()
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    try:
        for delay, concurrency in ((0, 1), (0, 16), (0, 128), (50, 32), (50, 128)):
            runs: dict[str, list[tuple[float, float]]] = {client: [] for client in CLIENTS}
            messages = min(given.messages, concurrency * 40) if delay else given.messages
            for _ in range(ROUNDS):
                for client in CLIENTS:
                    runs[client].append(
                        asyncio.run(measured(client, f"http://127.0.0.1:{port}/{delay}", concurrency=concurrency, messages=messages))
                    )
            rates = {client: statistics.median(rate for rate, _ in figures) for client, figures in runs.items()}
            for client, figures in runs.items():
                print(
                    json.dumps(
                        {
                            "bench": "telegram_send",
                            "client": client,
                            "network_ms": delay,
                            "in_flight": concurrency,
                            "messages_per_second": round(rates[client]),
                            "cpu_ms_per_send": round(statistics.median(cpu for _, cpu in figures), 3),
                            "times_httpx": round(rates[client] / rates["httpx"], 2),
                        }
                    ),
                    flush=True,
                )
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
