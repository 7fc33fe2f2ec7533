"""How long people waited and how much there was to do: counts and times for supervisors. No words, no person, no single case.

The daily synthetic SOS is not counted; practice has no rows here at all; a case that the viewer is barred from is not in any figure.
Percentiles are nearest-rank: the time within which that share of those who were (taken, opened, answered) had waited.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from sos.alerts.book import ALERTS, ENTRIES, not_barred
from sos.alerts.models import AlertBarRow
from sos.alerts.states import FINAL, HELD, UNTAKEN, Alert, Outcome
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox, Purpose

STEPS = ("taken", "opened", "answered")
"""Kinds of entries whose first one ends a waiting."""
LAPSES = ("lapse.no_reply", "lapse.not_accepted")


@dataclass(frozen=True, slots=True)
class Waited:
    """From the raising to a step. `waiting`: how many have not come so far; percentiles are None where nobody has."""

    step: str
    reached: int
    waiting: int
    p50: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Carries:
    """What one member has: open alerts now, and how many she has taken in the period."""

    member_id: str
    open_now: int
    taken: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the wall clock: alerts raised, and the answering of those."""

    day: date
    raised: int
    p50: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`by_hour`: alerts raised in each of the 24 hours of the wall clock; `untold`: texts that did not reach her, by what became of them."""

    since: datetime
    raised: int
    messages: int
    by_hour: tuple[int, ...]
    waited: tuple[Waited, ...]
    days: tuple[Day, ...]
    open_by_state: tuple[tuple[Alert, int], ...]
    oldest_untaken: timedelta | None
    carries: tuple[Carries, ...]
    lapses: int
    """takings after which nobody wrote in three minutes, and hand-overs that nobody took"""
    untold: tuple[tuple[Outbox, int], ...]
    not_reached: int
    never_answered: int
    """ended without any answer to her"""


def figures(conn: Connection, *, viewer: str, since: datetime, now: datetime, zone: ZoneInfo) -> Figures:
    """Everything raised since then, and what is open now, as far as it exists for this viewer."""
    real = (ALERTS.c.synthetic.is_(False), ALERTS.c.id.not_in(not_barred(viewer)))
    columns = (ALERTS.c.id, ALERTS.c.state, ALERTS.c.raised_at, ALERTS.c.taken_by, ALERTS.c.outcome, ALERTS.c.count.label("times"))
    raised = conn.execute(select(*columns).where(*real, ALERTS.c.raised_at >= since, ALERTS.c.raised_at <= now)).all()
    still = conn.execute(select(*columns).where(*real, ALERTS.c.state.not_in([state.value for state in FINAL]))).all()
    firsts = _firsts(conn, since)
    states = Counter(Alert(row.state) for row in still)
    untaken = [row.raised_at for row in still if Alert(row.state) in UNTAKEN]
    answered = {row.id: firsts[row.id, "answered"] - row.raised_at for row in raised if (row.id, "answered") in firsts}
    return Figures(
        since=since,
        raised=len(raised),
        messages=sum(row.times for row in raised),
        by_hour=_by_hour(raised, zone),
        waited=tuple(_waited(step, raised, firsts) for step in STEPS),
        days=_days(raised, answered, since, now, zone),
        open_by_state=tuple((state, states[state]) for state in Alert if state not in FINAL),
        oldest_untaken=now - min(untaken) if untaken else None,
        carries=_carries(conn, still, since, viewer),
        lapses=_count(conn, LAPSES, since, viewer),
        untold=_untold(conn, since, viewer),
        not_reached=sum(row.outcome == Outcome.NOT_REACHED.value for row in raised),
        never_answered=sum(Alert(row.state) in FINAL and row.id not in answered for row in raised),
    )


def percentile(waits: Iterable[timedelta], share: float) -> timedelta | None:
    """Nearest rank: the shortest time within which at least this share had come; None for nobody."""
    ordered = sorted(waits)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _firsts(conn: Connection, since: datetime) -> dict[tuple[str, str], datetime]:
    of_steps = (ENTRIES.c.kind.in_(STEPS), ENTRIES.c.at >= since)
    wanted = select(ENTRIES.c.alert_id, ENTRIES.c.kind, func.min(ENTRIES.c.at).label("at")).where(*of_steps)
    return {(row.alert_id, row.kind): row.at for row in conn.execute(wanted.group_by(ENTRIES.c.alert_id, ENTRIES.c.kind)).all()}


def _waited(step: str, raised: Sequence[Any], firsts: dict[tuple[str, str], datetime]) -> Waited:
    waits = [firsts[row.id, step] - row.raised_at for row in raised if (row.id, step) in firsts]
    waiting = sum((row.id, step) not in firsts and Alert(row.state) not in FINAL for row in raised)
    return Waited(step, len(waits), waiting, percentile(waits, 0.5), percentile(waits, 0.9))


def _by_hour(raised: Sequence[Any], zone: ZoneInfo) -> tuple[int, ...]:
    hours = Counter(row.raised_at.astimezone(zone).hour for row in raised)
    return tuple(hours[hour] for hour in range(24))


def _days(raised: Sequence[Any], answered: dict[str, timedelta], since: datetime, now: datetime, zone: ZoneInfo) -> tuple[Day, ...]:
    first, last = since.astimezone(zone).date(), now.astimezone(zone).date()
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        of_day = [row.id for row in raised if row.raised_at.astimezone(zone).date() == day]
        waits = [answered[alert] for alert in of_day if alert in answered]
        found.append(Day(day, len(of_day), percentile(waits, 0.5), percentile(waits, 0.9)))
    return tuple(found)


def _carries(conn: Connection, still: Sequence[Any], since: datetime, viewer: str) -> tuple[Carries, ...]:
    now = Counter(row.taken_by for row in still if row.taken_by and Alert(row.state) in HELD)
    taken = select(ENTRIES.c.by, func.count(ENTRIES.c.alert_id.distinct()).label("times")).where(
        ENTRIES.c.kind == "taken", ENTRIES.c.at >= since, ENTRIES.c.by.is_not(None), ENTRIES.c.alert_id.in_(_real(viewer))
    )
    took = {row.by: row.times for row in conn.execute(taken.group_by(ENTRIES.c.by)).all()}
    everyone = sorted({*now, *took}, key=lambda member: (-now[member], -took.get(member, 0), member))
    return tuple(Carries(member, now[member], took.get(member, 0)) for member in everyone)


def _count(conn: Connection, kinds: Sequence[str], since: datetime, viewer: str) -> int:
    wanted = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.kind.in_(kinds), ENTRIES.c.at >= since)
    return int(conn.execute(wanted.where(ENTRIES.c.alert_id.in_(_real(viewer)))).scalar_one())


def _real(viewer: str) -> Any:
    return select(ALERTS.c.id).where(ALERTS.c.synthetic.is_(False), ALERTS.c.id.not_in(not_barred(viewer)))


def _untold(conn: Connection, since: datetime, viewer: str) -> tuple[tuple[Outbox, int], ...]:
    """Texts about her alert that did not reach her; without those to anybody whose case does not exist for the viewer."""
    barred = select(AlertBarRow.survivor_id).where(AlertBarRow.member_id == viewer, AlertBarRow.survivor_id.is_not(None))
    lost = (Outbox.HELD, Outbox.EXPIRED, Outbox.FAILED)
    about = (
        OutboxRow.purpose == Purpose.STATE.value,
        OutboxRow.queued_at >= since,
        OutboxRow.survivor_id.is_not(None),
        OutboxRow.survivor_id.not_in(barred),
    )
    rows = conn.execute(select(OutboxRow.state, func.count().label("times")).where(*about).group_by(OutboxRow.state)).all()
    counted = {row.state: row.times for row in rows}
    return tuple((state, counted.get(state.value, 0)) for state in lost)
