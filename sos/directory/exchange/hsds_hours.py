"""HSDS schedules -> weekly lines. What is no weekly timetable is noted and left out: such a service is not called open."""

from collections.abc import Mapping, Sequence
from typing import Any

from sos.directory.entries import WEEKDAYS, HoursEntry, PlaceEntry
from sos.directory.exchange.cleaning import Unclear, day, minute, plain, weekdays
from sos.directory.exchange.hsds_places import rows_under
from sos.directory.exchange.rows import stable_id

Json = Mapping[str, Any]


def hours(given: Json, places: Sequence[PlaceEntry], notes: list[str]) -> tuple[HoursEntry, ...]:
    """The service's own lines, then those of its places."""
    found = [line for one in rows_under(given, "schedules") for line in _lines(one, None, notes)]
    known = {place.location_id: place.id for place in places}
    for pair in (*rows_under(given, "service_at_locations"), *({"location": one} for one in rows_under(given, "locations"))):
        location = pair.get("location")
        location = location if isinstance(location, Mapping) else {}
        own = known.get(stable_id("location", plain(location.get("id"), longest=100)))
        own = own or (places[0].id if len(places) == 1 else None)
        schedules = rows_under(pair, "schedules") or rows_under(location, "schedules")
        found += [line for one in schedules for line in _lines(one, own, notes)]
    return tuple(dict.fromkeys(found))


def _lines(one: Json, place_id: str | None, notes: list[str]) -> list[HoursEntry]:
    try:
        return _read(one, place_id, notes)
    except Unclear as error:
        notes.append(f"{error}: these hours are left out")
        return []


def _read(one: Json, place_id: str | None, notes: list[str]) -> list[HoursEntry]:
    freq = plain(one.get("freq"), longest=20).upper()
    interval = plain(one.get("interval"), longest=5)
    first, last = (
        day(one.get("valid_from"), field="valid_from"),
        day(one.get("valid_to"), field="valid_to") or day(one.get("until"), field="until"),
    )
    if freq not in ("", "WEEKLY", "DAILY") or (freq and interval not in ("", "0", "1") and not _sample(one)):
        notes.append("hours that are not weekly are left out")
        return []
    opens, closes = minute(one.get("opens_at"), field="opens_at"), minute(one.get("closes_at"), field="closes_at")
    days = _days(one, freq)
    note = plain(one.get("description") or one.get("notes"), longest=500)
    if opens is None and closes is None:
        shut = one.get("x_closed") is True or one.get("closed") is True
        return [HoursEntry(days, None, None, place_id, first, last, note)] if shut else []
    if opens is None or closes is None or opens == 1440:
        raise Unclear("hours: opens_at and closes_at belong together")
    if opens == closes == 0:
        closes = 1440
    return [HoursEntry(days, opens, closes, place_id, first, last, note)]


def _sample(one: Json) -> bool:
    """Examples fill every iCal field at once; a weekly line with a count is still weekly."""
    return bool(one.get("byday")) and bool(one.get("bymonthday"))


def _days(one: Json, freq: str) -> tuple[str, ...]:
    byday = one.get("byday")
    text = ",".join(str(part) for part in byday) if isinstance(byday, list) else plain(byday, longest=100)
    if text:
        return weekdays(text, field="byday")
    starts = day(one.get("dtstart"), field="dtstart") if freq == "WEEKLY" else None
    return (WEEKDAYS[starts.weekday()],) if starts else WEEKDAYS
