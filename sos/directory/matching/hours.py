"""Opening hours: weekly lines by the wall clock of the place, over midnight, with public holidays and periods. Pure."""

from collections.abc import Callable, Iterable, Sequence
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


def hours_at(service: ServiceEntry, place_id: str | None) -> tuple[HoursEntry, ...]:
    """The lines that hold at this place: its own where it has any, else the service's."""
    own = tuple(line for line in service.hours if line.place_id == place_id and place_id is not None)
    return own or tuple(line for line in service.hours if line.place_id is None)


def minutes(line: HoursEntry) -> tuple[int, int] | None:
    """(opens, closes) in minutes since midnight of the opening day; over midnight closes passes 1440. None: closed."""
    if line.opens is None or line.closes is None:
        return None
    return line.opens, line.closes if line.closes > line.opens else line.closes + DAY


def always_open(lines: Iterable[HoursEntry]) -> bool:
    """Whether the week is covered whole, without periods."""
    days = {day for line in lines if minutes(line) == (0, DAY) and not line.valid_from and not line.valid_to for day in line.days}
    return len(days) == len(WEEKDAYS)


def closed_on_holidays(service: ServiceEntry, lines: Sequence[HoursEntry]) -> bool:
    """A service that says nothing about holidays is taken as closed, unless it is open day and night."""
    if service.on_holidays is OnHolidays.UNSTATED:
        return not always_open(lines)
    return service.on_holidays is OnHolidays.CLOSED


def holds_on(line: HoursEntry, day: date) -> bool:
    """Whether the line speaks of this day."""
    in_period = (line.valid_from is None or line.valid_from <= day) and (line.valid_to is None or day <= line.valid_to)
    return in_period and WEEKDAYS[day.weekday()] in line.days


def opening_at(service: ServiceEntry, place_id: str | None, local: datetime, *, country: str, is_holiday: IsHoliday) -> Opening | None:
    """Until when it is open at `local` (the place's wall clock); None when closed or unknown."""
    lines = hours_at(service, place_id)
    if always_open(lines) and not (closed_on_holidays(service, lines) and is_holiday(country, local.date())):
        return Opening(local, always=True)
    latest: datetime | None = None
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        now = local.hour * 60 + local.minute + back * DAY
        if closed_on_holidays(service, lines) and is_holiday(country, day):
            continue
        if any(holds_on(line, day) and line.opens is None for line in lines):
            continue
        for line in lines:
            span = minutes(line)
            if span and holds_on(line, day) and span[0] <= now < span[1]:
                midnight = datetime.combine(day, datetime.min.time(), tzinfo=local.tzinfo)
                until = midnight + timedelta(minutes=span[1])
                latest = until if latest is None else max(latest, until)
    return Opening(latest) if latest else None


def next_opening(service: ServiceEntry, place_id: str | None, local: datetime, *, country: str, is_holiday: IsHoliday) -> datetime | None:
    """When it opens next, within eight days."""
    lines = hours_at(service, place_id)
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        if closed_on_holidays(service, lines) and is_holiday(country, day):
            continue
        if any(holds_on(line, day) and line.opens is None for line in lines):
            continue
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=local.tzinfo)
        starts = [midnight + timedelta(minutes=line.opens) for line in lines if line.opens is not None and holds_on(line, day)]
        later = [start for start in starts if start > local]
        if later:
            return min(later)
    return None
