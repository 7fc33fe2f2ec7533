"""How the chain from inbox to gateway stands, as the database tells it: for the console's banner, `/health/chain`, the doctor and the watchdog.

Never tells content, nor how many people there are: only parts, times and fixed words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from sos.deadlines import actions as deadlines
from sos.deadlines import heartbeats
from sos.inbox import actions as inbox
from sos.outbox import actions as outbox
from sos.outbox.states import Lane
from sos.watch import untaken

GATEWAY: Final = "gateway:"
ASKED: Final = "asked:"
WARNING: Final = "warning:"
WATCHDOG: Final = "watchdog:"
WORKER: Final = "worker:"
SYNTHETIC: Final = "synthetic"


class Part(StrEnum):
    """What must be young. The values stand in alarms."""

    DATABASE = "database"
    WRITES = "database writes"
    KEYS = "keys"
    DISK = "disk"
    WORKER = "worker"
    WATCHDOG = "watchdog"
    INBOX = "inbox"
    SOS = "sos"
    PAGE = "page"
    DEADLINE = "deadline"
    UNTAKEN = "untaken"
    GATEWAY = "gateway"
    SYNTHETIC = "synthetic"


YOUNG: Final[Mapping[Part, timedelta]] = {
    Part.WORKER: timedelta(seconds=30),
    Part.WATCHDOG: timedelta(seconds=120),
    Part.INBOX: timedelta(seconds=30),
    Part.SOS: timedelta(seconds=30),
    Part.PAGE: timedelta(seconds=30),
    Part.DEADLINE: timedelta(seconds=30),
    Part.UNTAKEN: timedelta(minutes=10),
    Part.GATEWAY: timedelta(minutes=15),
    Part.SYNTHETIC: timedelta(hours=26),
}
"""How old each may be before the chain counts as broken. The synthetic SOS runs daily: two hours are left for its repetition."""

LIVING: Final = frozenset({Part.WORKER, Part.WATCHDOG, Part.GATEWAY, Part.SYNTHETIC})
"""Parts that give signs of life; of the others the age of the oldest open item counts."""


@dataclass(frozen=True, slots=True)
class Link:
    """One part of the chain. `since`: its last sign of life, or when its oldest open item came; None: never, or nothing open."""

    part: Part
    name: str
    """which gateway; empty for the other parts"""
    since: datetime | None
    seconds: float | None
    """None: no sign of life has ever been seen"""
    late: bool

    @property
    def key(self) -> str:
        return f"{self.part.value} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Chain:
    """All parts at one moment. `warnings`: fixed words such as `smsgate:battery_low`."""

    links: tuple[Link, ...]
    warnings: tuple[str, ...]

    @property
    def late(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.late)

    @property
    def whole(self) -> bool:
        return not self.late


def state_of_chain(conn: Connection, now: datetime) -> Chain:
    """How every part stands at `now` (aware)."""
    return Chain(tuple(_link(part, name, since, now) for part, name, since in _signs(conn, now)), warnings(conn))


def _signs(conn: Connection, now: datetime) -> list[tuple[Part, str, datetime | None]]:
    """(part, name, since) of everything that is watched in the database."""
    lived = dict(heartbeats.all_of(conn, GATEWAY))
    gateways = sorted(name.removeprefix(ASKED) for name, _ in heartbeats.all_of(conn, ASKED))
    return [
        (Part.WORKER, "", heartbeats.youngest(conn, WORKER)),
        (Part.WATCHDOG, "", heartbeats.youngest(conn, WATCHDOG)),
        (Part.INBOX, "", inbox.oldest_waiting(conn)),
        (Part.SOS, "", outbox.oldest_waiting(conn, Lane.SOS)),
        (Part.PAGE, "", outbox.oldest_waiting(conn, Lane.PAGE)),
        (Part.DEADLINE, "", deadlines.oldest_overdue(conn, now)),
        (Part.UNTAKEN, "", untaken.oldest(conn)),
        *((Part.GATEWAY, name, lived.get(GATEWAY + name)) for name in gateways),
        *((Part.SYNTHETIC, "", at) for _, at in heartbeats.all_of(conn, SYNTHETIC)),
    ]


def warnings(conn: Connection) -> tuple[str, ...]:
    """What is not broken yet: a battery that runs low, a credit that ends."""
    return tuple(sorted(name.removeprefix(WARNING) for name, _ in heartbeats.all_of(conn, WARNING)))


def watched(conn: Connection, now: datetime) -> list[tuple[Part, str, datetime | None]]:
    """What the watchdog looks at: everything but itself."""
    return [sign for sign in _signs(conn, now) if sign[0] is not Part.WATCHDOG]


def _link(part: Part, name: str, since: datetime | None, now: datetime) -> Link:
    if since is None:
        never = part in LIVING
        return Link(part, name, None, None if never else 0.0, late=never and part is not Part.WATCHDOG)
    seconds = round(max(0.0, (now - since).total_seconds()), 1)
    return Link(part, name, since, seconds, late=seconds > YOUNG[part].total_seconds())
