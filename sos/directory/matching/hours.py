"""Opening hours: weekly lines by the wall clock of the place, over midnight, with public holidays and periods. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays

from sos.directory.entries import WEEKDAYS, HoursEntry, ServiceEntry
from sos.directory.states import OnHolidays

DAY = 1440
IsHoliday = Callable[[str, date], bool]


class PublicHolidays:
    """Public holidays of Kosovo and Serbia, computed offline. An unknown country has none."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], frozenset[date]] = {}

    def __call__(self, country: str, day: date) -> bool:
        key = (country, day.year)
        if key not in self._known:
            try:
                self._known[key] = frozenset(holidays.country_holidays(country, years=day.year))
            except NotImplementedError:
                self._known[key] = frozenset()
        return day in self._known[key]


@dataclass(frozen=True, slots=True)
class Opening:
    """Open at a moment, until when (minutes of that day's clock may pass 1440); `always` for day and night."""

    until: datetime
    always: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """The lines that hold at one place, with what follows from them."""

    lines: tuple[HoursEntry, ...]
    always: bool
    """day and night, the whole week, without periods"""
    shut_on_holidays: bool


def week_of(service: ServiceEntry, place_id: str | None) -> Week:
    """The week at a place. A service that says nothing about holidays is taken as closed, unless it is open day and night."""
    lines = hours_at(service, place_id)
    always = _always(lines)
    said = service.on_holidays
    return Week(lines, always, not always if said is OnHolidays.UNSTATED else said is OnHolidays.CLOSED)


def hours_at(service: ServiceEntry, place_id: str | None) -> tuple[HoursEntry, ...]:
    """The lines that hold at this place: its own where it has any, else the service's."""
    own = tuple(line for line in service.hours if line.place_id == place_id and place_id is not None)
    return own or tuple(line for line in service.hours if line.place_id is None)


def minutes(line: HoursEntry) -> tuple[int, int] | None:
    """(opens, closes) in minutes since midnight of the opening day; over midnight closes passes 1440. None: closed."""
    if line.opens is None or line.closes is None:
        return None
    return line.opens, line.closes if line.closes > line.opens else line.closes + DAY


def holds_on(line: HoursEntry, day: date) -> bool:
    """Whether the line speaks of this day."""
    in_period = (line.valid_from is None or line.valid_from <= day) and (line.valid_to is None or day <= line.valid_to)
    return in_period and WEEKDAYS[day.weekday()] in line.days


def opening_at(week: Week, local: datetime, *, country: str, is_holiday: IsHoliday) -> Opening | None:
    """Until when it is open at `local` (the place's wall clock); None when closed or unknown."""
    if week.always and not (week.shut_on_holidays and is_holiday(country, local.date())):
        return Opening(local, always=True)
    latest: datetime | None = None
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        now = local.hour * 60 + local.minute + back * DAY
        for line in _lines_on(week, day, country, is_holiday):
            span = minutes(line)
            if span and span[0] <= now < span[1]:
                midnight = datetime.combine(day, datetime.min.time(), tzinfo=local.tzinfo)
                until = midnight + timedelta(minutes=span[1])
                latest = until if latest is None else max(latest, until)
    return Opening(latest) if latest else None


def next_opening(week: Week, local: datetime, *, country: str, is_holiday: IsHoliday) -> datetime | None:
    """When it opens next, within eight days."""
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=local.tzinfo)
        lines = _lines_on(week, day, country, is_holiday)
        later = [start for line in lines if (start := midnight + timedelta(minutes=line.opens or 0)) > local]
        if later:
            return min(later)
    return None


def _lines_on(week: Week, day: date, country: str, is_holiday: IsHoliday) -> list[HoursEntry]:
    """The opening lines of a day; none on a holiday that shuts it, and none in a period that says closed."""
    lines = [line for line in week.lines if holds_on(line, day)]
    if any(line.opens is None for line in lines) or (lines and week.shut_on_holidays and is_holiday(country, day)):
        return []
    return lines


def _always(lines: Iterable[HoursEntry]) -> bool:
    days = {day for line in lines if minutes(line) == (0, DAY) and not line.valid_from and not line.valid_to for day in line.days}
    return len(days) == len(WEEKDAYS)
