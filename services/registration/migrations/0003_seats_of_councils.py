"""Who of a council may read a dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seats",
        sa.Column("assessment_id", sa.Uuid, primary_key=True),
        sa.Column("dossier_id", sa.Uuid, nullable=False, index=True),
        sa.Column("members", sa.JSON, nullable=False),
        sa.Column("cleared", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("seats")
