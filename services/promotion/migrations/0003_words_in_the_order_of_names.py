"""Every word's products in the catalogue's order, kept by the database, and lists of a status or a star by name."""
# ruff: noqa: S608  the statements are put together of this file's own words

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORDERS = {
    "ix_listings_status": ["status", "name_key", "id"],
    "ix_listings_star": ["star", "name_key", "id"],
}

MARKS = ("star", "commune", "district")
"""What the catalogue is narrowed to stands among the words, behind a space, which is in no word."""

ENTERED = ("id", "name_key", "search_text", *MARKS)

ENTRIES = """SELECT DISTINCT word, name_key, id FROM {listed}
 CROSS JOIN unnest(string_to_array(search_text, ' ') || ARRAY[{marks}]) AS word WHERE word IS NOT NULL"""
"""Each word of each listing, once, beside where the listing stands."""


def upgrade() -> None:
    for name, columns in ORDERS.items():
        op.create_index(name, "listings", columns)
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "listing_words",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("listing", sa.Uuid, nullable=False),
    )
    op.execute(_enter("listings"))
    op.create_primary_key("pk_listing_words", "listing_words", ["word", "name_key", "listing"])
    for statement in _triggers():
        op.execute(statement)


def _enter(listed: str) -> str:
    return "INSERT INTO listing_words " + _entries(listed)


def _entries(listed: str) -> str:
    marks = ", ".join(f"' {column} ' || {column}" for column in MARKS)
    return ENTRIES.format(listed=listed, marks=marks)


def _one(row: str) -> str:
    return f"(SELECT {_of(row)}) AS one"


def _of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in ENTERED)


def _triggers() -> Iterator[str]:
    """New listings are entered a statement at a time; one that changes only where what is entered does."""
    strike = (
        f"DELETE FROM listing_words WHERE (word, name_key, listing) IN ({_entries(_one('OLD'))})"
    )
    yield _function("enter_words", _enter("came"))
    yield _function("enter_words_again", f"{strike}; {_enter(_one('NEW'))}")
    yield _function("strike_words", strike)
    yield (
        "CREATE TRIGGER enter_words AFTER INSERT ON listings REFERENCING NEW TABLE AS came"
        " FOR EACH STATEMENT EXECUTE FUNCTION enter_words()"
    )
    yield (
        "CREATE TRIGGER enter_words_again AFTER UPDATE ON listings FOR EACH ROW"
        f" WHEN (({_of('OLD')}) IS DISTINCT FROM ({_of('NEW')}))"
        " EXECUTE FUNCTION enter_words_again()"
    )
    yield (
        "CREATE TRIGGER strike_words AFTER DELETE ON listings FOR EACH ROW"
        " EXECUTE FUNCTION strike_words()"
    )


def _function(name: str, does: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {does}; RETURN NULL; END $$"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("enter_words", "enter_words_again", "strike_words"):
            op.execute(f"DROP TRIGGER {name} ON listings")
            op.execute(f"DROP FUNCTION {name}()")
        op.drop_table("listing_words")
    for name in ORDERS:
        op.drop_index(name, "listings")
