"""A dossier may come before the same council again, and what was concluded knows that its dossier was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONCE = "uq_assessments_dossier_id_level"
ONCE_A_TURN = "uq_assessments_dossier_id_level_turn"


def upgrade() -> None:
    with op.batch_alter_table("assessments") as batch:
        batch.add_column(sa.Column("turn", sa.Integer, nullable=False, server_default="1"))
        batch.add_column(
            sa.Column("taken_back", sa.Boolean, nullable=False, server_default=sa.false())
        )
        batch.drop_constraint(ONCE, type_="unique")
        batch.create_unique_constraint(ONCE_A_TURN, ["dossier_id", "level", "turn"])


def downgrade() -> None:
    """Fails where a dossier has come before a council again: nothing of that is thrown away."""
    with op.batch_alter_table("assessments") as batch:
        batch.drop_constraint(ONCE_A_TURN, type_="unique")
        batch.create_unique_constraint(ONCE, ["dossier_id", "level"])
        batch.drop_column("taken_back")
        batch.drop_column("turn")
