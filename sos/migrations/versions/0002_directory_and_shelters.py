"""The public directory, and the vault of confidential services apart from it."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.String(36)


def _service() -> sa.Column[str]:
    return sa.Column("service_id", ID, nullable=False)


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=f"fk_{table}_service_id_services", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("website", sa.String(500), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("phones", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "services",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("website", sa.String(500), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("cost", sa.String(10), nullable=False),
        sa.Column("cost_note", sa.Text(), nullable=False),
        sa.Column("papers", sa.String(12), nullable=False),
        sa.Column("papers_note", sa.Text(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("boys_maximum_age", sa.Integer(), nullable=True),
        sa.Column("on_holidays", sa.String(10), nullable=False),
        sa.Column("gatekeeper", sa.String(255), nullable=False),
        sa.Column("gatekeeper_contact", sa.String(255), nullable=False),
        sa.Column("gatekeeper_night", sa.String(255), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("modified_at", UTCDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_services_organisation_id_organisations"),
        sa.CheckConstraint("status IN ('active', 'inactive', 'defunct', 'temporarily closed')", name=op.f("ck_services_status")),
        sa.CheckConstraint("cost IN ('free', 'paid', 'unstated')", name=op.f("ck_services_cost")),
        sa.CheckConstraint("papers IN ('none', 'none listed', 'some', 'unstated')", name=op.f("ck_services_papers")),
        sa.CheckConstraint("on_holidays IN ('as usual', 'closed', 'unstated')", name=op.f("ck_services_on_holidays")),
        sa.CheckConstraint("boys_maximum_age IS NULL OR boys_maximum_age BETWEEN 0 AND 30", name=op.f("ck_services_boys_maximum_age")),
    )
    op.create_index("ix_services_category", "services", ["category"])
    op.create_index("ix_services_organisation_id", "services", ["organisation_id"])
    op.create_table(
        "places",
        sa.Column("id", ID, nullable=False),
        _service(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("city", sa.String(255), nullable=False),
        sa.Column("postal_code", sa.String(20), nullable=False),
        sa.Column("municipality", sa.String(60), nullable=True),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("located", sa.String(10), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
        _owned("places"),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_places_latitude")),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_places_longitude")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_places_whole_point")),
        sa.CheckConstraint("located IN ('given', 'geocoded', 'gazetteer', 'nowhere')", name=op.f("ck_places_located")),
    )
    op.create_index("ix_places_service_id", "places", ["service_id"])
    op.create_table(
        "phones",
        sa.Column("id", ID, nullable=False),
        _service(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("extension", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_phones"),
        _owned("phones"),
        sa.UniqueConstraint("service_id", "position", name="uq_phones_service_id_position"),
    )
    op.create_table(
        "hours",
        sa.Column("id", ID, nullable=False),
        _service(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place_id", ID, nullable=True),
        sa.Column("days", sa.String(20), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hours"),
        _owned("hours"),
        sa.CheckConstraint("opens IS NULL OR opens BETWEEN 0 AND 1439", name=op.f("ck_hours_opens")),
        sa.CheckConstraint("closes IS NULL OR closes BETWEEN 0 AND 1440", name=op.f("ck_hours_closes")),
        sa.UniqueConstraint("service_id", "position", name="uq_hours_service_id_position"),
    )
    op.create_table(
        "service_languages",
        _service(),
        sa.Column("code", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "code", name="pk_service_languages"),
        _owned("service_languages"),
    )
    op.create_table(
        "service_accepts",
        _service(),
        sa.Column("whom", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "whom", name="pk_service_accepts"),
        _owned("service_accepts"),
    )
    op.create_table(
        "coverage",
        sa.Column("id", ID, nullable=False),
        _service(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_coverage"),
        _owned("coverage"),
        sa.UniqueConstraint("service_id", "position", name="uq_coverage_service_id_position"),
    )
    op.create_table(
        "capacities",
        _service(),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "kind", name="pk_capacities"),
        _owned("capacities"),
        sa.CheckConstraint("available >= 0", name=op.f("ck_capacities_available")),
    )
    op.create_table(
        "directory_versions",
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part", name="pk_directory_versions"),
    )
    op.execute("INSERT INTO directory_versions (part, version) VALUES ('public', 0), ('hidden', 0)")
    op.create_table(
        "hidden_services",
        sa.Column("id", ID, nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hidden_services"),
    )


def downgrade() -> None:
    for table in (
        "hidden_services",
        "directory_versions",
        "capacities",
        "coverage",
        "service_accepts",
        "service_languages",
        "hours",
        "phones",
        "places",
        "services",
        "organisations",
    ):
        op.drop_table(table)
