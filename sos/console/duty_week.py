"""What the duty page shows: a week on the wall clock with its gaps, who stands when, and what a shift leaves to the next. Reads only."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from sos.console.times import ZONE
from sos.staff.duty import queries
from sos.staff.duty.rota import Occurrence
from sos.staff.duty.states import TurnKind
from sos.staff.members.queries import Member, members

CALENDAR_BEFORE = timedelta(days=14)
CALENDAR_AHEAD = timedelta(days=90)
GAPS_AHEAD = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One turn or gap as the week shows it. `who`: an alias; empty for a gap. `turn_id`, `wall`: by which one occurrence is swapped."""

    starts: datetime
    ends: datetime
    who: str
    mine: bool = False
    turn_id: str = ""
    wall: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week, its lines by their start."""

    name: str
    today: bool
    lines: tuple[Line, ...]


def seen(conn: Connection, me: str, now: datetime, day: str) -> dict[str, Any]:
    """Values of the page. `day`: the first day of the week asked for, "2026-11-23"; anything else is today."""
    people = {member.id: member for member in members(conn)}
    first = _midnight(day, now)
    on_duty = queries.on_duty(conn, now)
    mine = queries.shift_of(conn, me)
    starts = first.astimezone(ZONE).date()
    return {
        "shift": mine if mine is not None and now < mine.stands_until else None,
        "lapsed": mine is not None and now >= mine.stands_until,
        "on_duty": on_duty,
        "lone": len(on_duty) == 1 and on_duty[0].member_id == me,
        "next_on": _named(queries.next_on(conn, now), people),
        "days": _week(conn, me, now, first, people),
        "gaps": queries.gaps(conn, now, now + GAPS_AHEAD),
        "earlier": (starts - timedelta(days=7)).isoformat(),
        "later": (starts + timedelta(days=7)).isoformat(),
        "people": sorted(people.values(), key=lambda member: member.alias.casefold()),
        "turns": [(turn, people[turn.member_id].alias) for turn in queries.turns(conn, planned=True) if turn.member_id in people],
        "away": [(away, people[away.member_id].alias) for away in queries.away(conn, now) if away.member_id in people],
        "swaps": queries.standing_swaps(conn),
        "has_feed": queries.has_feed(conn, me),
        "interpreters": [(people[one.member_id].alias, one) for one in queries.standing(conn, now, now + _DAY, kind=TurnKind.INTERPRETER)],
    }


def hands_over(conn: Connection, me: str, now: datetime) -> list[str]:
    """Sentences about who comes after this shift: nobody is left to guess."""
    others = [one.alias for one in queries.on_duty(conn, now) if one.member_id != me]
    if others:
        return [f"Also on duty: {', '.join(others)}."]
    return ["Nobody else is on duty. Until somebody starts, an SOS pages everyone at home, and she reads that nobody is on duty."]


def _week(conn: Connection, me: str, now: datetime, first: datetime, people: dict[str, Member]) -> list[Day]:
    days = []
    for n in range(7):
        begins, ends = _later(first, n), _later(first, n + 1)
        lines = [_line(one, people, me) for one in queries.standing(conn, begins, ends)]
        lines += [Line(gap.starts, gap.ends, "") for gap in queries.gaps(conn, begins, ends)]
        local = begins.astimezone(ZONE)
        today = local.date() == now.astimezone(ZONE).date()
        days.append(Day(local.strftime("%A %d %b"), today, tuple(sorted(lines, key=lambda line: (line.starts, line.who)))))
    return days


def _line(one: Occurrence, people: dict[str, Member], me: str) -> Line:
    return Line(one.starts, one.ends, people[one.member_id].alias, one.member_id == me, one.turn_id, one.wall)


def _named(one: Occurrence | None, people: dict[str, Member]) -> Line | None:
    return None if one is None else _line(one, people, "")


def _midnight(day: str, now: datetime) -> datetime:
    try:
        chosen = datetime.fromisoformat(day).date()
    except ValueError:
        chosen = now.astimezone(ZONE).date()
    return datetime.combine(chosen, time(), tzinfo=ZONE)


def _later(first: datetime, days: int) -> datetime:
    """Midnight so many days later on the wall clock, whatever the clocks do between."""
    return datetime.combine(first.date() + timedelta(days=days), time(), tzinfo=ZONE)
