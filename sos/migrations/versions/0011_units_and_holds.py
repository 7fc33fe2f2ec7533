"""Units of a shelter, holds on them, what its staff confirmed, are asked and chose."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = "state IN ('held', 'subject')"


def upgrade() -> None:
    op.add_column("capacities", sa.Column("fresh_hours", sa.Float(), nullable=True))
    op.create_table(
        "shelter_settings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shelter_settings"),
        sa.UniqueConstraint("shelter", name="uq_shelter_settings_shelter"),
    )
    op.create_table(
        "bed_questions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_again", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'over')", name=op.f("ck_bed_questions_state")),
        sa.PrimaryKeyConstraint("id", name="pk_bed_questions"),
    )
    op.create_index("ix_bed_questions_shelter", "bed_questions", ["shelter", "state"])
    op.create_table(
        "units",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('free', 'held', 'occupied', 'out_of_order')", name=op.f("ck_units_state")),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
    )
    op.create_index("ix_units_shelter", "units", ["shelter"])
    op.create_table(
        "unit_moves",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("unit_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_unit_moves"),
    )
    op.create_index("ix_unit_moves_unit_id", "unit_moves", ["unit_id", "at"])
    op.create_table(
        "confirmations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
    )
    op.create_index("ix_confirmations_shelter", "confirmations", ["shelter", "at"])
    op.create_table(
        "holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("unit_id", sa.String(32), nullable=False),
        sa.Column("case_ref", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('held', 'subject', 'taken_up', 'released', 'lapsed', 'declined')", name=op.f("ck_holds_state")),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_unit_id", "holds", ["unit_id"])
    op.create_index("ix_holds_case_ref", "holds", ["case_ref"])
    op.create_index("uq_holds_open", "holds", ["unit_id"], unique=True, postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN))


def downgrade() -> None:
    for table in ("holds", "confirmations", "unit_moves", "units", "bed_questions", "shelter_settings"):
        op.drop_table(table)
    op.drop_column("capacities", "fresh_hours")
