"""Times as a tired person reads them: "3 min", exact on hover. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

ZONE = ZoneInfo("Europe/Belgrade")
"""Kosovo and Serbia share their wall clock."""
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def span(length: timedelta) -> str:
    """A length of time in one unit: "20 s", "3 min", "2 h", "4 d"."""
    length = max(length, timedelta(0))
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if length >= unit:
            return f"{length // unit} {name}"
    return f"{length // timedelta(seconds=1)} s"


def ago(at: datetime | None, now: datetime) -> Markup:
    """`<time>` with the span since (or until) `at`, the exact moment on hover; a script counts it on. Empty for None."""
    if at is None:
        return Markup("")
    words = span(now - at) if at <= now else f"in {span(at - now)}"
    return Markup('<time datetime="{}" title="{}" data-ago>{}</time>').format(at.isoformat(), exact(at), words)


def moment(at: datetime | None, now: datetime | None = None) -> Markup:
    """`<time>` with the clock time, the date on hover; with the day in front where that is not the day of `now`."""
    if at is None:
        return Markup("")
    local = at.astimezone(ZONE)
    today = now is None or local.date() == now.astimezone(ZONE).date()
    words = local.strftime("%H:%M" if today else "%a %d %b %H:%M")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), exact(at), words)


def exact(at: datetime) -> str:
    """Date and time to the second, on the wall clock of the hotline."""
    return at.astimezone(ZONE).strftime("%a %d %b %Y %H:%M:%S")


def later_today(clock: str, now: datetime) -> datetime:
    """The next moment at which the hotline's clock shows "HH:MM". An hour from now where that cannot be read."""
    local = now.astimezone(ZONE)
    hours, _, minutes = clock.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        return now + _HOUR
    at = local.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    return (at if at > local else at + _DAY).astimezone(UTC)
