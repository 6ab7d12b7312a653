"""Who represents which subject in law, by pseudonym."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "representatives",
        sa.Column("subject_id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.String(80), nullable=False),
    )
    op.create_index("ix_representatives_person", "representatives", ["person"])


def downgrade() -> None:
    op.drop_table("representatives")
