"""The daily test: an SOS of nobody, paged to nobody, that goes all the way. Never wakes a person, never stands in a queue, is never counted.

Its sender is an address that only the keystore can spell, so that no message of anybody can be taken for it and vanish. Its staff is one stand-in
who is no member. When it is over nothing is left of it but the audit's ids and a sign of life.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from sos.alerts.escalation.people import Staff
from sos.alerts.escalation.roster import Person
from sos.alerts.models import AlertBarRow, AlertEntryRow, AlertRow
from sos.alerts.paging.models import PageRow
from sos.alerts.states import Alert, Clockwork
from sos.db.database import Unit
from sos.deadlines.actions import cancel
from sos.encryption import index
from sos.keys.keystore import Keystore
from sos.survivors.address import Address, Channel
from sos.survivors.models import SurvivorRow

STAND_IN: Final = "synthetic"
"""The member id of nobody."""
STAFF: Final = Staff(
    people=(Person(STAND_IN, "", frozenset({"operator"}), frozenset(), frozenset()),),
    on_duty=frozenset({STAND_IN}),
    on_rota=frozenset({STAND_IN}),
)


@dataclass(frozen=True, slots=True)
class Run:
    """A daily test under way."""

    alert_id: str
    survivor_id: str | None
    state: Alert
    raised_at: datetime


def sender(keystore: Keystore) -> Address:
    """Who writes it."""
    return Address(Channel.SMS, f"{STAND_IN}-{index(keystore.once_key, b'synthetic sender')[:12].hex()}")


def under_way(conn: Connection) -> Sequence[Run]:
    """Those that have not been forgotten yet, the oldest first."""
    wanted = select(AlertRow.id, AlertRow.survivor_id, AlertRow.state, AlertRow.raised_at).where(AlertRow.synthetic)
    return [Run(row.id, row.survivor_id, Alert(row.state), row.raised_at) for row in conn.execute(wanted.order_by(AlertRow.number))]


def forget(unit: Unit, alert_id: str) -> None:
    """Leave nothing of it. Does nothing to an alert that is not synthetic."""
    if unit.conn.execute(select(AlertRow.id).where(AlertRow.id == alert_id, AlertRow.synthetic)).first() is None:
        return
    for kind in Clockwork:
        cancel(unit, kind=kind, subject=alert_id)
    for table in (PageRow, AlertEntryRow, AlertBarRow):
        unit.conn.execute(delete(table).where(table.alert_id == alert_id))
    unit.conn.execute(delete(AlertRow).where(AlertRow.id == alert_id))


def forget_nobody(unit: Unit, survivor_id: str) -> None:
    """Remove the empty row that an erased person leaves; one that still has a key stays."""
    unit.conn.execute(delete(SurvivorRow).where(SurvivorRow.id == survivor_id, SurvivorRow.wrapped_key.is_(None)))
