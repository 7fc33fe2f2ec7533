"""Practice mode, questionnaires for trained roles, unasked emergency calls and test calls."""

import sqlalchemy as sa
from alembic import op

from sos.db.types import BigSerial, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(32)


def upgrade() -> None:
    op.create_table(
        "trained",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("questionnaire", sa.String(40), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("noted_by", ID, nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trained"),
    )
    op.create_index("ix_trained_member_id", "trained", ["member_id"])
    op.create_table(
        "risk_answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("about", sa.String(8), nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("questionnaire", sa.String(40), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("about IN ('alert', 'survivor')", name="about"),
        sa.PrimaryKeyConstraint("id", name="pk_risk_answers"),
    )
    op.create_index("ix_risk_answers_subject", "risk_answers", ["subject", "at"])
    _calls()
    _practice()


def _calls() -> None:
    op.create_table(
        "unasked_calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("ground", sa.String(24), nullable=False),
        sa.Column("acted_by", ID, nullable=False),
        sa.Column("acted_at", UTCDateTime(), nullable=False),
        sa.Column("review_due", UTCDateTime(), nullable=False),
        sa.Column("reviewed_by", ID, nullable=True),
        sa.Column("reviewed_at", UTCDateTime(), nullable=True),
        sa.Column("finding", sa.String(16), nullable=True),
        sa.CheckConstraint("ground IN ('words', 'injury', 'weapon', 'child', 'silence')", name="ground"),
        sa.CheckConstraint("finding IN ('right', 'not_needed', 'follow_up')", name="finding"),
        sa.CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (finding IS NULL)", name="reviewed"),
        sa.CheckConstraint("reviewed_by <> acted_by", name="another_person"),
        sa.PrimaryKeyConstraint("id", name="pk_unasked_calls"),
    )
    op.create_index("ix_unasked_calls_alert_id", "unasked_calls", ["alert_id"])
    op.create_table(
        "test_calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("called_at", UTCDateTime(), nullable=False),
        sa.Column("at_night", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(40), nullable=False),
        sa.Column("called_by", ID, nullable=False),
        sa.CheckConstraint("result IN ('person', 'machine', 'passed_on', 'no_answer', 'dead')", name="result"),
        sa.CheckConstraint("waited_seconds BETWEEN 0 AND 7200", name="waited_seconds"),
        sa.PrimaryKeyConstraint("id", name="pk_test_calls"),
    )
    op.create_index("ix_test_calls_number", "test_calls", ["country", "slug", "called_at"])


def _practice() -> None:
    op.create_table(
        "practice_runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("scenario", sa.String(40), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("difficulty", sa.String(8), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('running', 'went_on', 'left', 'silent', 'stopped')", name="outcome"),
        sa.CheckConstraint("difficulty IN ('first', 'middle', 'hard')", name="difficulty"),
        sa.CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name="ended"),
        sa.PrimaryKeyConstraint("id", name="pk_practice_runs"),
    )
    op.create_index("ix_practice_runs_member", "practice_runs", ["member_id", "began_at"])
    op.create_table(
        "practice_lines",
        sa.Column("seq", BigSerial, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("who", sa.String(9), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("who IN ('trainee', 'simulated')", name="who"),
        sa.PrimaryKeyConstraint("seq", name="pk_practice_lines"),
        sa.UniqueConstraint("id", name="uq_practice_lines_id"),
    )
    op.create_index("ix_practice_lines_run_id", "practice_lines", ["run_id"])


def downgrade() -> None:
    op.drop_table("practice_lines")
    op.drop_table("practice_runs")
    op.drop_table("test_calls")
    op.drop_table("unasked_calls")
    op.drop_table("risk_answers")
    op.drop_table("trained")
