"""Outbox, inbox, dead letters, acts, idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _number() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _time() -> sa.types.TypeEngine:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", _number(), primary_key=True, autoincrement=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("time", _time(), nullable=False),
        sa.Column("rulepack", sa.String(40)),
        sa.Column("correlationid", sa.String(80), nullable=False),
        sa.Column("causationid", sa.String(80)),
        sa.Column("traceparent", sa.String(80)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sent_at", _time()),
    )
    op.create_index("uq_outbox_subject_sequence", "outbox", ["subject", "sequence"], unique=True)
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "ix_outbox_unsent", "outbox", ["position"], postgresql_where=unsent, sqlite_where=unsent
    )
    op.create_table(
        "outbox_sequences",
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("heard_at", _time(), nullable=False),
    )
    op.create_table(
        "inbox_positions",
        sa.Column("source", sa.String(80), primary_key=True),
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
    op.create_table(
        "inbox_parked",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("parked_at", _time(), nullable=False),
        sa.Column("fault", sa.Text),
        sa.Column("event", sa.Text, nullable=False),
    )
    op.create_index("ix_inbox_parked_place", "inbox_parked", ["source", "subject", "sequence"])
    op.create_table(
        "dead_letters",
        sa.Column("number", _number(), primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(40)),
        sa.Column("type", sa.String(80)),
        sa.Column("subject", sa.String(80)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("buried_at", _time(), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
    )
    op.create_table(
        "acts",
        sa.Column("position", _number(), primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("rulepack", sa.String(40)),
        sa.Column("grounds", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("uq_acts_subject_number", "acts", ["subject", "number"], unique=True)
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("answered_at", _time(), nullable=False),
    )


def downgrade() -> None:
    tables = ("idempotency_keys", "acts", "dead_letters", "inbox_parked", "inbox_positions",
              "inbox", "outbox_sequences", "outbox")  # fmt: skip
    for table in tables:
        op.drop_table(table)
