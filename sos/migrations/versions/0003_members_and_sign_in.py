"""Staff members, their ways to sign in, their sessions."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(32)


def _of_member(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("member_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=f"fk_{table}_member_id_members"),
    )


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("id", ID, nullable=False),
        sa.Column("alias", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("languages", sa.String(60), nullable=False),
        sa.Column("countries", sa.String(20), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("signed_in_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("alias", name="uq_members_alias"),
        sa.CheckConstraint("state IN ('invited', 'active', 'left')", name=op.f("ck_members_state")),
        sa.CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name=op.f("ck_members_left")),
        sa.CheckConstraint("state <> 'active' OR joined_at IS NOT NULL", name=op.f("ck_members_joined")),
    )
    op.create_table(
        "member_roles",
        *_of_member("member_roles"),
        sa.Column("role", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "role", name="pk_member_roles"),
        sa.CheckConstraint(
            "role IN ('operator', 'supervisor', 'shelter_staff', 'directory_editor', 'administrator', 'analyst', 'trainee')",
            name=op.f("ck_member_roles_role"),
        ),
    )
    op.create_table(
        "invitations",
        sa.Column("id", ID, nullable=False),
        *_of_member("invitations"),
        sa.Column("token", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token", name="uq_invitations_token"),
        sa.CheckConstraint("kind IN ('join', 'reset')", name=op.f("ck_invitations_kind")),
    )
    op.create_index("ix_invitations_member_id", "invitations", ["member_id"])
    op.create_table(
        "credentials",
        *_of_member("credentials"),
        sa.Column("login_index", sa.LargeBinary(32), nullable=False),
        sa.Column("login", sa.LargeBinary(), nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_counter", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_credentials"),
        sa.UniqueConstraint("login_index", name="uq_credentials_login_index"),
    )
    op.create_table(
        "security_keys",
        sa.Column("id", ID, nullable=False),
        *_of_member("security_keys"),
        sa.Column("key_index", sa.LargeBinary(32), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_security_keys"),
        sa.UniqueConstraint("key_index", name="uq_security_keys_key_index"),
    )
    op.create_index("ix_security_keys_member_id", "security_keys", ["member_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, nullable=False),
        *_of_member("recovery_codes"),
        sa.Column("code", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("code", name="uq_recovery_codes_code"),
    )
    op.create_index("ix_recovery_codes_member_id", "recovery_codes", ["member_id"])
    op.create_table(
        "staff_sessions",
        sa.Column("id", ID, nullable=False),
        *_of_member("staff_sessions"),
        sa.Column("token", sa.LargeBinary(32), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("invitation_id", ID, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("fresh_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sessions"),
        sa.UniqueConstraint("token", name="uq_staff_sessions_token"),
        sa.CheckConstraint("stage IN ('password', 'joining', 'full')", name=op.f("ck_staff_sessions_stage")),
    )
    op.create_index("ix_staff_sessions_member_id", "staff_sessions", ["member_id"])
    op.create_table(
        "sign_in_waits",
        sa.Column("who", sa.LargeBinary(32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_sign_in_waits"),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_sign_in_waits_failures")),
    )


def downgrade() -> None:
    for table in (
        "sign_in_waits",
        "staff_sessions",
        "recovery_codes",
        "security_keys",
        "credentials",
        "invitations",
        "member_roles",
        "members",
    ):
        op.drop_table(table)
