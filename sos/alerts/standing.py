"""Where one alert stands, for what she is told. Never moves an alert."""

from sqlalchemy import Connection, select

from sos.alerts.models import AlertRow
from sos.alerts.states import Alert


def state_of(conn: Connection, alert_id: str) -> Alert | None:
    """The state of this alert; None where there is none."""
    found = conn.execute(select(AlertRow.state).where(AlertRow.id == alert_id)).scalar()
    return Alert(found) if found is not None else None
