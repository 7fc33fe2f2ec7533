"""The spine: inbox, outbox, deadlines, audit, survivors, conversations, alerts and tasks."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_entries",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_alert_entries"),
        sa.UniqueConstraint("id", name="uq_alert_entries_id"),
    )
    op.create_index("ix_alert_entries_alert_id", "alert_entries", ["alert_id"])
    op.create_table(
        "alerts",
        sa.Column("number", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("key_epoch", sa.String(16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("fold_index", sa.LargeBinary(32), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_alerts"),
        sa.CheckConstraint("state IN ('received', 'closed')", name=op.f("ck_alerts_state")),
        sa.UniqueConstraint("id", name="uq_alerts_id"),
    )
    op.create_index("ix_alerts_key_epoch", "alerts", ["key_epoch"])
    op.create_index("ix_alerts_survivor_id", "alerts", ["survivor_id"])
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["fold_index"],
        unique=True,
        sqlite_where=sa.text("state != 'closed'"),
        postgresql_where=sa.text("state != 'closed'"),
    )
    op.create_table(
        "audit",
        sa.Column("writer", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("writer", "n", name="pk_audit"),
    )
    op.create_table(
        "audit_seals",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(64), nullable=False),
        sa.Column("first_n", sa.Integer(), nullable=False),
        sa.Column("last_n", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("chain", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_seals"),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("epoch", sa.String(16), nullable=False),
        sa.Column("index", sa.LargeBinary(32), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("window_until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("index", name="uq_contacts_index"),
    )
    op.create_index("ix_contacts_epoch", "contacts", ["epoch"])
    op.create_index("ix_contacts_survivor_id", "contacts", ["survivor_id"])
    op.create_table(
        "conversations",
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("survivor_id", name="pk_conversations"),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("due", UTCDateTime(), nullable=False),
        sa.Column("fired_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
        sa.UniqueConstraint("kind", "subject", "level", name="uq_deadlines_kind_subject_level"),
    )
    op.create_index(
        "ix_deadlines_due", "deadlines", ["due"], sqlite_where=sa.text("fired_at IS NULL"), postgresql_where=sa.text("fired_at IS NULL")
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(96), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )
    op.create_table(
        "inbox",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("once_key", sa.LargeBinary(32), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("epoch", sa.String(16), nullable=True),
        sa.Column("sender_key", sa.LargeBinary(32), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("holder", sa.String(64), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("why", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_inbox"),
        sa.CheckConstraint("state IN ('waiting', 'done', 'parked')", name=op.f("ck_inbox_state")),
        sa.UniqueConstraint("once_key", name="uq_inbox_once_key"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_index(
        "ix_inbox_sender",
        "inbox",
        ["sender_key", "seq"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_inbox_waiting", "inbox", ["seq"], sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "messages",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_messages"),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_messages_direction")),
        sa.UniqueConstraint("id", name="uq_messages_id"),
    )
    op.create_index("ix_messages_survivor_id", "messages", ["survivor_id", "seq"])
    op.create_table(
        "outbox",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=True),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("lane", sa.String(8), nullable=False),
        sa.Column("key_kind", sa.String(8), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("queued_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("holder", sa.String(64), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("provider_ref", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_outbox"),
        sa.CheckConstraint("key_kind IN ('person', 'transit')", name=op.f("ck_outbox_key_kind")),
        sa.CheckConstraint("lane IN ('sos', 'reply', 'page', 'service')", name=op.f("ck_outbox_lane")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'delivered', 'failed', 'held', 'expired')", name=op.f("ck_outbox_state")),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
    op.create_index(
        "ix_outbox_contact",
        "outbox",
        ["contact_id", "seq"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_outbox_queued_at", "outbox", ["queued_at"])
    op.create_index("ix_outbox_survivor_id", "outbox", ["survivor_id"])
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["lane", "seq"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "phrases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("epoch", sa.String(16), nullable=False),
        sa.Column("index", sa.LargeBinary(32), nullable=False),
        sa.Column("phrase", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phrases"),
        sa.UniqueConstraint("survivor_id", name="uq_phrases_survivor_id"),
    )
    op.create_index("ix_phrases_index", "phrases", ["index"])
    op.create_table(
        "survivors",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key_epoch", sa.String(16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("hidden_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survivors"),
    )
    op.create_index("ix_survivors_key_epoch", "survivors", ["key_epoch"])
    op.create_table(
        "tasks",
        sa.Column("number", BigSerial, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_tasks"),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("ck_tasks_state")),
        sa.UniqueConstraint("id", name="uq_tasks_id"),
    )
    op.create_index("ix_tasks_survivor_id", "tasks", ["survivor_id"])
    op.create_index(
        "uq_tasks_open",
        "tasks",
        ["survivor_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND survivor_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND survivor_id IS NOT NULL"),
    )
    op.create_table(
        "words",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("survivor_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        sa.CheckConstraint("kind IN ('check', 'cover', 'duress')", name=op.f("ck_words_kind")),
        sa.UniqueConstraint("survivor_id", "kind", name="uq_words_survivor_id_kind"),
    )

    _forbid_changes("audit")
    _forbid_changes("audit_seals")


def _forbid_changes(table: str) -> None:
    """The trail is append-only on both databases, whoever writes."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END")
        return
    op.execute(f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$")
    op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION {table}_append_only()")


def downgrade() -> None:
    op.drop_table("words")
    op.drop_table("tasks")
    op.drop_table("survivors")
    op.drop_table("phrases")
    op.drop_table("outbox")
    op.drop_table("messages")
    op.drop_table("inbox")
    op.drop_table("heartbeats")
    op.drop_table("deadlines")
    op.drop_table("conversations")
    op.drop_table("contacts")
    op.drop_table("audit_seals")
    op.drop_table("audit")
    op.drop_table("alerts")
    op.drop_table("alert_entries")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit", "audit_seals"):
            op.execute(f"DROP FUNCTION {table}_append_only()")
