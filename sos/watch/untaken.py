"""Since when the oldest alert waits for a person: one time and nothing else. Knows no word, no number, no person; reads the table by its names,
because the watchdog stands below the rooms that it watches.
"""

from datetime import datetime

from sqlalchemy import Boolean, Connection, String, column, false, func, select, table, text

from sos.db.types import UTCDateTime

_ALERTS = table(
    "alerts",
    column("state", String),
    column("raised_at", UTCDateTime),
    column("acted_at", UTCDateTime),
    column("synthetic", Boolean),
)
WITHOUT_A_PERSON = ("received", "being_shown", "handed_over")
"""States in which nobody has it, as sos.alerts.states names them (a test holds the two together)."""
_SINCE = func.min(func.coalesce(_ALERTS.c.acted_at, _ALERTS.c.raised_at, type_=UTCDateTime), type_=UTCDateTime)
_OPEN = text("state NOT IN ('closed', 'false_alarm')")  # for the index on what is open
_OLDEST = select(_SINCE).where(_OPEN, _ALERTS.c.state.in_(WITHOUT_A_PERSON), _ALERTS.c.synthetic == false())


def oldest(conn: Connection) -> datetime | None:
    """The moment since which no person has acted on the alert that waits longest; None: nobody waits. The daily test does not count."""
    found: datetime | None = conn.execute(_OLDEST).scalar()
    return found
