"""Listings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("product_name", sa.Text, nullable=False),
        sa.Column("producer", sa.Text, nullable=False),
        sa.Column("product_code", sa.String(60), nullable=False),
        sa.Column("criteria_set", sa.String(40), nullable=False),
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("district", sa.String(5)),
        sa.Column("commune", sa.String(5), nullable=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("certificate_number", sa.String(60), nullable=False),
        sa.Column("star", sa.Integer, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("summary_vi", sa.Text, nullable=False),
        sa.Column("summary_en", sa.Text, nullable=False),
        sa.Column("listed_on", sa.Date),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_listings_shown", "listings", ["status", "name_key", "id"])


def downgrade() -> None:
    op.drop_table("listings")
