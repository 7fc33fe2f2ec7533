"""The schema: one head, the same as the models, there and back, on both databases."""

import pkgutil
from importlib import import_module

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect

import sos
from sos.db.base import Base
from sos.db.database import Database
from sos.db.migrate import config, head, upgrade


def _all_models() -> int:
    found = [module.name for module in pkgutil.walk_packages(sos.__path__, "sos.") if module.name.endswith(".models")]
    for name in found:
        import_module(name)
    return len(found)


def test_the_migrated_schema_is_the_schema_of_the_models(database: Database) -> None:
    assert _all_models() > 5
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database(database: Database) -> None:
    """Alembic's autogenerate passes over CHECK constraints silently (measured)."""
    _all_models()
    with database.read() as conn:
        found = inspect(conn)
        wanted = {
            (table.name, str(check.name))
            for table in Base.metadata.tables.values()
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }
        assert wanted
        there = {(table, check["name"]) for table in Base.metadata.tables for check in found.get_check_constraints(table)}
    assert wanted <= there


def test_the_schema_goes_down_and_up_again(database: Database) -> None:
    with database.write() as unit:
        command.downgrade(config(unit.conn), "base")
    with database.read() as conn:
        assert set(inspect(conn).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    with database.read() as conn:
        assert MigrationContext.configure(conn).get_current_revision() == head()
