"""Lists of dossiers are paged by id within a place, or within a year and stage, however many there are elsewhere."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORDERS = {
    "ix_dossiers_stage": ["stage", "year", "dossier_id"],
    "ix_dossiers_commune": ["commune", "dossier_id"],
    "ix_dossiers_district": ["district", "dossier_id"],
}


def upgrade() -> None:
    op.drop_index("ix_dossiers_year", "dossiers")
    for name, columns in ORDERS.items():
        op.create_index(name, "dossiers", columns)


def downgrade() -> None:
    for name in ORDERS:
        op.drop_index(name, "dossiers")
    op.create_index("ix_dossiers_year", "dossiers", ["year", "stage"])
