"""PostgreSQL tells the leading relay that news was committed, so that it need not look all the time."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # one process writes and relays there, and wakes itself
    op.execute(
        "CREATE FUNCTION tell_outbox() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN NOTIFY outbox; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER tell_outbox AFTER INSERT ON outbox"
        " FOR EACH STATEMENT EXECUTE FUNCTION tell_outbox()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TRIGGER tell_outbox ON outbox")
    op.execute("DROP FUNCTION tell_outbox()")
