"""Since when a dossier is assessed anew, after a national result that was not recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("new_assessment_on", sa.Date))


def downgrade() -> None:
    op.drop_column("dossiers", "new_assessment_on")
