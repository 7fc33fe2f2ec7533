"""Questionnaires about needs."""

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by this part's own change."""


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
