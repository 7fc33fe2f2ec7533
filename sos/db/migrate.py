"""Bring the schema to its one head. Two processes that start together do it once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from sos.db.database import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_LOCK = 5318008
"""PostgreSQL advisory lock held while migrating; SQLite's write lock does the same."""


def upgrade(database: Database) -> None:
    """Migrate to the head if it is not there yet."""
    if at_head(database):
        return
    with database.write() as unit:
        if database.dialect == "postgresql":
            unit.conn.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        command.upgrade(config(unit.conn), "head")


def at_head(database: Database) -> bool:
    """Whether the schema is the one this code expects."""
    with database.read() as conn:
        if not inspect(conn).has_table("alembic_version"):
            return False
        return MigrationContext.configure(conn).get_current_revision() == head()


def head() -> str:
    """The one head. Raises when there are several."""
    found = ScriptDirectory.from_config(config(None)).get_current_head()
    if found is None:
        raise LookupError("no migrations found")
    return found


def config(connection: Connection | None) -> Config:
    """Alembic's configuration on this connection."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made
