"""The rota as pure rules: turns with repeats, changes to them, who stands when, and where nobody does. Never hides a gap; reads no clock.

A turn is written in wall-clock time and both its ends are read on that wall clock, so that a night is 7 or 9 hours long when the clocks change and
turns that touch in writing touch in truth. A time that the spring night leaves out is read with the offset before it (PEP 495, fold 0).
Repeats are RFC 5545 rules, read by python-dateutil.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from sos.staff.duty.errors import BadTurn
from sos.staff.duty.states import TurnKind

LONGEST_TURN = timedelta(hours=48)
_WALL = "%Y-%m-%dT%H:%M"
_DAY = timedelta(days=1)
_LONGEST_RULE = 200
_FREQUENCIES = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY")
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of the rota. `starts`, `ends`: wall clock of `zone` as "2026-11-23T22:00"; `repeat`: an RRULE or None."""

    id: str
    member_id: str
    kind: TurnKind
    zone: str
    starts: str
    ends: str
    repeat: str | None = None
    languages: tuple[str, ...] = ()
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """One occurrence (its turn and the wall clock of its start) goes to `to`; None: nobody has it."""

    turn_id: str
    occurrence: str
    to: str | None


@dataclass(frozen=True, slots=True)
class Absence:
    """A member is away."""

    member_id: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Somebody stands from `starts` until `ends` (UTC). `wall`: by which the occurrence is swapped."""

    turn_id: str
    member_id: str
    kind: TurnKind
    starts: datetime
    ends: datetime
    wall: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts` until, not including, `ends`."""

    starts: datetime
    ends: datetime


def check(turn: Turn) -> None:
    """Raises BadTurn, with a sentence for whoever planned it."""
    try:
        ZoneInfo(turn.zone)
        length = _wall(turn.ends) - _wall(turn.starts)
    except (ValueError, ZoneInfoNotFoundError):
        raise BadTurn("The start and the end must be a day and a time.") from None
    if not timedelta() < length <= LONGEST_TURN:
        raise BadTurn("A turn ends after it starts, and within 48 hours.")
    if turn.repeat is None:
        return
    parts = dict(part.partition("=")[::2] for part in turn.repeat.upper().split(";"))
    if not turn.repeat.upper().startswith(_FREQUENCIES) or not set(parts) <= _PARTS:
        raise BadTurn("A turn repeats daily, weekly or monthly.")
    if len(turn.repeat) > _LONGEST_RULE or not parts.get("INTERVAL", "1").strip("0"):  # the library never comes to an end of that
        raise BadTurn("This repeat cannot be read.")
    try:
        first = next(iter(rrulestr(turn.repeat, dtstart=_wall(turn.starts))), None)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        raise BadTurn("This repeat cannot be read.") from None
    if first is None:
        raise BadTurn("This repeat never comes.")


def stand(turns: Iterable[Turn], swaps: Sequence[Swap], absences: Sequence[Absence], start: datetime, end: datetime) -> list[Occurrence]:
    """Who stands between `start` and `end` with all changes, by their start; occurrences are cut by absences, never at `start` or `end`."""
    given = {(swap.turn_id, swap.occurrence): swap.to for swap in swaps}  # a later change comes last and counts
    found: list[Occurrence] = []
    for turn in turns:
        for planned in _occurrences(turn, start, end):
            member = given.get((turn.id, planned.wall), planned.member_id)
            if member is not None:
                found += _without(replace(planned, member_id=member), absences)
    return sorted((one for one in found if one.starts < end and one.ends > start), key=lambda one: (one.starts, one.ends, one.turn_id))


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible, by their start."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.starts):
        if joined and span.starts <= joined[-1].ends:
            joined[-1] = Span(joined[-1].starts, max(joined[-1].ends, span.ends))
        elif span.starts < span.ends:
            joined.append(span)
    return joined


def gaps(covered: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What of the time from `start` until `end` is in no span."""
    left, at = [], start
    for span in union(covered):
        if span.starts > at:
            left.append(Span(at, min(span.starts, end)))
        at = max(at, span.ends)
        if at >= end:
            break
    return [gap for gap in [*left, Span(at, end)] if gap.starts < gap.ends]


def on_wall(moment: datetime, zone: str) -> str:
    """A moment as the wall clock of this zone shows it."""
    return moment.astimezone(ZoneInfo(zone)).strftime(_WALL)


def from_wall(wall: str, zone: str) -> datetime:
    """The moment (UTC) at which the wall clock of this zone shows `wall`. Raises BadTurn."""
    try:
        return _wall(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        raise BadTurn("This is no day and time.") from None


def next_day(moment: datetime, zone: str) -> datetime:
    """The same time on the wall clock a day later."""
    return from_wall((_wall(on_wall(moment, zone)) + _DAY).strftime(_WALL), zone)


def _occurrences(turn: Turn, start: datetime, end: datetime) -> list[Occurrence]:
    """What the turn plans, before changes. A removed one ends with the occurrence under way."""
    length = _wall(turn.ends) - _wall(turn.starts)
    first, last = (
        _wall(on_wall(start - length - _DAY, turn.zone)),
        _wall(on_wall(end + _DAY, turn.zone)),
    )  # a day for any zone and clock change
    found = []
    for wall in _starts(turn.starts, turn.repeat, first, last):
        begins, stops = from_wall(wall, turn.zone), from_wall((_wall(wall) + length).strftime(_WALL), turn.zone)
        if turn.removed_at is not None and begins >= turn.removed_at:
            break
        if begins < end and stops > start and begins < stops:
            found.append(Occurrence(turn.id, turn.member_id, turn.kind, begins, stops, wall, turn.languages))
    return found


def _starts(starts: str, repeat: str | None, first: datetime, last: datetime) -> list[str]:
    if repeat is None:
        return [starts] if first <= _wall(starts) <= last else []
    found: list[str] = []
    month = (first.year, first.month)
    while month <= (last.year, last.month):
        found += [wall for wall in _in_month(starts, repeat, *month) if first <= _wall(wall) <= last]
        month = (month[0] + month[1] // 12, month[1] % 12 + 1)
    return found


@lru_cache(maxsize=4096)
def _in_month(starts: str, repeat: str, year: int, month: int) -> tuple[str, ...]:
    """Kept, since a rule is always counted from its beginning: a rota of years would be read anew for every message."""
    begin = _wall(f"{year:04}-{month:02}-01T00:00")
    after = _wall(f"{year + month // 12:04}-{month % 12 + 1:02}-01T00:00")
    rule = rrulestr(repeat, dtstart=_wall(starts))
    return tuple(moment.strftime(_WALL) for moment in rule.between(begin, after, inc=True) if moment < after)


def _without(occurrence: Occurrence, absences: Sequence[Absence]) -> list[Occurrence]:
    away = [Span(absence.starts, absence.ends) for absence in absences if absence.member_id == occurrence.member_id]
    return [replace(occurrence, starts=left.starts, ends=left.ends) for left in gaps(away, occurrence.starts, occurrence.ends)]


def _wall(wall: str) -> datetime:
    """Wall clock without a zone: the only naive times of the program, and they never leave this file."""
    return datetime.strptime(wall, _WALL)  # noqa: DTZ007
