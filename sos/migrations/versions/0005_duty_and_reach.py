"""Shifts, rota, and how staff are reached."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(32)
_OPEN = "ended_at IS NULL"
_PROVED = "verified_at IS NOT NULL"


def upgrade() -> None:
    _sealed_by("'person', 'transit', 'staff'")
    op.create_table(
        "shifts",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
    )
    op.create_index("uq_shifts_open", "shifts", ["member_id"], unique=True, postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN))
    op.create_index("ix_shifts_started_at", "shifts", ["started_at"])
    op.create_table(
        "rota_turns",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("languages", sa.String(64), nullable=True),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("starts", sa.String(16), nullable=False),
        sa.Column("ends", sa.String(16), nullable=False),
        sa.Column("repeat", sa.String(200), nullable=True),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rota_turns"),
        sa.CheckConstraint("kind IN ('duty', 'interpreter')", name=op.f("ck_rota_turns_kind")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_rota_turns_order")),
    )
    op.create_index("ix_rota_turns_member_id", "rota_turns", ["member_id"])
    op.create_table(
        "rota_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("turn_id", ID, nullable=True),
        sa.Column("occurrence", sa.String(16), nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=True),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rota_changes"),
        sa.CheckConstraint(
            "(kind = 'swap' AND turn_id IS NOT NULL AND occurrence IS NOT NULL) OR "
            "(kind = 'absence' AND member_id IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)",
            name=op.f("ck_rota_changes_kind"),
        ),
    )
    op.create_table(
        "duty_feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_duty_feeds"),
        sa.UniqueConstraint("token_index", name="uq_duty_feeds_token_index"),
    )
    op.create_index("ix_duty_feeds_member_id", "duty_feeds", ["member_id"])
    op.create_table(
        "staff_ways",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("verified_at", UTCDateTime(), nullable=True),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("failing_since", UTCDateTime(), nullable=True),
        sa.Column("worked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff_ways"),
        sa.CheckConstraint("channel IN ('sms', 'telegram')", name=op.f("ck_staff_ways_channel")),
    )
    op.create_index("ix_staff_ways_member_id", "staff_ways", ["member_id"])
    op.create_index(
        "uq_staff_ways_verified", "staff_ways", ["index"], unique=True, postgresql_where=sa.text(_PROVED), sqlite_where=sa.text(_PROVED)
    )
    op.create_table(
        "staff_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("way_id", ID, nullable=True),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff_codes"),
        sa.CheckConstraint("channel IN ('sms', 'telegram')", name=op.f("ck_staff_codes_channel")),
    )
    op.create_index("ix_staff_codes_member_id", "staff_codes", ["member_id"])
    op.create_index("ix_staff_codes_code_index", "staff_codes", ["code_index"])
    op.create_table(
        "staff_guesses",
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("about", name="pk_staff_guesses"),
    )


def _sealed_by(kinds: str) -> None:
    """Which keys an outbox row may be sealed by."""
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_key_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_key_kind"), f"key_kind IN ({kinds})")


def downgrade() -> None:
    for table in ("staff_guesses", "staff_codes", "staff_ways", "duty_feeds", "rota_changes", "rota_turns", "shifts"):
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE key_kind = 'staff'")
    _sealed_by("'person', 'transit'")
