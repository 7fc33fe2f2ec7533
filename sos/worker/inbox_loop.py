"""Takes the inbox: claims in micro-batches, reads outside any lock, answers in one commit. Never loses a message: what fails is tried
three times and then parked, sealed; an SOS word in it still raises an alert. A database or keystore that is away is no fault of the
message: it is given back and waits.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from sqlalchemy.exc import DBAPIError, OperationalError

from sos import logs
from sos.db.database import Database, Unit
from sos.db.statements import is_deadlock
from sos.db.wake import Topic, Wake
from sos.inbox import actions as inbox
from sos.inbox.actions import CannotRead, Claimed, LeaseLost
from sos.keys.keystore import Keystore, KeysUnavailable

BATCH = 50
BATCH_SECONDS = 0.02
"""A batch ends after 50 messages or 20 ms inside the transaction, so that intake never waits long."""
CRASHES = 5
"""A message that was claimed more often than this, although every failure gives it back, ends the process each time: it is not opened again."""
DEADLOCKS = 5
"""A batch that the database takes back, because it and another transaction waited for each other, is begun again at once, a message at a time."""
_SCAN = 500
_AWAY = (OperationalError, KeysUnavailable, OSError)
"""The ground gives way, not the message: the database locked, full or restarting, the keystore not there."""
_BACK_AFTER = timedelta(seconds=1)


class Crashing(Exception):
    """This message was never dealt with, although it was claimed again and again."""


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
    _urgent: dict[bytes, int] = field(default_factory=dict, repr=False)
    """whoever wrote an SOS that waits -> the number of that row; older messages of hers come before it"""
    _owed: list[Claimed] = field(default_factory=list, repr=False)
    """claimed and not yet answered: what is left here when the database or the keystore goes away is given back"""

    def run_once(self) -> int:
        """Answer one batch; returns how many messages were dealt with."""
        started = time.perf_counter()
        first = self._senders_in_danger()
        with self.database.write() as unit:
            inbox.hand_back(unit, self._owed, holder=self.holder, after=_BACK_AFTER)
            claimed = inbox.claim(unit, holder=self.holder, limit=BATCH, first=first)
        self._owed = claimed
        if not claimed:
            return 0
        self._answer_all([(row, *self._prepare(row)) for row in claimed])
        logs.event("worker.batch", count=len(claimed), milliseconds=round((time.perf_counter() - started) * 1000))
        return len(claimed)

    def _senders_in_danger(self) -> Sequence[bytes]:
        """SOS words are sought in all waiting rows first: whoever wrote one is answered before all others."""
        if self._urgent:
            with self.database.read() as conn:
                waits = inbox.still_waiting(conn, self._urgent.values())
            self._urgent = {sender: seq for sender, seq in self._urgent.items() if seq in waits}
        rows = self._unseen()
        if len(rows) <= 1 and not self._urgent:
            return ()
        while rows:
            for row in rows:
                self._scanned = row.seq
                if self._is_sos(self._open(row)):
                    self._urgent[row.sender_key] = row.seq
            rows = self._unseen() if len(rows) == _SCAN and not self._urgent else []
        return tuple(self._urgent)[:100]

    def _unseen(self) -> list[Claimed]:
        with self.database.read() as conn:
            return inbox.waiting(conn, after_seq=self._scanned, limit=_SCAN)

    def _is_sos(self, opened: bytes | None) -> bool:
        """A text that cannot even be looked through counts as one: nobody is passed over because of what she wrote."""
        try:
            return opened is not None and self.reading.is_sos(opened)
        except Exception as error:  # noqa: BLE001 - one message's fault must not stop the search
            logs.event("worker.loop_failed", loop="search", error=type(error).__name__)
            return True

    def _open(self, row: Claimed) -> bytes | None:
        try:
            return inbox.open_body(self.keystore, row)
        except CannotRead:
            return None

    def _prepare(self, row: Claimed) -> tuple[bytes | None, Prepared | Exception]:
        if row.attempt > CRASHES:
            return None, Crashing(row.seq)
        opened = self._open(row)
        if opened is None:
            return None, CannotRead(row.seq)
        try:
            return opened, self.reading.prepare(row, opened)
        except KeysUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - an unreadable message is parked, the others go on
            return opened, error

    def _answer_all(self, prepared: Sequence[tuple[Claimed, bytes | None, Prepared | Exception]]) -> None:
        rest, again = list(prepared), 0
        while rest:
            try:
                taken = self._answer_some(rest, alone=bool(again))
            except DBAPIError as error:
                if not is_deadlock(error) or again >= DEADLOCKS:
                    raise
                again += 1
                logs.event("worker.batch_again", error=type(error).__name__)
                continue
            del rest[:taken]
            again, self._owed = 0, [row for row, *_ in rest]

    def _answer_some(self, rest: Sequence[tuple[Claimed, bytes | None, Prepared | Exception]], *, alone: bool) -> int:
        """One transaction; how many it answered. `alone`: one message only, so that it waits for nobody who waits for it."""
        until = time.perf_counter() + BATCH_SECONDS
        taken = 0
        with self.database.write() as unit:
            while taken < len(rest) and ((time.perf_counter() < until and not alone) or not taken):
                self._answer(unit, *rest[taken])
                taken += 1
            self.wake.ring(unit, Topic.OUTBOX)
        return taken

    def _answer(self, unit: Unit, row: Claimed, opened: bytes | None, prepared: Prepared | Exception) -> None:
        if isinstance(prepared, Exception):
            self._give_back(unit, row, opened, prepared)
            return
        try:
            with unit.savepoint():
                prepared.take(unit)
                inbox.finish(unit, row, holder=self.holder)
        except LeaseLost:
            return  # another worker answered: ours is undone
        except _AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one message's fault must not keep the others from their answer
            self._give_back(unit, row, opened, error)

    def _give_back(self, unit: Unit, row: Claimed, opened: bytes | None, error: Exception) -> None:
        logs.event("worker.message_failed", seq=row.seq, attempt=row.attempt, error=type(error).__name__)
        if row.attempt < inbox.TRIES and not isinstance(error, Crashing):
            inbox.release(unit, row, holder=self.holder, after=timedelta(milliseconds=200 * row.attempt))
            return
        danger = isinstance(error, Crashing) or self._is_sos(opened)
        try:
            with unit.savepoint():
                self._leave_to_a_person(unit, row, opened, danger=danger)
                inbox.park(unit, row, holder=self.holder, why=type(error).__name__[:32])
        except LeaseLost:
            return
        logs.problem("worker.parked", seq=row.seq, why=type(error).__name__)

    def _leave_to_a_person(self, unit: Unit, row: Claimed, opened: bytes | None, *, danger: bool) -> None:
        """The task and the alert. When even they fail with this text, they are left without it."""
        for text in (opened, None):
            try:
                with unit.savepoint():
                    self.reading.park(unit, row, text, danger)
            except _AWAY:
                raise
            except Exception as error:  # noqa: BLE001 - a message that nobody can take must not block those behind it
                logs.problem("worker.loop_failed", loop="park", error=type(error).__name__)
            else:
                return
