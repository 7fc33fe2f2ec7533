"""Units of a shelter and holds on them."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by this part's own change."""


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
