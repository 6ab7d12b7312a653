"""The day that a case's dossier was taken back, also where its certificate came first."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("withdrawn_on", sa.Date))
    op.execute(
        "UPDATE cases SET withdrawn_on = (SELECT withdrawn_on FROM withdrawals"
        " WHERE withdrawals.dossier_id = cases.id)"
    )


def downgrade() -> None:
    op.drop_column("cases", "withdrawn_on")
