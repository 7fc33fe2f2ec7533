"""A member's turns as a calendar that her own telephone may fetch (RFC 5545). Neutral titles, no name, no place, no organisation: phones are read by others."""

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from sos.staff.duty.rota import Occurrence

TITLE = "Turn"


def calendar(occurrences: Iterable[Occurrence], *, now: datetime) -> bytes:
    """The occurrences as a read-only calendar, each with an id that stays the same while it is planned."""
    made = Calendar()
    made.add("prodid", "-//turns//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in occurrences:
        event = Event()
        event.add("uid", f"{one.turn_id}-{one.starts:%Y%m%dT%H%M}")
        event.add("summary", TITLE)
        event.add("dtstart", one.starts)
        event.add("dtend", one.ends)
        event.add("dtstamp", now)
        event.add("class", "PRIVATE")
        made.add_component(event)
    return bytes(made.to_ical())
