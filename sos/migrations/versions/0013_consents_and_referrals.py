"""Consents, referrals and what goes to agencies outside."""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by this part's own change."""


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
