"""`flask db`: the schema."""

import click
from flask.cli import AppGroup, with_appcontext

from sos.cli.context import house, one_clear_error
from sos.db.migrate import at_head, head, upgrade

database = AppGroup("db", help="The database schema.")


@database.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the schema to its head. Safe to run twice."""
    with one_clear_error():
        found = house()
        found.settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        upgrade(found.database)
    click.echo(f"schema {head()}", err=True)


@database.command("check")
@with_appcontext
def check_command() -> None:
    """Say whether the schema is at its head; exit 1 when it is not."""
    with one_clear_error():
        current = at_head(house().database)
    click.echo("schema is at its head" if current else "schema is not at its head: run `flask db upgrade`", err=True)
    if not current:
        raise SystemExit(1)
