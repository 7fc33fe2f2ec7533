"""Looks at the outbox without leasing anything."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from sos.outbox import offers
from sos.outbox.models import OutboxRow
from sos.outbox.states import KeyKind, Outbox, Purpose


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that was to be told her and was not. `why`: `hold`, `cover`, `silence`, `expire`, or a gateway's fixed code."""

    outbox_id: str
    state: Outbox
    purpose: Purpose
    queued_at: datetime
    why: str | None


def untold(conn: Connection, survivor_id: str) -> list[Untold]:
    """What she has not been told since news or a person's words last reached her, oldest first. An answer that the program gave to a message of
    hers in between is no news, and an offer that waits for her choice is nothing untold.
    """
    told = (
        select(OutboxRow.seq)
        .where(
            OutboxRow.survivor_id == survivor_id,
            OutboxRow.state.in_([Outbox.SENT.value, Outbox.DELIVERED.value]),
            OutboxRow.purpose == Purpose.STATE.value,
        )
        .order_by(OutboxRow.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = select(OutboxRow.id, OutboxRow.state, OutboxRow.purpose, OutboxRow.queued_at, OutboxRow.why).where(
        OutboxRow.survivor_id == survivor_id,
        OutboxRow.state.in_([Outbox.HELD.value, Outbox.EXPIRED.value, Outbox.FAILED.value]),
        or_(OutboxRow.why.is_(None), OutboxRow.why != offers.WHY),
        or_(told.is_(None), OutboxRow.seq > told),
    )
    return [
        Untold(row.id, Outbox(row.state), Purpose(row.purpose), row.queued_at, row.why)
        for row in conn.execute(wanted.order_by(OutboxRow.seq))
    ]


def states_of(conn: Connection, outbox_ids: Collection[str]) -> dict[str, Outbox]:
    """What has become of these messages; those whose row is gone after its 30 days are missing."""
    wanted = select(OutboxRow.id, OutboxRow.state).where(OutboxRow.id.in_(list(outbox_ids)))
    return {row.id: Outbox(row.state) for row in conn.execute(wanted)}


def mark(conn: Connection, survivor_id: str) -> str:
    """What changes when one of her messages on their way changes its state; for a page that asks again and again."""
    wanted = select(OutboxRow.state, func.count()).where(OutboxRow.survivor_id == survivor_id).group_by(OutboxRow.state)
    return ".".join(f"{state[:2]}{number}" for state, number in sorted((str(row[0]), int(row[1])) for row in conn.execute(wanted)))


def references(conn: Connection, *, survivor_id: str, contact_id: str, since: datetime) -> list[tuple[str, bytes]]:
    """(row id, the gateway's ids of it, sealed under her key) of what was sent to her at this address since then."""
    wanted = select(OutboxRow.id, OutboxRow.provider_ref).where(
        OutboxRow.survivor_id == survivor_id,
        OutboxRow.contact_id == contact_id,
        OutboxRow.provider_ref.is_not(None),
        OutboxRow.left_at >= since,
    )
    return [(row.id, row.provider_ref) for row in conn.execute(wanted)]


def staff_way(conn: Connection, outbox_id: str) -> str | None:
    """By which way of a member of the staff this message went; None for every other message."""
    wanted = select(OutboxRow.contact_id).where(OutboxRow.id == outbox_id, OutboxRow.key_kind == KeyKind.STAFF.value)
    found: str | None = conn.execute(wanted).scalar()
    return found
