"""A catalogue of any size is paged by name, alone or within a place, and searched by how words begin."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = "array_to_tsvector(string_to_array(search_text, ' '))"
SHORTENED = """
UPDATE listings SET search_text = (SELECT string_agg(left(word, 200), ' ' ORDER BY place)
  FROM unnest(string_to_array(search_text, ' ')) WITH ORDINALITY AS words (word, place))
WHERE search_text ~ '[^ ]{201}'
"""
"""As listings are written now: the index takes no word of more than 2,047 bytes."""

ORDERS = {
    "ix_listings_name": ["name_key", "id"],
    "ix_listings_district": ["district", "name_key", "id"],
    "ix_listings_commune": ["commune", "name_key", "id"],
}


def upgrade() -> None:
    op.drop_index("ix_listings_shown", "listings")
    for name, columns in ORDERS.items():
        op.create_index(name, "listings", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(SHORTENED)
        op.create_index("ix_listings_words", "listings", [sa.text(WORDS)], postgresql_using="gin")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_listings_words", "listings")
    for name in ORDERS:
        op.drop_index(name, "listings")
    op.create_index("ix_listings_shown", "listings", ["status", "name_key", "id"])
