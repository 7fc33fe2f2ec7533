"""Work of the console: who took a task and when it is due, notes that are appended, aliases that operators give."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.String(32)


def upgrade() -> None:
    """A note of before was sealed for another place and cannot be moved without her key: those of 0.1 end here."""
    with op.batch_alter_table("tasks") as tasks:
        tasks.drop_column("note")
        for name, kind in (
            ("alert_id", _ID),
            ("due_at", UTCDateTime()),
            ("left_by", _ID),
            ("taken_by", _ID),
            ("taken_at", UTCDateTime()),
            ("done_by", _ID),
            ("done_at", UTCDateTime()),
        ):
            tasks.add_column(sa.Column(name, kind, nullable=True))
        tasks.create_check_constraint(op.f("ck_tasks_done"), "(state = 'done') = (done_at IS NOT NULL)")
    op.create_index("ix_tasks_taken_by", "tasks", ["taken_by"])
    op.create_index(
        "ix_tasks_waiting", "tasks", ["number"], sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "task_notes",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("task_id", _ID, nullable=False),
        sa.Column("by", _ID, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_task_notes"),
        sa.UniqueConstraint("id", name="uq_task_notes_id"),
    )
    op.create_index("ix_task_notes_task_id", "task_notes", ["task_id"])
    op.create_table(
        "aliases",
        sa.Column("survivor_id", _ID, nullable=False),
        sa.Column("epoch", sa.String(16), nullable=False),
        sa.Column("index", sa.LargeBinary(32), nullable=False),
        sa.Column("alias", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", _ID, nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("survivor_id", name="pk_aliases"),
        sa.UniqueConstraint("index", name="uq_aliases_index"),
    )
    op.create_index("ix_aliases_epoch", "aliases", ["epoch"])


def downgrade() -> None:
    op.drop_table("aliases")
    op.drop_table("task_notes")
    op.drop_index("ix_tasks_waiting", "tasks")
    op.drop_index("ix_tasks_taken_by", "tasks")
    with op.batch_alter_table("tasks") as tasks:
        tasks.drop_constraint(op.f("ck_tasks_done"), type_="check")
        for name in ("alert_id", "due_at", "left_by", "taken_by", "taken_at", "done_by", "done_at"):
            tasks.drop_column(name)
        tasks.add_column(sa.Column("note", sa.LargeBinary(), nullable=True))
