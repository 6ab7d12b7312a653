"""The day a subject was registered or last changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subjects", sa.Column("last_on", sa.Date))


def downgrade() -> None:
    op.drop_column("subjects", "last_on")
