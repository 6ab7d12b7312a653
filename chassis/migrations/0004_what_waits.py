"""What waits to be sent stands in a small table, and when it was sent in another: an outbox row never changes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNSENT = sa.text("sent_at IS NULL")

WAITS = {
    "postgresql": (
        "DROP TRIGGER tell_outbox ON outbox",
        "DROP FUNCTION tell_outbox()",
        """CREATE FUNCTION outbox_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
 INSERT INTO outbox_waiting SELECT position FROM said;
 NOTIFY outbox;
 RETURN NULL;
END $$""",
        """CREATE TRIGGER outbox_waits AFTER INSERT ON outbox REFERENCING NEW TABLE AS said
FOR EACH STATEMENT EXECUTE FUNCTION outbox_waits()""",
    ),
    "sqlite": (
        """CREATE TRIGGER outbox_waits AFTER INSERT ON outbox
BEGIN INSERT INTO outbox_waiting VALUES (NEW.position); END""",
    ),
}
"""Whoever puts news into the outbox, another version of ours too, leaves it waiting; PostgreSQL tells the relay."""

ONLY_TOLD = {
    "postgresql": (
        "DROP TRIGGER outbox_waits ON outbox",
        "DROP FUNCTION outbox_waits()",
        """CREATE FUNCTION tell_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
 BEGIN NOTIFY outbox; RETURN NULL; END $$""",
        """CREATE TRIGGER tell_outbox AFTER INSERT ON outbox
FOR EACH STATEMENT EXECUTE FUNCTION tell_outbox()""",
    ),
    "sqlite": ("DROP TRIGGER outbox_waits",),
}


def _position() -> sa.Column[int]:
    type_ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("position", type_, primary_key=True, autoincrement=False)


def upgrade() -> None:
    op.drop_index("ix_outbox_unsent", "outbox")  # from here on nobody else writes the outbox
    op.create_table("outbox_waiting", _position())
    op.create_table(
        "outbox_sent",
        _position(),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("INSERT INTO outbox_waiting SELECT position FROM outbox WHERE sent_at IS NULL")
    op.execute(
        "INSERT INTO outbox_sent SELECT position, sent_at FROM outbox WHERE sent_at IS NOT NULL"
    )
    op.drop_column("outbox", "sent_at")
    for statement in WAITS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in ONLY_TOLD[op.get_bind().dialect.name]:
        op.execute(statement)
    op.add_column("outbox", sa.Column("sent_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE outbox SET sent_at = (SELECT sent_at FROM outbox_sent"
        " WHERE outbox_sent.position = outbox.position)"
    )
    op.create_index(
        "ix_outbox_unsent", "outbox", ["position"], postgresql_where=UNSENT, sqlite_where=UNSENT
    )
    op.drop_table("outbox_sent")
    op.drop_table("outbox_waiting")
