"""What the watch over the chain needs."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by this part's own change."""


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
