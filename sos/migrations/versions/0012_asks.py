"""Blind asks."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ask_rounds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_ref", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("begun_by", sa.String(32), nullable=False),
        sa.CheckConstraint("state IN ('asking', 'found', 'settled', 'nobody', 'ended')", name=op.f("ck_ask_rounds_state")),
        sa.PrimaryKeyConstraint("id", name="pk_ask_rounds"),
    )
    op.create_index("ix_ask_rounds_case_ref", "ask_rounds", ["case_ref"])
    op.create_table(
        "asks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("send_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("declined", sa.String(16), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'open', 'yes', 'no', 'expired', 'released')", name=op.f("ck_asks_state")),
        sa.CheckConstraint("(state = 'no') = (declined IS NOT NULL)", name=op.f("ck_asks_declined")),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
    )
    op.create_index("ix_asks_shelter", "asks", ["shelter", "state"])


def downgrade() -> None:
    for table in ("asks", "ask_rounds"):
        op.drop_table(table)
