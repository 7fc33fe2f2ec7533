"""Notes the sign of life of every gateway, as a job of the worker. A dead gateway looks like a quiet night: each must be heard within 15 minutes."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from sos import logs
from sos.bot.channels.sms.provider import Vitals
from sos.db.database import Database, Unit
from sos.deadlines import heartbeats
from sos.watch.chain import ASKED, GATEWAY, WARNING

EVERY: Final = timedelta(minutes=4)
_WRITES_AFTER: Final = timedelta(minutes=7)
"""A message to ourselves costs money: it is sent when the last one is this old, so that one that is lost is repeated within the 15 minutes."""


class Gateways(Protocol):
    """Whoever can be asked: sos.bot.channels.vitals.Gateways."""

    @property
    def ours(self) -> Mapping[str, str]:
        """Gateway -> our own number behind it."""
        ...

    @property
    def proved(self) -> frozenset[str]:
        """Gateways whose heartbeat is something else than an answer."""
        ...

    async def ask(self, now: datetime) -> dict[str, Vitals]:
        """Gateway -> what it says of itself."""
        ...

    async def write_to_ourselves(self, names: Collection[str], now: datetime) -> None:
        """Send a message through these gateways to our own numbers."""
        ...


def listen(database: Database, gateways: Gateways) -> None:
    """Ask every gateway, note who lives and what it warns of; write to ourselves where only that is proof."""
    now = database.clock.now()
    with database.read() as conn:
        lived = dict(heartbeats.all_of(conn, GATEWAY))
    answers = asyncio.run(gateways.ask(now))
    with database.write() as unit:
        _note(unit, gateways, answers)
    old = {name for name in gateways.ours if GATEWAY + name not in lived or now - lived[GATEWAY + name] >= _WRITES_AFTER}
    if old:
        asyncio.run(gateways.write_to_ourselves(old, now))


def _note(unit: Unit, gateways: Gateways, answers: dict[str, Vitals]) -> None:
    expected = gateways.proved | answers.keys()
    gone = [name for name, _ in heartbeats.all_of(unit.conn, ASKED) if name.removeprefix(ASKED) not in expected]
    heartbeats.end(unit, gone + [GATEWAY + name.removeprefix(ASKED) for name in gone])
    for name in expected:
        heartbeats.beat(unit, ASKED + name)
    for name, answer in answers.items():
        if answer.alive and name not in gateways.proved:
            heartbeats.beat(unit, GATEWAY + name)
        if not answer.alive:
            logs.event("gateway.asked", gateway=name, alive=False, detail=answer.detail)
    _warn(unit, {f"{WARNING}{name}:{word}" for name, answer in answers.items() for word in answer.warnings})


def _warn(unit: Unit, present: set[str]) -> None:
    """Warnings that hold no longer go."""
    heartbeats.end(unit, [name for name, _ in heartbeats.all_of(unit.conn, WARNING) if name not in present])
    for name in present:
        heartbeats.beat(unit, name)
