"""Safety plans of shelters, and alerts that a house raises for itself."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SOURCES = ("device", "phone", "visit", "check_in")
OPEN = "state NOT IN ('closed', 'false_alarm')"


def _sources(allowed: tuple[str, ...]) -> None:
    """SQLite can change a CHECK only by making the table anew, which the batch does; indexes with a condition do not survive that."""
    for name in ("uq_alerts_open", "ix_alerts_state"):
        op.drop_index(name, "alerts")
    with op.batch_alter_table("alerts") as batch:
        batch.drop_constraint(op.f("ck_alerts_source"), type_="check")
        batch.create_check_constraint(op.f("ck_alerts_source"), sa.text(f"source IN ({', '.join(repr(one) for one in allowed)})"))
    still = sa.text(OPEN)
    op.create_index("ix_alerts_state", "alerts", ["state"], sqlite_where=still, postgresql_where=still)
    op.create_index("uq_alerts_open", "alerts", ["fold_index"], unique=True, sqlite_where=still, postgresql_where=still)


def upgrade() -> None:
    _sources((*SOURCES, "shelter"))
    op.create_table(
        "safety_plans",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("lead", sa.String(32), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("signed_by", sa.String(32), nullable=True),
        sa.Column("signed_at", UTCDateTime(), nullable=True),
        sa.Column("signed_too_by", sa.String(32), nullable=True),
        sa.Column("signed_too_at", UTCDateTime(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'signed_once', 'signed', 'review', 'ended')", name=op.f("ck_safety_plans_state")),
        sa.CheckConstraint("signed_too_by IS NULL OR signed_too_by <> signed_by", name=op.f("ck_safety_plans_two_persons")),
        sa.PrimaryKeyConstraint("id", name="pk_safety_plans"),
    )
    op.create_index("ix_safety_plans_shelter", "safety_plans", ["shelter"])
    op.create_table(
        "safety_plan_items",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("owner", sa.String(32), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(32), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('to_do', 'done', 'not_here')", name=op.f("ck_safety_plan_items_state")),
        sa.PrimaryKeyConstraint("id", name="pk_safety_plan_items"),
        sa.UniqueConstraint("plan_id", "item", name="uq_safety_plan_items_plan_id_item"),
    )
    op.create_index("ix_safety_plan_items_owner", "safety_plan_items", ["owner"])
    op.create_table(
        "drills",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("held_at", UTCDateTime(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(32), nullable=False),
        sa.CheckConstraint(
            "staff >= 0 AND residents >= 0 AND children >= 0 AND missing >= 0 AND minutes >= 0", name=op.f("ck_drills_counts")
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_drills"),
        sa.UniqueConstraint("id", name="uq_drills_id"),
    )
    op.create_index("ix_drills_plan_id", "drills", ["plan_id", "held_at"])
    op.create_table(
        "lockdowns",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shelter", sa.LargeBinary(32), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("begun_by", sa.String(32), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lockdowns"),
    )
    op.create_index("ix_lockdowns_shelter", "lockdowns", ["shelter"])
    op.create_table(
        "lockdown_replies",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("lockdown_id", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lockdown_replies"),
        sa.UniqueConstraint("lockdown_id", "member_id", name="uq_lockdown_replies_lockdown_id_member_id"),
    )


def downgrade() -> None:
    """What a house rang stays as something that a person wrote down."""
    op.execute("UPDATE alerts SET source = 'phone' WHERE source = 'shelter'")
    _sources(SOURCES)
    for table in ("lockdown_replies", "lockdowns", "drills", "safety_plan_items", "safety_plans"):
        op.drop_table(table)
