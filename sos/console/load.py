"""Waiting times and load, for supervisors: two small charts drawn here, each with its table. Counts only; no case, no word."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request

from sos.alerts.waiting_times import Day, figures
from sos.console import times, words
from sos.console.house import House
from sos.console.shell import me, page
from sos.staff.members.queries import everyone

PERIODS: Final = {1: "today and yesterday", 7: "a week", 28: "four weeks"}
STEPS: Final = {"taken": "taken", "opened": "opened and read by a person", "answered": "answered by a person"}
LOST: Final = {"held": "held by her safe-contact rules", "expired": "too old to send", "failed": "refused by a gateway"}
WIDE, HIGH, FOOT = 640, 160, 24
"""Size of a chart in its own units; `FOOT` is for the words under it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in its units. `label`: under it, where there is room; `title`: all of it in words."""

    x: float
    y: float
    width: float
    height: float
    label: str
    title: str
    second: float = 0
    """y of a mark above the bar"""


def blueprint(house: House) -> Blueprint:
    """`/staff/load`."""
    door = Blueprint("load", __name__)

    @door.get("/staff/load")
    def show() -> Response:
        asked = request.args.get("days", "7")
        days = int(asked) if asked.isdecimal() and int(asked) in PERIODS else 7
        now = house.clock.now()
        with house.database.read() as conn:
            found = figures(conn, viewer=me().id, since=now - timedelta(days=days), now=now, zone=times.ZONE)
            aliases = {member.id: member.alias for member in everyone(conn)}
        return page(
            "load.html",
            figures=found,
            days=days,
            periods=PERIODS,
            steps=STEPS,
            lost=LOST,
            states=words.STATES,
            aliases=aliases,
            span=lambda length: "-" if length is None else times.span(length),
            hours=hour_bars(found.by_hour),
            answering=day_bars(found.days),
            wide=WIDE,
            high=HIGH,
            foot=FOOT,
        )

    return door


def hour_bars(by_hour: tuple[int, ...]) -> list[Bar]:
    """Alerts raised in each hour of the day."""
    most, step = max(*by_hour, 1), WIDE / 24
    return [
        Bar(
            x=round(hour * step + 2, 1),
            y=round(HIGH * (1 - count / most), 1),
            width=round(step - 4, 1),
            height=round(HIGH * count / most, 1),
            label=f"{hour:02}" if hour % 3 == 0 else "",
            title=f"{hour:02}:00 to {hour:02}:59: {count}",
        )
        for hour, count in enumerate(by_hour)
    ]


def day_bars(days: tuple[Day, ...]) -> list[Bar]:
    """How long half of each day's people waited for an answer (bar), and nine of ten (mark)."""
    longest = max((day.p90.total_seconds() for day in days if day.p90 is not None), default=0) or 1
    step, every = WIDE / max(len(days), 1), max(1, len(days) // 8)
    bars = []
    for n, day in enumerate(days):
        half = day.p50.total_seconds() if day.p50 is not None else 0
        most = day.p90.total_seconds() if day.p90 is not None else 0
        said = (
            f"half within {times.span(day.p50)}, nine of ten within {times.span(day.p90)}" if day.p50 and day.p90 else "nobody was answered"
        )
        bars.append(
            Bar(
                x=round(n * step + 2, 1),
                y=round(HIGH * (1 - half / longest), 1),
                width=round(max(step - 4, 1), 1),
                height=round(HIGH * half / longest, 1),
                label=day.day.strftime("%d.%m.") if n % every == 0 else "",
                title=f"{day.day.isoformat()}: {day.raised} raised; {said}",
                second=round(HIGH * (1 - most / longest), 1) if most else 0,
            )
        )
    return bars
