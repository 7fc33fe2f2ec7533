"""Consents, referrals and what goes to agencies outside."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_to", sa.String(32), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('live', 'suspended', 'withdrawn', 'expired')", name=op.f("ck_consents_state")),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("uq_consents_code", "consents", ["survivor_id", "code"], unique=True)
    op.create_table(
        "overrides",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("told", sa.String(16), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused', 'ended')", name=op.f("ck_overrides_state")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_overrides_two_persons")),
        sa.CheckConstraint("told IS NULL OR told IN ('told', 'unsafe_to_tell')", name=op.f("ck_overrides_told")),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
    )
    op.create_index("ix_overrides_survivor_id", "overrides", ["survivor_id"])
    op.create_table(
        "referrals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("consent_id", sa.String(32), nullable=True),
        sa.Column("override_id", sa.String(32), nullable=True),
        sa.Column("agency", sa.LargeBinary(32), nullable=False),
        sa.Column("programme", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("declined", sa.String(20), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("state_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'seen', 'overdue', 'accepted', 'in_service', 'completed', 'declined', 'withdrawn')",
            name=op.f("ck_referrals_state"),
        ),
        sa.CheckConstraint("programme IN ('protection', 'household')", name=op.f("ck_referrals_programme")),
        sa.CheckConstraint("(consent_id IS NULL) <> (override_id IS NULL)", name=op.f("ck_referrals_ground")),
        sa.CheckConstraint("(state = 'declined') = (declined IS NOT NULL)", name=op.f("ck_referrals_declined")),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.UniqueConstraint("number", name="uq_referrals_number"),
    )
    op.create_index("ix_referrals_survivor_id", "referrals", ["survivor_id"])
    op.create_index("ix_referrals_consent_id", "referrals", ["consent_id"])
    op.create_index("ix_referrals_override_id", "referrals", ["override_id"])
    op.create_index("ix_referrals_agency", "referrals", ["agency", "state"])
    op.create_table(
        "referral_events",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("referral_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_referral_events"),
        sa.UniqueConstraint("id", name="uq_referral_events_id"),
    )
    op.create_index("ix_referral_events_referral_id", "referral_events", ["referral_id"])
    op.create_table(
        "agency_bars",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("agency", sa.LargeBinary(32), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agency_bars"),
    )
    op.create_index("uq_agency_bars", "agency_bars", ["survivor_id", "agency"], unique=True)
    op.create_table(
        "summaries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_by", sa.String(32), nullable=False),
        sa.Column("drafted_at", UTCDateTime(), nullable=False),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("approved_to", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_summaries"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_to IS NULL)", name=op.f("ck_summaries_approved")),
    )
    op.create_index("uq_summaries_survivor", "summaries", ["survivor_id"], unique=True)
    op.create_table(
        "outside_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("referral_id", sa.String(32), nullable=False),
        sa.Column("token", sa.LargeBinary(32), nullable=False),
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outside_links"),
        sa.UniqueConstraint("token", name="uq_outside_links_token"),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_outside_links_tries")),
    )
    op.create_index("ix_outside_links_referral_id", "outside_links", ["referral_id"])
    op.create_table(
        "duty_reports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("duty", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("told", sa.String(16), nullable=True),
        sa.Column("closed_by", sa.String(32), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_duty_reports"),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_duty_reports_state")),
        sa.CheckConstraint("told IS NULL OR told IN ('told', 'unsafe_to_tell')", name=op.f("ck_duty_reports_told")),
        sa.CheckConstraint(
            "(state = 'closed') = (told IS NOT NULL) AND (told IS NULL) = (closed_at IS NULL)", name=op.f("ck_duty_reports_closed")
        ),
    )
    op.create_index("ix_duty_reports_survivor_id", "duty_reports", ["survivor_id"])


def downgrade() -> None:
    for table in ("duty_reports", "outside_links", "summaries", "agency_bars", "referral_events", "referrals", "overrides", "consents"):
        op.drop_table(table)
