"""Alembic's entry: runs the steps on the connection it is given (sos/db/migrate.py). Never opens a database of its own choosing."""

from alembic import context

from sos.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,
)
context.run_migrations()
