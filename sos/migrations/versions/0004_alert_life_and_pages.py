"""The whole life of an alert, its levels and the pages of staff."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_alerts_state": "state IN ('received', 'being_shown', 'taken', 'opened', 'answered', 'handed_over', 'closed', 'false_alarm')",
    "ck_alerts_urgency": "urgency IN ('emergency', 'urgent', 'ordinary')",
    "ck_alerts_source": "source IN ('device', 'phone', 'visit', 'check_in')",
    "ck_alerts_taken_by": "state IN ('received', 'being_shown', 'handed_over', 'closed', 'false_alarm') OR taken_by IS NOT NULL",
}
BEFORE = {"ck_alerts_state": "state IN ('received', 'closed')"}
OPEN = "state NOT IN ('closed', 'false_alarm')"
OPEN_BEFORE = "state != 'closed'"
UNDER_WAY = "state IN ('queued', 'sent')"


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("source", sa.String(8), nullable=False, server_default="device"),
        sa.Column("urgency", sa.String(10), nullable=False, server_default="urgent"),
        sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("policy", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("language", sa.String(3), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("turn", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("taken_by", sa.String(32), nullable=True),
        sa.Column("handed_to", sa.String(32), nullable=True),
        sa.Column("state_at", UTCDateTime(), nullable=True),
        sa.Column("acted_at", UTCDateTime(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(32), nullable=True),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("nuisance_until", UTCDateTime(), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"),
    ]


def _reshape(before: dict[str, str], after: dict[str, str], *, add: list[sa.Column[Any]], drop: list[str]) -> None:
    """SQLite can change a CHECK only by making the table anew, which the batch does."""
    with op.batch_alter_table("alerts") as batch:
        for name in before:
            batch.drop_constraint(op.f(name), type_="check")
        for column in add:
            batch.add_column(column)
        for name in drop:
            batch.drop_column(name)
        for name, text in after.items():
            batch.create_check_constraint(op.f(name), sa.text(text))


def _index_open(where: str) -> None:
    op.create_index("uq_alerts_open", "alerts", ["fold_index"], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.drop_index("uq_alerts_open", "alerts")
    _reshape(BEFORE, CHECKS, add=_columns(), drop=[])
    op.create_index("ix_alerts_taken_by", "alerts", ["taken_by"])
    op.create_index("ix_alerts_state", "alerts", ["state"], sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN))
    _index_open(OPEN)
    with op.batch_alter_table("alert_entries") as batch:
        batch.add_column(sa.Column("by", sa.String(32), nullable=True))
    op.create_table(
        "alert_bars",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=True),
        sa.Column("survivor_id", sa.String(32), nullable=True),
        sa.Column("by", sa.String(32), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_bars"),
    )
    for column in ("member_id", "alert_id", "survivor_id"):
        op.create_index(f"ix_alert_bars_{column}", "alert_bars", [column])
    _pages()


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("way_id", sa.String(32), nullable=True),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(32), nullable=True),
        sa.Column("outbox_id", sa.String(32), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_pages"),
        sa.UniqueConstraint("id", name="uq_pages_id"),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'delivered', 'failed', 'claimed', 'stopped', 'expired')", name=op.f("ck_pages_state")
        ),
        sa.CheckConstraint("channel IN ('console', 'telegram', 'sms')", name=op.f("ck_pages_channel")),
    )
    for column in ("alert_id", "member_id", "outbox_id"):
        op.create_index(f"ix_pages_{column}", "pages", [column])
    op.create_index("ix_pages_way_id", "pages", ["way_id", "seq"])
    where = sa.text(UNDER_WAY)
    op.create_index("ix_pages_under_way", "pages", ["state", "seq"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """The shape before; alerts in a state that it does not know stay open, as received."""
    op.drop_table("pages")
    op.drop_table("alert_bars")
    with op.batch_alter_table("alert_entries") as batch:
        batch.drop_column("by")
    for index in ("uq_alerts_open", "ix_alerts_state", "ix_alerts_taken_by"):
        op.drop_index(index, "alerts")
    op.execute("UPDATE alerts SET state = 'closed' WHERE state = 'false_alarm'")
    op.execute("UPDATE alerts SET state = 'received' WHERE state != 'closed'")
    _reshape(CHECKS, BEFORE, add=[], drop=[column.name for column in _columns()])
    _index_open(OPEN_BEFORE)
