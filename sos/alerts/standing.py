"""Where one alert stands, for what she is told; and what is shredded when it ends. Never moves an alert."""

from sqlalchemy import Connection, select, update

from sos.alerts.models import AlertEntryRow, AlertRow
from sos.alerts.states import Alert, Note
from sos.db.database import Unit


def state_of(conn: Connection, alert_id: str) -> Alert | None:
    """The state of this alert; None where there is none."""
    found = conn.execute(select(AlertRow.state).where(AlertRow.id == alert_id)).scalar()
    return Alert(found) if found is not None else None


def shred_points(unit: Unit, alert_id: str) -> int:
    """Destroy the points of a moving place; how many there were. Called in the transaction that closes the alert (DOMAIN 6)."""
    points = update(AlertEntryRow).where(
        AlertEntryRow.alert_id == alert_id, AlertEntryRow.kind == Note.POINT.value, AlertEntryRow.body.is_not(None)
    )
    return unit.conn.execute(points.values(body=None)).rowcount
