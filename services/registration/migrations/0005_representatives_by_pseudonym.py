"""Who represents a subject in law, by pseudonym."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subjects", sa.Column("representative_person", sa.String(80)))


def downgrade() -> None:
    op.drop_column("subjects", "representative_person")
