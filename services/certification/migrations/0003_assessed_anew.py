"""What was found of a case before its authority had the product assessed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("earlier", sa.JSON))


def downgrade() -> None:
    op.drop_column("cases", "earlier")
