"""Her evidence and her own safety plan."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("link", sa.LargeBinary(32), nullable=True),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("key_epoch", sa.String(16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("shared_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("survivor_id", "n", name="uq_evidence_survivor_id_n"),
        sa.CheckConstraint("state IN ('wanted', 'kept', 'erased')", name=op.f("ck_evidence_state")),
        sa.CheckConstraint(
            "state != 'kept' OR (n IS NOT NULL AND link IS NOT NULL AND card IS NOT NULL)", name=op.f("ck_evidence_kept_is_whole")
        ),
    )
    op.create_index("ix_evidence_survivor_id", "evidence", ["survivor_id"])
    op.create_index("ix_evidence_key_epoch", "evidence", ["key_epoch"])
    op.create_table(
        "evidence_chunks",
        sa.Column("evidence_id", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", "n", name="pk_evidence_chunks"),
    )
    op.create_table(
        "own_plans",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("key_epoch", sa.String(16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_own_plans"),
        sa.UniqueConstraint("survivor_id", name="uq_own_plans_survivor_id"),
    )
    op.create_index("ix_own_plans_key_epoch", "own_plans", ["key_epoch"])


def downgrade() -> None:
    op.drop_table("own_plans")
    op.drop_table("evidence_chunks")
    op.drop_table("evidence")
