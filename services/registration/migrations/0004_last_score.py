"""What the last council made of a dossier, kept apart from where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("scored_by", sa.Uuid))
    op.add_column("dossiers", sa.Column("scored_standing", sa.String(60)))


def downgrade() -> None:
    op.drop_column("dossiers", "scored_standing")
    op.drop_column("dossiers", "scored_by")
