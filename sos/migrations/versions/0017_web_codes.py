"""Codes by which somebody who writes by telephone opens a box on the web page, too."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_codes",
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("index", sa.LargeBinary(32), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_web_codes"),
        sa.UniqueConstraint("index", name="uq_web_codes_index"),
    )
    op.create_index("ix_web_codes_survivor_id", "web_codes", ["survivor_id"])


def downgrade() -> None:
    op.drop_table("web_codes")
