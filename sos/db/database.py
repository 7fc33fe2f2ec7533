"""One database behind one face: reads, one write transaction at a time on SQLite, savepoints that stay inside.

The only module that opens connections. Never keeps a transaction open while anything outside is asked. SQLite runs in WAL with
`synchronous=FULL`; pysqlite's own transaction handling is off, because its savepoints escape an outer rollback (asserted in tests/db).
"""

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from sos import logs
from sos.clock import Clock

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
WAKE_CHANNEL = "sos_wake"


@dataclass(slots=True)
class Unit:
    """One write transaction. Rows, audit and outbox lines of one use case go through it: together or not at all."""

    conn: Connection
    now: datetime
    _before: list[Callable[["Unit"], None]] = field(default_factory=list)
    _after: list[Callable[[], None]] = field(default_factory=list)
    carried: dict[str, list[Any]] = field(default_factory=dict)
    """Rows that a foundation writes once at the end (audit); a rolled-back savepoint takes back what it added."""

    def before_commit(self, call: Callable[["Unit"], None]) -> None:
        """Run once inside the transaction, last. The same callable is registered once."""
        if call not in self._before:
            self._before.append(call)

    def on_commit(self, call: Callable[[], None]) -> None:
        """Run after the commit succeeded: wake-ups, counters. Never for something that must not be lost."""
        self._after.append(call)

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that may fail alone: an exception undoes exactly this part and is raised on."""
        marks = {name: len(rows) for name, rows in self.carried.items()}
        after = len(self._after)
        nested = self.conn.begin_nested()
        try:
            yield
        except BaseException:
            nested.rollback()
            for name, rows in self.carried.items():
                del rows[marks.get(name, 0) :]
            del self._after[after:]
            raise
        nested.commit()

    def finish(self) -> None:
        for call in self._before:
            call(self)

    def committed(self) -> None:
        """What is committed stays committed: a ring that fails is nobody's error, and keeps no other call from being made."""
        for call in self._after:
            try:
                call()
            except Exception as error:  # noqa: BLE001 - after the commit there is nobody to tell but the log
                logs.event("database.after_commit_failed", error=type(error).__name__)


class Database:
    """The engine with its rules. `url`: an SQLAlchemy URL; `clock` gives every unit its `now`. Raises sqlalchemy's ArgumentError."""

    def __init__(self, url: str, clock: Clock, *, pool_size: int = 12) -> None:
        parsed = _with_driver(make_url(url))
        self.url = parsed
        self.clock = clock
        self.dialect = parsed.get_backend_name()
        if self.dialect not in ("postgresql", "sqlite") or (self.dialect == "sqlite" and parsed.database in (None, "", ":memory:")):
            raise ArgumentError("neither PostgreSQL nor a file of SQLite")
        self.engine = create_engine(
            parsed,
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=20,
            hide_parameters=True,
            pool_pre_ping=self.dialect == "postgresql",
            connect_args={"timeout": 15, "check_same_thread": False} if self.dialect == "sqlite" else {"connect_timeout": 5},
        )
        self._turn = _WriterTurn(self.file) if self.file else None
        if self.dialect == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(str(self.url.database)) if self.dialect == "sqlite" else None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view that writes nothing."""
        with self.engine.connect() as conn, conn.begin() as begun:
            yield conn
            begun.rollback()

    @contextlib.contextmanager
    def write(self) -> Iterator[Unit]:
        """One transaction: commits at the end, rolls back on any exception. Writers on SQLite take turns fairly."""
        with self._turn or contextlib.nullcontext():
            with self.engine.connect().execution_options(sos_write=True) as conn, conn.begin():
                unit = Unit(conn=conn, now=self.clock.now())
                yield unit
                unit.finish()
        unit.committed()

    def dispose(self) -> None:
        self.engine.dispose()


class _WriterTurn:
    """A blocking flock before BEGIN IMMEDIATE: without it intake waited seconds behind a batching worker (measured).

    The lock file stands beside the database; threads of one process queue on a lock of their own first.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".turn")
        self._thread = threading.Lock()
        self._held: int | None = None

    def __enter__(self) -> None:
        self._thread.acquire()
        try:
            self._held = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_EX)
        except BaseException:
            self._thread.release()
            raise

    def __exit__(self, *_: object) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self._thread.release()


def _prepare_sqlite(dbapi: sqlite3.Connection, _: object) -> None:
    dbapi.isolation_level = None
    for pragma in _PRAGMAS:
        dbapi.execute(pragma)


def _begin_sqlite(conn: Connection) -> None:
    write = conn.get_execution_options().get("sos_write", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _with_driver(url: URL) -> URL:
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def reachable(engine: Engine) -> bool:
    """Whether the database answers one statement."""
    try:
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 - any failure means the same thing to a health check
        return False
    return True
