"""Takes the inbox: claims in micro-batches, reads outside any lock, answers in one commit. Never loses a message: what fails is tried
three times and then parked, sealed; an SOS word in it still raises an alert.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from sos import logs
from sos.db.database import Database, Unit
from sos.db.statements import AlreadyMoved
from sos.db.wake import Topic, Wake
from sos.inbox import actions as inbox
from sos.inbox.actions import CannotRead, Claimed
from sos.keys.keystore import Keystore

BATCH = 50
BATCH_SECONDS = 0.02
"""A batch ends after 50 messages or 20 ms inside the transaction, so that intake never waits long."""
_SCAN = 500


class Prepared(Protocol):
    """A message read and understood; `take` answers it inside the unit."""

    def take(self, unit: Unit) -> None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """How the worker reads: all three get the opened request and touch no database."""

    prepare: Callable[[Claimed, bytes], Prepared]
    is_sos: Callable[[bytes], bool]
    park: Callable[[Unit, Claimed, bytes | None, bool], None]
    """called in the unit that parks: leaves a task, and raises an alert where the last argument says that an SOS word was seen"""


@dataclass(slots=True)
class InboxLoop:
    """One worker's loop over the inbox."""

    database: Database
    keystore: Keystore
    wake: Wake
    reading: Reading
    holder: str
    _scanned: int = 0
    _urgent: set[bytes] = field(default_factory=set, repr=False)

    def run_once(self) -> int:
        """Answer one batch; returns how many messages were dealt with."""
        started = time.perf_counter()
        first = self._senders_in_danger()
        with self.database.write() as unit:
            claimed = inbox.claim(unit, holder=self.holder, limit=BATCH, first=first)
        if not claimed:
            self._urgent.clear()
            return 0
        self._urgent.difference_update(row.sender_key for row in claimed)
        self._answer_all([(row, *self._prepare(row)) for row in claimed])
        logs.event("worker.batch", count=len(claimed), milliseconds=round((time.perf_counter() - started) * 1000))
        return len(claimed)

    def _senders_in_danger(self) -> Sequence[bytes]:
        """SOS words are sought in all waiting rows first: whoever wrote one is answered before all others."""
        with self.database.read() as conn:
            rows = inbox.waiting(conn, after_seq=self._scanned, limit=_SCAN)
        if len(rows) <= 1 and not self._urgent:
            return ()
        for row in rows:
            self._scanned = row.seq
            opened = self._open(row)
            if opened is not None and self.reading.is_sos(opened):
                self._urgent.add(row.sender_key)
        return tuple(self._urgent)[:100]

    def _open(self, row: Claimed) -> bytes | None:
        try:
            return inbox.open_body(self.keystore, row)
        except CannotRead:
            return None

    def _prepare(self, row: Claimed) -> tuple[bytes | None, Prepared | Exception]:
        opened = self._open(row)
        if opened is None:
            return None, CannotRead(row.seq)
        try:
            return opened, self.reading.prepare(row, opened)
        except Exception as error:  # noqa: BLE001 - an unreadable message is parked, the others go on
            return opened, error

    def _answer_all(self, prepared: Sequence[tuple[Claimed, bytes | None, Prepared | Exception]]) -> None:
        rest = list(prepared)
        while rest:
            until = time.perf_counter() + BATCH_SECONDS
            with self.database.write() as unit:
                while rest and (time.perf_counter() < until or len(rest) == len(prepared)):
                    self._answer(unit, *rest.pop(0))
                self.wake.ring(unit, Topic.OUTBOX)

    def _answer(self, unit: Unit, row: Claimed, opened: bytes | None, prepared: Prepared | Exception) -> None:
        try:
            with unit.savepoint():
                if isinstance(prepared, Exception):
                    raise prepared
                prepared.take(unit)
                inbox.finish(unit, row, holder=self.holder)
        except AlreadyMoved:
            return  # the lease lapsed and another worker answered: ours is undone
        except Exception as error:  # noqa: BLE001 - one message's fault must not keep the others from their answer
            logs.event("worker.message_failed", seq=row.seq, attempt=row.attempt, error=type(error).__name__)
            self._give_back(unit, row, opened, error)

    def _give_back(self, unit: Unit, row: Claimed, opened: bytes | None, error: Exception) -> None:
        if row.attempt < inbox.TRIES:
            inbox.release(unit, row, holder=self.holder, after=timedelta(milliseconds=200 * row.attempt))
            return
        danger = opened is not None and self.reading.is_sos(opened)
        try:
            with unit.savepoint():
                self.reading.park(unit, row, opened, danger)
                inbox.park(unit, row, holder=self.holder, why=type(error).__name__[:32])
        except AlreadyMoved:
            return
        logs.problem("worker.parked", seq=row.seq, why=type(error).__name__)
