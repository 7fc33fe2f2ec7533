"""Queue, claim and settle messages on their way. A table and its claim: never talks to a provider, never decides who may be written to.

`attempts + 1` is committed at the claim, so that every repeat is known and marked; a crash may repeat a send (same id), never lose one.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, and_, case, delete, insert, or_, select, update
from sqlalchemy.orm import aliased

from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import skip_locked
from sos.db.types import new_id
from sos.encryption import seal
from sos.outbox.models import OutboxRow
from sos.outbox.states import KeyKind, Lane, Outbox, Purpose

PROVIDER_TIMEOUT = {
    Lane.SOS: timedelta(seconds=3),
    Lane.REPLY: timedelta(seconds=8),
    Lane.PAGE: timedelta(seconds=8),
    Lane.SERVICE: timedelta(seconds=8),
}
"""How long one attempt may take; the lease is this and two seconds."""
_GRACE = timedelta(seconds=2)
_LONGEST_LEASE = max(PROVIDER_TIMEOUT.values()) + _GRACE
LONGEST_PAUSE = timedelta(minutes=5)
"""No message waits longer than this for its next attempt, whatever a gateway asks."""
_FIRST = {Lane.SOS: 0, Lane.PAGE: 1, Lane.REPLY: 2, Lane.SERVICE: 3}
KEPT = timedelta(days=30)
STOPPED = "stopped"
"""Why a message ended that nobody needed any more: a page of an alert that was taken."""
_QUEUE = insert(table_of(OutboxRow))


@dataclass(frozen=True, slots=True)
class Leased:
    """A claimed message, still sealed."""

    id: str
    survivor_id: str | None
    contact_id: str
    channel: str
    provider: str
    lane: Lane
    key_kind: KeyKind
    address: bytes = field(repr=False)
    body: bytes = field(repr=False)
    attempt: int
    queued_at: datetime
    expires_at: datetime
    purpose: Purpose = Purpose.REPLY


def queue(
    unit: Unit,
    *,
    key: bytes,
    key_kind: KeyKind,
    survivor_id: str | None,
    contact_id: str,
    channel: str,
    provider: str,
    address: str,
    body: bytes,
    lane: Lane,
    expires_at: datetime,
    outbox_id: str | None = None,
    purpose: Purpose = Purpose.REPLY,
) -> str:
    """Put one message in its lane; returns its id. `body`: the rendered message as bytes; `key` seals it and the address."""
    row = outbox_id or new_id()
    values = {
        "id": row,
        "survivor_id": survivor_id,
        "contact_id": contact_id,
        "channel": channel,
        "provider": provider,
        "lane": lane.value,
        "key_kind": key_kind.value,
        "address": seal(key, address.encode(), table="outbox", column="address", row=row),
        "body": seal(key, body, table="outbox", column="body", row=row),
        "state": Outbox.WAITING.value,
        "attempts": 0,
        "queued_at": unit.now,
        "not_before": unit.now,
        "expires_at": expires_at,
        "purpose": purpose.value,
    }
    unit.conn.execute(_QUEUE, values)
    return row


def claim(unit: Unit, *, holder: str, limit: int, channels: Collection[str], only_sos: bool = False) -> list[Leased]:
    """Lease the oldest waiting message of each address; the SOS lane first, and never kept back by an older ordinary one.

    A lease or a pause that ends later than any can was written before the clock was set back: it is void.
    """
    row, older = OutboxRow, aliased(OutboxRow)
    has_older = (
        select(older.seq)
        .where(older.state == Outbox.WAITING.value, older.contact_id == row.contact_id, older.seq < row.seq)
        .where(or_(older.attempts > 0, older.not_before <= unit.now))  # one that may still be taken back keeps no other waiting
        .exists()
    )
    free = and_(
        or_(row.not_before <= unit.now, row.not_before > unit.now + LONGEST_PAUSE),
        or_(row.lease_until.is_(None), row.lease_until <= unit.now, row.lease_until > unit.now + _LONGEST_LEASE),
    )
    turn = row.lane == Lane.SOS.value if only_sos else or_(row.lane == Lane.SOS.value, ~has_older)
    rank = case(*((row.lane == lane.value, n) for lane, n in _FIRST.items()), else_=9)
    wanted = (
        select(row.seq, row.lane)
        .where(row.state == Outbox.WAITING.value, row.channel.in_(list(channels)), free, turn)
        .order_by(rank, row.seq)
        .limit(limit)
    )
    found = unit.conn.execute(skip_locked(wanted)).all()
    for lane in {Lane(candidate.lane) for candidate in found}:
        seqs = [candidate.seq for candidate in found if candidate.lane == lane.value]
        lease = {"holder": holder, "lease_until": unit.now + PROVIDER_TIMEOUT[lane] + _GRACE, "attempts": OutboxRow.attempts + 1}
        unit.conn.execute(update(OutboxRow).where(OutboxRow.seq.in_(seqs)).values(lease))
    order = {candidate.seq: n for n, candidate in enumerate(found)}
    rows = unit.conn.execute(select(OutboxRow.__table__).where(OutboxRow.seq.in_(list(order)))).all()
    return [_leased(leased) for leased in sorted(rows, key=lambda leased: order[leased.seq])]


def _leased(row: Row[tuple[object, ...]]) -> Leased:
    return Leased(
        id=row.id,
        survivor_id=row.survivor_id,
        contact_id=row.contact_id,
        channel=row.channel,
        provider=row.provider,
        lane=Lane(row.lane),
        key_kind=KeyKind(row.key_kind),
        address=row.address,
        body=row.body,
        attempt=row.attempts,
        queued_at=row.queued_at,
        expires_at=row.expires_at,
        purpose=Purpose(row.purpose),
    )


def waiting_by(unit: Unit, provider: str) -> list[Leased]:
    """What waits for one provider, oldest first, without leasing it: for a terminal that takes its own replies in the same unit."""
    wanted = select(OutboxRow.__table__).where(OutboxRow.provider == provider, OutboxRow.state == Outbox.WAITING.value)
    return [_leased(row) for row in unit.conn.execute(wanted.order_by(OutboxRow.seq)).all()]


def waiting_at(conn: Connection, contact_id: str) -> list[Leased]:
    """What waits for one address, oldest first; not leased. For the web page, which shows it itself and settles it as sent."""
    wanted = select(OutboxRow.__table__).where(OutboxRow.state == Outbox.WAITING.value, OutboxRow.contact_id == contact_id)
    return [_leased(row) for row in conn.execute(wanted.order_by(OutboxRow.seq)).all()]


def settle(unit: Unit, leased: Leased, state: Outbox, *, why: str | None = None, provider_ref: bytes | None = None) -> bool:
    """Record what became of the attempt; body and address go unless it is held. False when another already settled it."""
    values: dict[str, object] = {"state": state.value, "why": why, "left_at": unit.now, "holder": None, "lease_until": None}
    if state is not Outbox.HELD:
        values |= {"body": None, "address": None}
    if provider_ref is not None:
        values["provider_ref"] = provider_ref
    moved = update(OutboxRow).where(OutboxRow.id == leased.id, OutboxRow.state == Outbox.WAITING.value).values(values)
    if state is not Outbox.SENT:  # sent is sent, whoever sent it; but who was stopped past the lease does not end another's attempt
        moved = moved.where(OutboxRow.attempts == leased.attempt)
    return unit.conn.execute(moved).rowcount == 1


def try_again(unit: Unit, leased: Leased, *, not_before: datetime) -> None:
    """Put a message back for a later attempt, if its lease is still ours."""
    mine = and_(OutboxRow.id == leased.id, OutboxRow.state == Outbox.WAITING.value, OutboxRow.attempts == leased.attempt)
    unit.conn.execute(update(OutboxRow).where(mine).values(not_before=not_before, holder=None, lease_until=None))


def expire_left_over(unit: Unit, *, channels_served: Collection[str]) -> list[str | None]:
    """End what is too old and waits for a channel that nobody serves; returns whose it was, for each message."""
    gone = and_(OutboxRow.state == Outbox.WAITING.value, OutboxRow.expires_at < unit.now, OutboxRow.channel.not_in(list(channels_served)))
    whose = list(unit.conn.execute(select(OutboxRow.survivor_id).where(gone)).scalars())
    values = {"state": Outbox.EXPIRED.value, "why": "no_channel", "left_at": unit.now, "body": None, "address": None}
    unit.conn.execute(update(OutboxRow).where(gone).values(values | {"holder": None, "lease_until": None}))
    return whose


def report(unit: Unit, outbox_id: str, state: Outbox) -> bool:
    """What the carrier says later; ignored (False) for an unknown id or a state that has no such move."""
    moved = update(OutboxRow).where(OutboxRow.id == outbox_id, OutboxRow.state == Outbox.SENT.value)
    return unit.conn.execute(moved.values(state=state.value)).rowcount == 1


def void_leases(unit: Unit, holders: Collection[str]) -> int:
    """Free what is leased to workers that are known to be dead."""
    gone = update(OutboxRow).where(OutboxRow.state == Outbox.WAITING.value, OutboxRow.holder.in_(list(holders)))
    return unit.conn.execute(gone.values(lease_until=None, holder=None)).rowcount


def forget_person(unit: Unit, survivor_id: str) -> None:
    """Remove everything on its way to this person; what waits can no longer be read anyway."""
    unit.conn.execute(delete(OutboxRow).where(OutboxRow.survivor_id == survivor_id))


def oldest_waiting(conn: Connection, lane: Lane) -> datetime | None:
    """When the oldest unsent message of this lane was queued."""
    wanted = select(OutboxRow.queued_at).where(OutboxRow.state == Outbox.WAITING.value, OutboxRow.lane == lane.value)
    found: datetime | None = conn.execute(wanted.order_by(OutboxRow.seq).limit(1)).scalar()
    return found


def forget_old(unit: Unit) -> int:
    """Drop settled rows whose 30 days are over."""
    old = delete(OutboxRow).where(OutboxRow.state != Outbox.WAITING.value, OutboxRow.queued_at < unit.now - KEPT)
    return unit.conn.execute(old).rowcount


def stop(unit: Unit, outbox_ids: Collection[str]) -> int:
    """Take messages off their way: whatever still waits can no longer be claimed once this unit is committed; how many that were.

    An attempt under way at this moment may still reach the gateway; it is not repeated.
    """
    if not outbox_ids:
        return 0
    gone = update(OutboxRow).where(OutboxRow.id.in_(list(outbox_ids)), OutboxRow.state == Outbox.WAITING.value)
    values = {"state": Outbox.EXPIRED.value, "why": STOPPED, "left_at": unit.now, "holder": None, "lease_until": None}
    return unit.conn.execute(gone.values(**values, body=None, address=None)).rowcount
