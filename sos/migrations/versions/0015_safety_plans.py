"""Safety plans of shelters."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by this part's own change."""


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
