"""Wake a worker at once: a datagram on a Unix socket beside SQLite, LISTEN/NOTIFY on PostgreSQL. Carries a topic, never content.

A lost ring loses nothing: listeners look for themselves every half second too.
"""

import contextlib
import os
import select
import socket
import uuid
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import text

from sos.db.database import WAKE_CHANNEL, Database, Unit


class Topic(StrEnum):
    """What there may be to do."""

    INBOX = "inbox"
    OUTBOX = "outbox"


class Wake:
    """Rings from inside a unit of work; the ring is heard after its commit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ring(self, unit: Unit, topic: Topic) -> None:
        """Wake those who listen for `topic` once this unit is committed."""
        folder = _folder(self._database)
        if folder is None:
            unit.conn.execute(text(f"NOTIFY {WAKE_CHANNEL}, '{topic.value}'"))
        else:
            unit.on_commit(lambda: _send(folder, topic))

    def listen(self, topic: Topic) -> "Listener":
        """A listener of one topic; close it after use."""
        folder = _folder(self._database)
        return SocketListener(folder, topic) if folder else NotifyListener(self._database, topic)


class Listener:
    """Waits for a ring."""

    def wait(self, seconds: float) -> None:
        """Return at a ring, or after `seconds`."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class SocketListener(Listener):
    """One socket file a listener; the path goes through /proc so that a deep folder does not pass the 108 bytes of the system."""

    def __init__(self, folder: Path, topic: Topic) -> None:
        folder.mkdir(exist_ok=True, mode=0o700)
        self._file = folder / f"{topic.value}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        with _short(folder) as path:
            self._socket.bind(f"{path}/{self._file.name}")

    def wait(self, seconds: float) -> None:
        ready, _, _ = select.select([self._socket], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while ready:
                self._socket.recv(16)

    def close(self) -> None:
        self._socket.close()
        self._file.unlink(missing_ok=True)


class NotifyListener(Listener):
    """A connection of its own that LISTENs; opened again when it breaks."""

    def __init__(self, database: Database, topic: Topic) -> None:
        self._dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._topic = topic
        self._conn: psycopg.Connection | None = None

    def wait(self, seconds: float) -> None:
        try:
            if self._conn is None:
                self._conn = psycopg.connect(self._dsn, autocommit=True, connect_timeout=5)
                self._conn.execute(f"LISTEN {WAKE_CHANNEL}")
                return  # something may have come before we listened: look first
            for notice in self._conn.notifies(timeout=seconds):
                if notice.payload == self._topic.value:
                    return
        except psycopg.Error:
            self.close()
            select.select([], [], [], seconds)

    def close(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None


def _folder(database: Database) -> Path | None:
    return database.file.with_name(database.file.name + ".wake") if database.file else None


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _send(folder: Path, topic: Topic) -> None:
    """Best effort: a full or dead socket must never fail the commit that already happened."""
    try:
        names = [name for name in os.listdir(folder) if name.startswith(topic.value)]  # noqa: PTH208 - names only
    except FileNotFoundError:
        return
    with _short(folder) as path, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        for name in names:
            try:
                out.sendto(b"1", f"{path}/{name}")
            except ConnectionRefusedError:
                (folder / name).unlink(missing_ok=True)
            except OSError:
                continue
