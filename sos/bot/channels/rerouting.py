"""Sends what is meant for the daily test's sender to our own number, or nowhere where there is none. Touches no other message."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from sos.outbox.parcels import Outcome, Parcel, Send
from sos.survivors.address import Channel

Senders = Mapping[str, Mapping[str, Send]]


@contextlib.asynccontextmanager
async def rerouted(opening: AbstractAsyncContextManager[Senders], *, nobody: str, numbers: Mapping[str, str]) -> AsyncIterator[Senders]:
    """The same senders. `nobody`: the address of the daily test; `numbers`: gateway -> our own number behind it."""
    async with opening as senders:
        yield {
            channel: {name: _rerouted(send, nobody, numbers.get(name)) for name, send in of_channel.items()}
            for channel, of_channel in senders.items()
        } | ({} if senders.get(Channel.SMS.value) else {Channel.SMS.value: {"synthetic": _rerouted(_nothing, nobody, None)}})


async def _nothing(_: Parcel) -> Outcome:
    """There is no gateway for anybody else."""
    return Outcome(sent=False, detail="no_provider")


def _rerouted(send: Send, nobody: str, ours: str | None) -> Send:
    async def sent(parcel: Parcel) -> Outcome:
        if parcel.address != nobody:
            return await send(parcel)
        return await send(replace(parcel, address=ours)) if ours else Outcome(sent=True, detail="synthetic")

    return sent
