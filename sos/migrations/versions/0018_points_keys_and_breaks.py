"""Keys of their own for shared places, and short breaks within a shift."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_points_keys",
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key_epoch", sa.String(16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alert_points_keys"),
        sa.UniqueConstraint("id", name="uq_alert_points_keys_id"),
    )
    op.create_index("ix_alert_points_keys_key_epoch", "alert_points_keys", ["key_epoch"])
    op.add_column("shifts", sa.Column("break_until", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shifts") as shifts:
        shifts.drop_column("break_until")
    op.drop_table("alert_points_keys")
