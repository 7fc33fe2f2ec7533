"""A view of the database for whoever watches it: one connection a look, never a write, never a long wait.

A new connection each time sees what a newcomer would see: a file that was taken away, a server that admits nobody.
"""

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

SECONDS = 5


class Onlooker:
    """`url`: as of `Database`. Opens nothing until the first look."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            self._engine = _sqlite(str(parsed.database))
            return
        options = f"-c statement_timeout={SECONDS * 1000} -c default_transaction_read_only=on"
        self._engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"connect_timeout": SECONDS, "options": options, "tcp_user_timeout": SECONDS * 1000},
        )

    @contextlib.contextmanager
    def look(self) -> Iterator[Connection]:
        """Read what stands there now. Raises what the database raises."""
        with self._engine.connect() as conn:
            yield conn


def _sqlite(file: str) -> Engine:
    """`mode=rw` never makes a file that is gone; `query_only` never changes one that is there (a WAL needs the right to write beside it)."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{_escaped(file)}?mode=rw", uri=True, timeout=SECONDS, check_same_thread=False)

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA query_only=ON"))
    return engine


def _escaped(file: str) -> str:
    return file.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
