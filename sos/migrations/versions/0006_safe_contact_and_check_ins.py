"""When she may be written to, and check-ins."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    # Both databases take a column with its own CHECK; a copied table would lose the CHECKs that it has.
    op.execute(
        "ALTER TABLE outbox ADD COLUMN purpose VARCHAR(12) DEFAULT 'reply' NOT NULL "
        "CONSTRAINT ck_outbox_purpose CHECK (purpose IN ('reply', 'state', 'unsolicited'))"
    )
    op.create_table(
        "contact_rules",
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("rules", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("survivor_id", name="pk_contact_rules"),
    )
    op.create_table(
        "check_ins",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("then", sa.String(8), nullable=False),
        sa.Column("due", UTCDateTime(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("cancel_asked_at", UTCDateTime(), nullable=True),
        sa.Column("gap_since", UTCDateTime(), nullable=True),
        sa.Column("gap_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.CheckConstraint("state IN ('open', 'kept', 'missed', 'cancelled')", name=op.f("ck_check_ins_state")),
        sa.CheckConstraint("\"then\" IN ('alert', 'task')", name=op.f("ck_check_ins_then")),
    )
    op.create_index("ix_check_ins_survivor_id", "check_ins", ["survivor_id"])
    op.create_index("uq_check_ins_open", "check_ins", ["survivor_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_table("check_ins")
    op.drop_table("contact_rules")
    op.execute("ALTER TABLE outbox DROP COLUMN purpose")
