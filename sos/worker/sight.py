"""What the watchdog looks at: the database, the keystore, the disk, each by itself, so that one that hangs hides no other."""

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sos.clock import Clock
from sos.db.database import Database
from sos.db.onlooker import Onlooker
from sos.deadlines import heartbeats
from sos.keys.keystore import Keystore
from sos.watch import chain
from sos.watch.chain import Part

LEAST_FREE: Final = 256 * 1024 * 1024
"""Bytes on the data folder's disk; below, writing may fail any moment."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at the database showed."""

    signs: tuple[tuple[Part, str, datetime | None], ...]
    warnings: tuple[str, ...]


class Full(Exception):
    """The disk has too little room left."""


@dataclass(frozen=True, slots=True)
class Sights:
    """The things that may hang, as calls that raise when something is wrong."""

    database: Callable[[], Seen]
    writes: Callable[[], None]
    keys: Callable[[], None]
    disk: Callable[[], None]


def sights(*, url: str, clock: Clock, keys: Path, instance: Path) -> Sights:
    """Of a real installation; opens nothing yet. The watchdog writes one row, its own sign of life."""
    onlooker = Onlooker(url)
    writer = Database(url, clock, pool_size=1)
    own = f"{chain.WATCHDOG}{socket.gethostname()[:40]}"

    def look() -> Seen:
        with onlooker.look() as conn:
            return Seen(tuple(chain.watched(conn, clock.now())), chain.warnings(conn))

    def write() -> None:
        if writer.file is not None and not writer.file.exists():
            raise FileNotFoundError  # a connection would make an empty one
        with writer.write() as unit:
            heartbeats.beat(unit, own)

    return Sights(look, write, lambda: _open(keys), lambda: _room(instance))


def _open(folder: Path) -> None:
    Keystore.open(folder).current  # noqa: B018 - opening it is the point


def _room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < LEAST_FREE:
        raise Full
    if (inodes := os.statvfs(folder)).f_files and not inodes.f_favail:
        raise Full
