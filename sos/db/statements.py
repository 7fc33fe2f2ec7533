"""Statements whose form differs between the two databases, or that must be compare-and-set. Knows no table of its own."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Insert, Select, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import ReturningInsert

Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])

_TAKEN_BACK = frozenset({"40P01", "40001"})
"""PostgreSQL: deadlock_detected, serialization_failure."""


class AlreadyMoved(Exception):
    """Another hand moved this row first."""


def insert_once(conn: Connection, table: Table, values: Mapping[str, Any], *, key: str) -> bool:
    """INSERT ... ON CONFLICT (key) DO NOTHING. True when the row is new. `key`: one column, or several with blanks between."""
    return conn.execute(_insert_once(conn.dialect.name, table, key), dict(values)).first() is not None


@lru_cache(maxsize=64)
def _insert_once(dialect: str, table: Table, key: str) -> ReturningInsert[Any]:
    made = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    names = key.split()
    return cast("ReturningInsert[Any]", made.on_conflict_do_nothing(index_elements=names).returning(table.c[names[0]]))


def upsert(conn: Connection, table: Table, values: Mapping[str, Any], *, key: str) -> None:
    """INSERT, or on a conflict of `key` set all other columns."""
    conn.execute(_upsert(conn.dialect.name, table, key, tuple(values)), dict(values))


@lru_cache(maxsize=64)
def _upsert(dialect: str, table: Table, key: str, names: tuple[str, ...]) -> Insert:
    made = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    others = {name: made.excluded[name] for name in names if name != key}
    return cast("Insert", made.on_conflict_do_update(index_elements=[key], set_=others))


def skip_locked(statement: Rows) -> Rows:
    """Lock the selected rows and pass over those that another worker holds (SQLite has one writer and ignores it)."""
    return statement.with_for_update(skip_locked=True)


def move(conn: Connection, statement: Update) -> None:
    """Run a compare-and-set UPDATE that must change exactly one row. Raises AlreadyMoved."""
    if conn.execute(statement).rowcount != 1:
        raise AlreadyMoved(statement.table.description)


def is_deadlock(error: BaseException) -> bool:
    """Whether the database took one of two transactions back because each waited for the other: the same work can be done again at once."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _TAKEN_BACK
