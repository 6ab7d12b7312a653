"""Lists are paged by id within a place or a status, however many rows there are elsewhere."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ORDERS = {
    "dossiers": ("commune", "district", "status"),
}

SERVED_ONE_COLUMN = (
    ("dossiers", "commune"),
    ("dossiers", "status"),
)


def upgrade() -> None:
    for table, column in SERVED_ONE_COLUMN:
        op.drop_index(f"ix_{table}_{column}", table)
    for table, columns in ORDERS.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}_id", table, [column, "id"])


def downgrade() -> None:
    for table, columns in ORDERS.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}_id", table)
    for table, column in SERVED_ONE_COLUMN:
        op.create_index(f"ix_{table}_{column}", table, [column])
