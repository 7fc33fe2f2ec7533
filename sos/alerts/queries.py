"""Reads of this room: the queue without a word, and one alert with its words, audited. A case that a viewer is barred from does not exist for
her: not in a list, not in a count, not by its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from sos.alerts.book import ALERTS, ENTRIES, IS_OPEN, ROWS, Book, not_barred
from sos.alerts.escalation.watching import has_been_read
from sos.alerts.paging.models import PageRow
from sos.alerts.paging.states import By, Page
from sos.alerts.states import HELD, UNTAKEN, Alert, Note, Outcome, Source
from sos.alerts.triage import ORDER, Urgency
from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.encryption import CannotOpen
from sos.keys.keystore import Keystore
from sos.survivors.keys import PersonKey


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open alert in the queue: ids, states and times, no words. `unread`: nobody has opened it since her last word."""

    id: str
    number: int
    state: Alert
    urgency: Urgency
    reasons: tuple[str, ...]
    source: Source
    raised_at: datetime
    last_at: datetime
    state_at: datetime
    count: int
    taken_by: str | None
    handed_to: str | None
    language: str | None
    country: str | None
    unread: bool
    nuisance: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an alert. `text`: None where there is none, or its key is destroyed; `by`: member id, None for her and the program."""

    at: datetime
    kind: str
    by: str | None
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PageMade:
    """One page: to whom, by which way, what became of it."""

    member_id: str
    channel: By
    round: int
    state: Page
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert, opened. `marks`: what came unverified from her device; `told`: what she has (not) been told, in order."""

    waiting: Waiting
    survivor_id: str | None
    channel: str | None
    entries: tuple[Entry, ...]
    marks: tuple[Entry, ...]
    told: tuple[Entry, ...]
    pages: tuple[PageMade, ...]
    opened_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: Outcome | None
    nuisance_until: datetime | None


def waiting(conn: Connection, *, viewer: str, now: datetime) -> list[Waiting]:
    """Open alerts by urgency; within one urgency those that nobody has come first, a nuisance mark stands lower, then by waiting time. Nothing
    is left out but bars.
    """
    rank = case(*((ALERTS.c.urgency == urgency.value, place) for urgency, place in ORDER.items()), else_=0)
    later = case((ALERTS.c.nuisance_until > now, 1), else_=0)
    has_a_person = case((ALERTS.c.state.in_([state.value for state in HELD]), 1), else_=0)
    order = (rank, has_a_person, later, ALERTS.c.raised_at, ALERTS.c.number)
    wanted = ROWS.where(IS_OPEN, ALERTS.c.id.not_in(not_barred(viewer))).order_by(*order)
    return [_waiting(row, now) for row in conn.execute(wanted)]


def untaken(conn: Connection, *, viewer: str) -> int:
    """How many alerts nobody has taken, as far as they exist for this viewer."""
    states = [*(state.value for state in UNTAKEN), Alert.HANDED_OVER.value]
    wanted = select(func.count()).select_from(ALERTS).where(ALERTS.c.state.in_(states), ALERTS.c.id.not_in(not_barred(viewer)))
    return int(conn.execute(wanted).scalar_one())


def held_by(conn: Connection, member_id: str, now: datetime) -> list[Waiting]:
    """Open alerts that this person has, for the end of her shift."""
    return [row for row in waiting(conn, viewer=member_id, now=now) if row.taken_by == member_id]


def closed_hard(conn: Connection, member_id: str, since: datetime) -> bool:
    """Whether she ended one with danger to life after this moment: then a break is offered."""
    hers = (ALERTS.c.closed_by == member_id, ALERTS.c.closed_at > since, ALERTS.c.urgency == Urgency.EMERGENCY.value)
    return conn.execute(select(ALERTS.c.id).where(*hers).limit(1)).first() is not None


def _waiting(row: Row[Any], now: datetime) -> Waiting:
    return Waiting(
        id=row.id,
        number=row.number,
        state=Alert(row.state),
        urgency=Urgency(row.urgency),
        reasons=tuple(row.reasons),
        source=Source(row.source),
        raised_at=row.raised_at,
        last_at=row.last_at,
        state_at=row.state_at or row.raised_at,
        count=row.times,
        taken_by=row.taken_by,
        handed_to=row.handed_to,
        language=row.language,
        country=row.country,
        unread=not has_been_read(row),
        nuisance=row.nuisance_until is not None and row.nuisance_until > now,
    )


class Reading:
    """Opens one alert for one viewer; every reading of words is audited in its transaction."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._book = Book(keystore, audit)

    def view(self, unit: Unit, alert_id: str, viewer: str) -> AlertView:
        """The alert with her words. Raises Conflicted where it does not exist for the viewer, NoSuchAlert."""
        row = self._book.row_for(unit, alert_id, viewer)
        self._book.record(unit, "alert.read", row, viewer)
        key = self._book.key(row)
        rows = unit.conn.execute(select(ENTRIES).where(ENTRIES.c.alert_id == row.id).order_by(ENTRIES.c.seq))
        moved = self._book.points_key(unit.conn, row.id)
        entries = tuple(
            Entry(entry.at, entry.kind, entry.by, (_text(moved, entry) if entry.kind == Note.POINT.value else None) or _text(key, entry))
            for entry in rows
        )
        return AlertView(
            waiting=_waiting(row, unit.now),
            survivor_id=row.survivor_id,
            channel=_channel(key, row),
            entries=entries,
            marks=_of(entries, "mark."),
            told=_of(entries, "told.", "not_told."),
            pages=pages_of(unit.conn, row.id),
            opened_at=row.opened_at,
            answered_at=row.answered_at,
            closed_at=row.closed_at,
            outcome=Outcome(row.outcome) if row.outcome else None,
            nuisance_until=row.nuisance_until,
        )


def pages_of(conn: Connection, alert_id: str) -> tuple[PageMade, ...]:
    """The pages of one alert, oldest first."""
    rows = conn.execute(select(PageRow.__table__).where(PageRow.alert_id == alert_id).order_by(PageRow.seq))
    return tuple(PageMade(row.member_id, By(row.channel), row.round, Page(row.state), row.made_at, row.changed_at) for row in rows)


def _of(entries: Sequence[Entry], *beginnings: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.kind.startswith(beginnings))


def _text(key: PersonKey | None, row: Row[Any]) -> str | None:
    if key is None or row.body is None:
        return None
    try:
        return key.open(row.body, table="alert_entries", column="body", row=row.id).decode()
    except (CannotOpen, UnicodeDecodeError):
        return None


def _channel(key: PersonKey | None, row: Row[Any]) -> str | None:
    """By which channel she wrote; the address itself stays closed."""
    if key is None or row.address is None:
        return None
    try:
        return key.open(row.address, table="alerts", column="address", row=row.id).decode().partition("\x1f")[0]
    except (CannotOpen, UnicodeDecodeError):
        return None
