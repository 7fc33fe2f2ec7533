"""Alembic's entry: runs the steps on the connection it is given. Never opens a database of its own choosing."""

from alembic import context

from sos.db.base import Base


def run() -> None:
    """Run the migrations in one transaction, on the connection in the configuration's attributes or of the Flask application."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _on(given)
        return
    from flask import current_app  # noqa: PLC0415 - only `flask db` runs inside an application

    with current_app.extensions["sos"].database.write() as unit:
        _on(unit.conn)


def _on(connection: object) -> None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, transactional_ddl=False
    )  # type: ignore[arg-type]
    context.run_migrations()


run()
