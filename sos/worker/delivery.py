"""Sends the outbox. No transaction is open while a provider is asked; an attempt is counted before it is made; safe contact is asked at
that moment. Never writes to anyone but the address that the row holds, never by another channel. A message to a member of the staff asks no
safe contact and leaves no task; what became of each attempt is told on, and a channel that hangs keeps a part of the slots for others.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from sos import logs
from sos.db.database import Database, Unit
from sos.db.wake import Topic, Wake
from sos.encryption import open_sealed
from sos.keys.keystore import Keystore, KeysUnavailable, NoSuchKey
from sos.outbox import actions as outbox
from sos.outbox.actions import LONGEST_PAUSE, PROVIDER_TIMEOUT, Leased
from sos.outbox.parcels import Outcome, Parcel, Send
from sos.outbox.states import KeyKind, Lane, Outbox, Purpose
from sos.staff.actions import Tasks
from sos.staff.keys import staff_key
from sos.staff.reach.states import Fate
from sos.staff.states import TaskKind
from sos.survivors import safe_contact
from sos.survivors.actions import Survivors
from sos.survivors.address import Channel
from sos.survivors.contact_rules import actions as contact_rules
from sos.survivors.contact_rules.rules import Rules
from sos.survivors.keys import KeyGone
from sos.survivors.safe_contact import Verdict

SLOTS = 32
SOS_SLOTS = 8
"""Attempts under way at once; the SOS lane has its own, so that a hanging gateway never fills them all."""
CHANNEL_SLOTS = 24
"""Of the ordinary slots one channel takes at most so many: a dead Telegram never keeps a page by SMS from leaving."""
_BACK_OFF = (1, 2, 4, 8, 15, 30)
_STAND_IN_AFTER = 2
"""After so many failed attempts another provider of the same channel is tried."""


OpenSenders = Callable[[], AbstractAsyncContextManager[Mapping[str, Mapping[str, Send]]]]
StaffFared = Callable[[Unit, str, str, Fate], None]
"""Told, in the transaction that settles it, what became of a message to staff: outbox id, way id, fate."""


def _nothing_told(_: Unit, __: str, ___: str, ____: Fate) -> None:
    return


class Delivery:
    """One worker's loop over the outbox.

    `open_senders`: builds channel -> gateways in order -> how to send, inside the loop. `is_neutral`: whether a text may leave unasked, looked at
    as it leaves; nothing is, where nobody says how to tell.
    """

    def __init__(
        self,
        *,
        database: Database,
        keystore: Keystore,
        survivors: Survivors,
        tasks: Tasks,
        wake: Wake,
        holder: str,
        open_senders: OpenSenders,
        staff_fared: StaffFared = _nothing_told,
        is_neutral: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._database = database
        self._keystore = keystore
        self._survivors = survivors
        self._tasks = tasks
        self._wake = wake
        self._holder = holder
        self._open_senders = open_senders
        self._is_neutral = is_neutral
        self._staff_fared = staff_fared
        self._senders: Mapping[str, Mapping[str, Send]] = {}
        self._under_way: dict[Lane, int] = {}
        self._by_channel: dict[str, int] = {}
        self._settled: asyncio.Queue[tuple[Leased, Outcome]] = asyncio.Queue()
        self._stopping = False

    async def run(self) -> None:
        """Send until `stop`; what is under way is finished. May be called again after it failed."""
        self._under_way, self._by_channel, self._settled = {}, {}, asyncio.Queue()
        async with self._open_senders() as self._senders:
            settling = asyncio.create_task(self._settle_forever())
            try:
                with self._wake.listen(Topic.OUTBOX) as listener:
                    while not self._stopping:
                        if not await self._send_some():
                            await asyncio.to_thread(listener.wait, 0.3)
            except BaseException:
                settling.cancel()
                raise
            while sum(self._under_way.values()) or not self._settled.empty():  # noqa: ASYNC110 - at the end of a life, counted not signalled
                await asyncio.sleep(0.05)
            settling.cancel()

    def stop(self) -> None:
        self._stopping = True

    async def _send_some(self) -> bool:
        busy_sos = self._under_way.get(Lane.SOS, 0)
        busy = sum(self._under_way.values()) - busy_sos
        if busy_sos >= SOS_SLOTS:
            return False
        only_sos = busy >= SLOTS
        limit = SOS_SLOTS - busy_sos if only_sos else min(SLOTS - busy, SLOTS)
        try:
            parcels = await asyncio.to_thread(self._claim_fairly, limit, only_sos)
        except Exception as error:  # noqa: BLE001 - the outermost loop: the database may be away for a moment
            logs.event("worker.loop_failed", loop="delivery", error=type(error).__name__)
            await asyncio.sleep(0.5)
            return False
        for parcel in parcels:
            self._count(parcel.leased, 1)
            asyncio.create_task(self._send(parcel))  # noqa: RUF006 - counted in _under_way, ends with a settlement
        return bool(parcels)

    def _count(self, leased: Leased, by: int) -> None:
        self._under_way[leased.lane] = self._under_way.get(leased.lane, 0) + by
        if leased.lane is not Lane.SOS:
            self._by_channel[leased.channel] = self._by_channel.get(leased.channel, 0) + by

    def _claim_fairly(self, limit: int, only_sos: bool) -> list[Parcel]:  # noqa: FBT001
        """A channel with many attempts under way is claimed from no further, but for an SOS, while there are others."""
        alone = len(self._senders) == 1
        room = {channel: (SLOTS if alone else CHANNEL_SLOTS) - self._by_channel.get(channel, 0) for channel in self._senders}
        full = [channel for channel, left in room.items() if left <= 0]
        if only_sos or not full:
            return self._claim(limit if only_sos else min(limit, *room.values(), SLOTS), only_sos, list(self._senders))
        urgent = self._claim(limit, True, full)
        others = [channel for channel in room if channel not in full]
        return urgent + (self._claim(limit, False, others) if others else [])

    def _claim(self, limit: int, only_sos: bool, channels: list[str]) -> list[Parcel]:  # noqa: FBT001
        with self._database.write() as unit:
            leased = outbox.claim(unit, holder=self._holder, limit=limit, channels=channels, only_sos=only_sos)
            return [parcel for row in leased if (parcel := self._open_or_fail(unit, row))]

    def expire_left_over(self) -> None:
        """End what waits for a channel whose settings are gone; a person is told. Replies on the web wait on her page, nobody is told."""
        with self._database.write() as unit:
            for survivor_id in outbox.expire_left_over(unit, channels_served=[*self._senders, Channel.WEB.value]):
                self._tasks.leave(unit, kind=TaskKind.STALE_REPLY, survivor_id=survivor_id)
            outbox.expire_left_over(unit, channels_served=list(self._senders))

    def _open_or_fail(self, unit: Unit, leased: Leased) -> Parcel | None:
        """One message that cannot be opened keeps no other from leaving; a person is told that she has not been."""
        try:
            with unit.savepoint():
                return self._open(unit, leased)
        except (OperationalError, KeysUnavailable, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is wrong with this one alone
            logs.problem("delivery.gave_up", outbox=leased.id, provider=leased.provider, detail=type(error).__name__)
            outbox.settle(unit, leased, Outbox.FAILED, why="unreadable")
            self._tell(unit, leased, Fate.FAILED)
            return None

    def _open(self, unit: Unit, leased: Leased) -> Parcel | None:
        """Ask safe contact and open the message; None when it may not or cannot leave. Staff are asked nothing: pages never expire."""
        if leased.key_kind is KeyKind.STAFF:
            return _parcel(leased, staff_key(self._keystore))
        window = self._survivors.window_of(unit, leased.contact_id) or leased.expires_at
        verdict = safe_contact.ask(
            now=unit.now,
            window_until=window,
            expires_at=leased.expires_at,
            purpose=leased.purpose,
            rules=self._rules(unit, leased),
            channel=Channel(leased.channel),
        )
        if verdict is not Verdict.SEND:
            outbox.settle(unit, leased, Outbox.HELD if verdict is Verdict.HOLD else Outbox.EXPIRED, why=verdict.value)
            self._tasks.leave(unit, kind=TaskKind.STALE_REPLY, survivor_id=leased.survivor_id)
            logs.event("delivery.held", outbox=leased.id, why=verdict.value)
            return None
        try:
            parcel = _parcel(leased, self._key(unit, leased))
        except (KeyGone, NoSuchKey):  # she was forgotten meanwhile
            outbox.settle(unit, leased, Outbox.FAILED, why="key_gone")
            return None
        if leased.purpose is Purpose.UNSOLICITED and unit.now > window and not self._is_neutral(str(parcel.body["text"])):
            outbox.settle(unit, leased, Outbox.FAILED, why="not_neutral")
            self._tasks.leave(unit, kind=TaskKind.BLOCKED_TEXT, survivor_id=leased.survivor_id)
            return None
        return parcel

    def _rules(self, unit: Unit, leased: Leased) -> Rules | None:
        """Her own rules, where nobody asked for the message: no other message needs them."""
        if leased.purpose is not Purpose.UNSOLICITED or leased.survivor_id is None:
            return None
        try:
            return contact_rules.rules_of(unit.conn, leased.survivor_id, self._survivors.key_of(unit, leased.survivor_id))
        except KeyGone:
            return None

    def _key(self, unit: Unit, leased: Leased) -> bytes:
        if leased.key_kind is KeyKind.TRANSIT:
            return self._keystore.transit_key(leased.id)
        if leased.survivor_id is None:
            raise KeyGone
        return self._survivors.key_of(unit, leased.survivor_id).raw

    async def _send(self, parcel: Parcel) -> None:
        leased = parcel.leased
        try:
            result = await asyncio.wait_for(self._sender(leased)(parcel), PROVIDER_TIMEOUT[leased.lane].total_seconds())
        except TimeoutError:
            result = Outcome(sent=False, detail="timeout")
        except Exception as error:  # noqa: BLE001 - a provider's fault is a failed attempt
            result = Outcome(sent=False, detail=type(error).__name__)
        await self._settled.put((leased, result))

    def _sender(self, leased: Leased) -> Send:
        """The provider that brought her in; after repeated failure another one of the same channel stands in."""
        of_channel = self._senders[leased.channel]
        order = [leased.provider] if leased.provider in of_channel else []
        order += [name for name in of_channel if name != leased.provider]
        if not order:
            return _nobody
        turn = max(0, leased.attempt - 1) // _STAND_IN_AFTER
        return of_channel[order[turn % len(order)]]

    async def _settle_forever(self) -> None:
        while True:
            results = [await self._settled.get()]
            while not self._settled.empty():
                results.append(self._settled.get_nowait())
            while True:
                try:
                    await asyncio.to_thread(self._settle, results)
                    break
                except Exception as error:  # noqa: BLE001 - a result must reach the database, or the message is sent again
                    logs.event("worker.loop_failed", loop="settle", error=type(error).__name__)
                    await asyncio.sleep(0.3)
            for leased, _ in results:
                self._count(leased, -1)

    def _settle(self, results: list[tuple[Leased, Outcome]]) -> None:
        shredded = []
        with self._database.write() as unit:
            for leased, result in results:
                if result.sent:
                    if outbox.settle(unit, leased, Outbox.SENT, provider_ref=self._sealed_ref(unit, leased, result)):
                        self._tell_staff(unit, leased, Fate.SENT)
                    if leased.key_kind is KeyKind.TRANSIT:
                        shredded.append(leased.id)
                else:
                    self._failed(unit, leased, result)
            self._wake.ring(unit, Topic.OUTBOX)
        if shredded:
            try:
                self._keystore.shred_transit(shredded, now=self._database.clock.now())
            except (KeysUnavailable, OSError) as error:  # they end with their hour anyway: nothing may wait for this
                logs.event("worker.loop_failed", loop="shred", error=type(error).__name__)

    def _sealed_ref(self, unit: Unit, leased: Leased, result: Outcome) -> bytes | None:
        """The provider's id of our message, sealed: needed to delete it from a chat later."""
        if result.provider_ref is None or leased.survivor_id is None or leased.key_kind is KeyKind.TRANSIT:
            return None
        try:
            key = self._survivors.key_of(unit, leased.survivor_id)
        except KeyGone:
            return None
        return key.seal(result.provider_ref.encode(), table="outbox", column="provider_ref", row=leased.id)

    def _failed(self, unit: Unit, leased: Leased, result: Outcome) -> None:
        logs.event("delivery.failed", outbox=leased.id, provider=leased.provider, attempt=leased.attempt, detail=result.detail)
        alone = len(self._senders[leased.channel]) <= 1
        if result.permanent and alone:
            if outbox.settle(unit, leased, Outbox.FAILED, why=result.detail[:32]):
                self._tell(unit, leased, Fate.FAILED)
            logs.event("delivery.gave_up", outbox=leased.id, provider=leased.provider, detail=result.detail)
            return
        outbox.try_again(unit, leased, not_before=unit.now + _pause(leased, result))
        self._tell_staff(unit, leased, Fate.MISSED)

    def _tell(self, unit: Unit, leased: Leased, fate: Fate) -> None:
        """A person is told that she has not been; of a message to staff, whoever paged them."""
        if leased.key_kind is KeyKind.STAFF:
            self._tell_staff(unit, leased, fate)
        else:
            self._tasks.leave(unit, kind=TaskKind.STALE_REPLY, survivor_id=leased.survivor_id)

    def _tell_staff(self, unit: Unit, leased: Leased, fate: Fate) -> None:
        if leased.key_kind is not KeyKind.STAFF:
            return
        try:
            with unit.savepoint():
                self._staff_fared(unit, leased.id, leased.contact_id, fate)
        except (OperationalError, KeysUnavailable, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whoever is told must not keep a settlement from the database
            logs.problem("delivery.untold", outbox=leased.id, error=type(error).__name__)


def _parcel(leased: Leased, key: bytes) -> Parcel:
    address = open_sealed(key, leased.address, table="outbox", column="address", row=leased.id).decode()
    return Parcel(leased, address, json.loads(open_sealed(key, leased.body, table="outbox", column="body", row=leased.id)))


def _pause(leased: Leased, result: Outcome) -> timedelta:
    if result.retry_after is not None:
        return min(timedelta(seconds=max(0.0, min(result.retry_after, 1e6))), LONGEST_PAUSE)
    seconds = _BACK_OFF[min(leased.attempt - 1, len(_BACK_OFF) - 1)]
    return timedelta(seconds=min(seconds, 3) if leased.lane is Lane.SOS else seconds)


async def _nobody(_: Parcel) -> Outcome:
    return Outcome(sent=False, detail="no_provider")
