"""Her rules: hours, channel, what a phone may do. Pure. Nothing said means no: without rules of hers nobody writes first (DOMAIN 9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sos.survivors.address import Channel

DAY: Final = 24 * 60
Hours = tuple[tuple[int, int], ...]
"""Spans of minutes of her day, each from (included) to (excluded), 0..1440; a night is two spans."""


class Calls(StrEnum):
    """What a person may do with her phone number. The program never calls."""

    NEVER = "never"
    NO_VOICEMAIL = "no_voicemail"  #: may be called in her hours; nothing is left on a machine, nobody else is asked for her
    VOICEMAIL = "voicemail"  #: a neutral word may be left


@dataclass(frozen=True, slots=True)
class Rules:
    """What she allows. Shown by no repr: when she is alone is hers to tell."""

    hours: Hours = field(default=(), repr=False)  #: empty: never unasked
    channel: Channel | None = field(default=None, repr=False)  #: only there; None: wherever she last wrote
    calls: Calls = Calls.NEVER
    zone: str = "Europe/Belgrade"  #: the wall clock that her hours are on

    def allow(self, now: datetime, channel: Channel) -> bool:
        """Whether something neutral may be written to her unasked, now, on this channel."""
        local = now.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        here = self.channel is None or self.channel is channel
        return here and any(start <= minute < end for start, end in self.hours)

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads again."""
        return {
            "hours": [list(span) for span in self.hours],
            "channel": self.channel.value if self.channel else None,
            "calls": self.calls.value,
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Rules":
        """The rules that were kept. Raises ValueError, TypeError or KeyError where they are damaged: then nothing is allowed."""
        hours = tuple((int(start), int(end)) for start, end in stored["hours"])
        return cls(hours, Channel(stored["channel"]) if stored["channel"] else None, Calls(stored["calls"]), str(stored["zone"]))


def spans(start: int, end: int) -> Hours:
    """From one minute of the day to another, over midnight where it must be."""
    if start == end:
        return ((0, DAY),)
    return ((start, end),) if start < end else ((start, DAY), (0, end))
