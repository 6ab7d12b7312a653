"""A year's dossiers are paged by id, and the oldest of a stage is found without reading all that wait there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SINCE = {
    "submitted": "submitted_on",
    "verified": "verified_on",
    "returned": "returned_on",
    "scored": "CASE WHEN new_assessment_on > scored_on THEN new_assessment_on ELSE scored_on END",
    "referred": "referred_on",
}


def upgrade() -> None:
    op.create_index("ix_dossiers_year", "dossiers", ["year", "dossier_id"])
    for stage, since in SINCE.items():
        at = sa.text(f"stage = '{stage}'")
        op.create_index(f"ix_dossiers_{stage}_since", "dossiers", [sa.text(f"({since})")],
                        postgresql_where=at, sqlite_where=at)  # fmt: skip


def downgrade() -> None:
    for stage in SINCE:
        op.drop_index(f"ix_dossiers_{stage}_since", "dossiers")
    op.drop_index("ix_dossiers_year", "dossiers")
