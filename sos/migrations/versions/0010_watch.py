"""What the watch over the chain needs: the daily test's alerts are marked, so that no queue and no figure holds them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("synthetic", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE synthetic")
    op.drop_column("alerts", "synthetic")
