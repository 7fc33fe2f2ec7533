"""Statements whose form differs between the two databases, or that must be compare-and-set. Knows no table of its own."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, Update
from sqlalchemy.dialects import postgresql, sqlite

Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])


class AlreadyMoved(Exception):
    """Another hand moved this row first."""


def insert_once(conn: Connection, table: Table, values: Mapping[str, Any], *, key: str) -> bool:
    """INSERT ... ON CONFLICT (key) DO NOTHING. True when the row is new."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(values)).on_conflict_do_nothing(index_elements=[key])
    return conn.execute(statement.returning(table.c[key])).first() is not None


def upsert(conn: Connection, table: Table, values: Mapping[str, Any], *, key: str) -> None:
    """INSERT, or on a conflict of `key` set all other columns."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(values))
    others = {name: value for name, value in values.items() if name != key}
    conn.execute(statement.on_conflict_do_update(index_elements=[key], set_=others))


def skip_locked(statement: Rows) -> Rows:
    """Lock the selected rows and pass over those that another worker holds (SQLite has one writer and ignores it)."""
    return statement.with_for_update(skip_locked=True)


def move(conn: Connection, statement: Update) -> None:
    """Run a compare-and-set UPDATE that must change exactly one row. Raises AlreadyMoved."""
    if conn.execute(statement).rowcount != 1:
        raise AlreadyMoved(statement.table.description)
