"""Offers, applications, appointments and document cases."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _offers()
    op.create_table(
        "appointments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('agreed', 'held', 'not_held', 'cancelled')", name=op.f("ck_appointments_state")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 600", name=op.f("ck_appointments_minutes")),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_survivor_id", "appointments", ["survivor_id"])
    op.create_table(
        "document_cases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("mediator", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'received', 'refused', 'stopped')", name=op.f("ck_document_cases_state")),
        sa.PrimaryKeyConstraint("id", name="pk_document_cases"),
    )
    op.create_index("ix_document_cases_survivor_id", "document_cases", ["survivor_id"])
    op.create_index("ix_document_cases_mediator", "document_cases", ["mediator"])
    op.create_table(
        "document_steps",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('to_do', 'under_way', 'waiting', 'stuck', 'done', 'not_needed')", name=op.f("ck_document_steps_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document_steps"),
        sa.UniqueConstraint("case_id", "position", name="uq_document_steps_case_id_position"),
    )


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('grant', 'training', 'job', 'material_help', 'minor_repair')", name=op.f("ck_offers_kind")),
        sa.CheckConstraint('"left" IS NULL OR "left" >= 0', name=op.f("ck_offers_left")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_offers_dates")),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    op.create_index("ix_offers_closes_on", "offers", ["closes_on"])
    op.create_table(
        "applications",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('noted', 'applied', 'accepted', 'refused', 'withdrawn', 'done')", name=op.f("ck_applications_state")),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
    )
    op.create_index("ix_applications_offer_id", "applications", ["offer_id"])
    op.create_table(
        "applicants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("application_id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_applicants"),
        sa.UniqueConstraint("application_id", "survivor_id", name="uq_applicants_application_id_survivor_id"),
    )
    op.create_index("ix_applicants_application_id", "applicants", ["application_id"])
    op.create_index("ix_applicants_survivor_id", "applicants", ["survivor_id"])
    op.create_table(
        "offer_wishes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer_wishes"),
        sa.UniqueConstraint("survivor_id", "kind", name="uq_offer_wishes_survivor_id_kind"),
    )


def downgrade() -> None:
    for table in ("document_steps", "document_cases", "appointments", "offer_wishes", "applicants", "applications", "offers"):
        op.drop_table(table)
