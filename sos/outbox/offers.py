"""Something prepared that leaves only if she says so: held under a transit key, so that it outlives her own key by an hour at most."""

from sqlalchemy import select, update

from sos.db.database import Unit
from sos.encryption import CannotOpen, open_sealed
from sos.keys.keystore import Keystore, NoSuchKey
from sos.outbox.models import OutboxRow
from sos.outbox.states import KeyKind, Outbox

WHY = "offer"


def hold(unit: Unit, outbox_id: str) -> None:
    """Keep a message that was just queued until she accepts it."""
    unit.conn.execute(update(OutboxRow).where(OutboxRow.id == outbox_id).values(state=Outbox.HELD.value, why=WHY))


def address_of(unit: Unit, keystore: Keystore, outbox_id: str) -> str | None:
    """To whom an offer was made; None where there is none, or its hour is over."""
    wanted = select(OutboxRow.address).where(
        OutboxRow.id == outbox_id,
        OutboxRow.state == Outbox.HELD.value,
        OutboxRow.why == WHY,
        OutboxRow.key_kind == KeyKind.TRANSIT.value,
        OutboxRow.expires_at > unit.now,
    )
    sealed = unit.conn.execute(wanted).scalar()
    if sealed is None:
        return None
    try:
        return open_sealed(keystore.transit_key(outbox_id), sealed, table="outbox", column="address", row=outbox_id).decode()
    except (NoSuchKey, CannotOpen):
        return None


def accept(unit: Unit, outbox_id: str) -> bool:
    """She wants it: from now on it waits like any other message. False when it is gone."""
    held = update(OutboxRow).where(OutboxRow.id == outbox_id, OutboxRow.state == Outbox.HELD.value, OutboxRow.why == WHY)
    return unit.conn.execute(held.values(state=Outbox.WAITING.value, why=None)).rowcount == 1
