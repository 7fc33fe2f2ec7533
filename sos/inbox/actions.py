"""Accept, claim, finish and park messages. Accepting looks nothing up: its timing must not tell who is known.

A row is leased for 5 seconds to one worker incarnation. Finishing is conditional on the lease still being held, so that a worker which
was stopped and resumed past its lease changes nothing (DESIGN 4, 5).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, bindparam, case, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved, insert_once, skip_locked
from sos.encryption import CannotOpen, index, open_sealed, seal
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox, Source
from sos.keys.keystore import Epoch, Keystore, NoSuchKey

LEASE = timedelta(seconds=5)
TRIES = 3
_TURN = timedelta(minutes=1)
"""So long a message of the epoch before keeps newer ones back; one that is stuck must not keep everybody back."""
KEPT = timedelta(days=30)
"""How long a repeated delivery is recognised."""


_HELD = update(table_of(InboxRow)).where(
    InboxRow.seq == bindparam("of"),
    InboxRow.state == Inbox.WAITING.value,
    InboxRow.holder == bindparam("held_by"),
    InboxRow.attempts == bindparam("attempt"),
)
_FINISH = _HELD.values(state=Inbox.DONE.value, body=None, sender_key=None, epoch=None, holder=None, lease_until=None)
_HAND_BACK = _HELD.values(attempts=1, holder=None, lease_until=bindparam("until"))
_PARK = _HELD.values(state=Inbox.PARKED.value, why=bindparam("reason"), holder=None, lease_until=None)


class LeaseLost(AlreadyMoved):
    """The lease lapsed and another worker has the message, or has answered it."""


class CannotRead(Exception):
    """The body does not open any more: its epoch was destroyed, or it is damaged."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A leased row, still sealed."""

    seq: int
    provider: str
    kind: Source
    epoch: str
    once_key: bytes = field(repr=False)
    sender_key: bytes = field(repr=False)
    body: bytes = field(repr=False)
    received_at: datetime
    attempt: int


def accept(
    unit: Unit, keystore: Keystore, *, provider: str, provider_id: str, sender: bytes, body: bytes, kind: Source = Source.MESSAGE
) -> bool:
    """Store one message, sealed; one INSERT. False when this delivery is already known. `sender`: `Address.for_index()`."""
    epoch = keystore.current
    once_key = index(keystore.once_key, f"{provider}\x1f{kind.value}\x1f{provider_id}".encode())
    values = {
        "once_key": once_key,
        "provider": provider,
        "kind": kind.value,
        "epoch": epoch.id,
        "sender_key": epoch.index_of(sender),
        "body": seal(epoch.intake, body, table="inbox", column="body", row=once_key.hex()),
        "received_at": unit.now,
        "state": Inbox.WAITING.value,
        "attempts": 0,
    }
    return insert_once(unit.conn, table_of(InboxRow), values, key="once_key")


def claim(unit: Unit, *, holder: str, limit: int, first: Collection[bytes] = ()) -> list[Claimed]:
    """Lease the oldest waiting row of each sender, at most `limit`; senders in `first` (an SOS waits there) before all others.

    A row that was claimed before comes alone: if it makes the worker crash, it takes no other message with it. After a turn of the keys
    the rows of the older epoch go first for a minute, because one sender has another key in each; an SOS does not wait for them. A lease
    that ends later than any lease can was written before the clock was set back: it is void.
    """
    row, older = InboxRow, aliased(InboxRow)
    has_older = (
        select(older.seq).where(older.state == Inbox.WAITING.value, older.sender_key == row.sender_key, older.seq < row.seq).exists()
    )
    free = or_(row.lease_until.is_(None), row.lease_until <= unit.now, row.lease_until > unit.now + LEASE)
    young = unit.now - _TURN
    wanted_epoch = select(older.epoch).where(older.state == Inbox.WAITING.value, older.received_at > young).order_by(older.seq).limit(1)
    oldest = wanted_epoch.scalar_subquery()
    in_turn = or_(row.epoch == oldest, row.received_at <= young, row.sender_key.in_(list(first)))
    order = [case((row.sender_key.in_(list(first)), 0), else_=1)] if first else []
    wanted = (
        select(row.seq, row.attempts)
        .where(row.state == Inbox.WAITING.value, free, in_turn, ~has_older)
        .order_by(*order, row.seq)
        .limit(limit)
    )
    found = unit.conn.execute(skip_locked(wanted)).all()
    if not found:
        return []
    chosen = [found[0].seq] if found[0].attempts else [candidate.seq for candidate in found if not candidate.attempts]
    leased = {"holder": holder, "lease_until": unit.now + LEASE, "attempts": InboxRow.attempts + 1}
    unit.conn.execute(update(InboxRow).where(InboxRow.seq.in_(chosen)).values(leased))
    rows = unit.conn.execute(select(InboxRow.__table__).where(InboxRow.seq.in_(chosen))).mappings().all()
    place = {seq: n for n, seq in enumerate(chosen)}
    return sorted((_claimed(dict(r)) for r in rows), key=lambda claimed: place[claimed.seq])


def _claimed(row: dict[str, object]) -> Claimed:
    return Claimed(
        seq=row["seq"],  # type: ignore[arg-type]
        provider=str(row["provider"]),
        kind=Source(str(row["kind"])),
        epoch=str(row["epoch"]),
        once_key=row["once_key"],  # type: ignore[arg-type]
        sender_key=row["sender_key"],  # type: ignore[arg-type]
        body=row["body"],  # type: ignore[arg-type]
        received_at=row["received_at"],  # type: ignore[arg-type]
        attempt=row["attempts"],  # type: ignore[arg-type]
    )


def open_body(keystore: Keystore, claimed: Claimed) -> bytes:
    """The request as it came. Raises CannotRead."""
    try:
        epoch: Epoch = keystore.epoch(claimed.epoch)
        return open_sealed(epoch.intake, claimed.body, table="inbox", column="body", row=claimed.once_key.hex())
    except (NoSuchKey, CannotOpen):
        raise CannotRead(claimed.seq) from None


def finish(unit: Unit, claimed: Claimed, *, holder: str) -> None:
    """The message is answered in this transaction: forget its body and sender. Raises LeaseLost."""
    _leave(unit, claimed, holder, _FINISH, {})


def park(unit: Unit, claimed: Claimed, *, holder: str, why: str) -> None:
    """Set the message aside, sealed, for a person. Raises LeaseLost."""
    _leave(unit, claimed, holder, _PARK, {"reason": why})


def release(unit: Unit, claimed: Claimed, *, holder: str, after: timedelta) -> None:
    """Give a failed message back for a later try."""
    unit.conn.execute(
        update(InboxRow)
        .where(InboxRow.seq == claimed.seq, InboxRow.state == Inbox.WAITING.value, InboxRow.holder == holder)
        .values(lease_until=unit.now + after)
    )


def hand_back(unit: Unit, claimed: Collection[Claimed], *, holder: str, after: timedelta) -> None:
    """Give back what could not be answered because the database or the keystore was away: no fault of theirs, so no try is counted.

    They keep one, so that each comes alone: a message that is the cause after all takes no other with it.
    """
    for row in claimed:
        unit.conn.execute(_HAND_BACK, {"of": row.seq, "held_by": holder, "attempt": row.attempt, "until": unit.now + after})


def _leave(unit: Unit, claimed: Claimed, holder: str, left: Update, values: Mapping[str, object]) -> None:
    if unit.conn.execute(left, {"of": claimed.seq, "held_by": holder, "attempt": claimed.attempt, **values}).rowcount != 1:
        raise LeaseLost("inbox")


def void_leases(unit: Unit, holders: Collection[str]) -> int:
    """Free the rows leased to workers that are known to be dead."""
    gone = update(InboxRow).where(InboxRow.state == Inbox.WAITING.value, InboxRow.holder.in_(list(holders)))
    return unit.conn.execute(gone.values(lease_until=None, holder=None)).rowcount


def waiting(conn: Connection, *, after_seq: int, limit: int) -> list[Claimed]:
    """Waiting rows, oldest first, to be looked through for SOS words. Leases nothing."""
    wanted = (
        select(InboxRow.__table__)
        .where(InboxRow.state == Inbox.WAITING.value, InboxRow.seq > after_seq)
        .order_by(InboxRow.seq)
        .limit(limit)
    )
    return [_claimed(dict(row)) for row in conn.execute(wanted).mappings()]


def still_waiting(conn: Connection, seqs: Collection[int]) -> frozenset[int]:
    """Which of these rows are not yet dealt with."""
    wanted = select(InboxRow.seq).where(InboxRow.seq.in_(list(seqs)), InboxRow.state == Inbox.WAITING.value)
    return frozenset(conn.execute(wanted).scalars())


def oldest_waiting(conn: Connection) -> datetime | None:
    """When the oldest unanswered message came in."""
    found: datetime | None = conn.execute(
        select(InboxRow.received_at).where(InboxRow.state == Inbox.WAITING.value).order_by(InboxRow.seq).limit(1)
    ).scalar()
    return found


def count(conn: Connection, state: Inbox) -> int:
    """How many rows are in this state."""
    return conn.execute(select(func.count()).select_from(InboxRow).where(InboxRow.state == state.value)).scalar_one()


def forget_old(unit: Unit) -> int:
    """Drop answered rows whose 30 days are over."""
    old = delete(InboxRow).where(InboxRow.state == Inbox.DONE.value, InboxRow.received_at < unit.now - KEPT)
    return unit.conn.execute(old).rowcount
