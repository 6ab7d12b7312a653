"""Many rows in one statement end as if each had been written alone, and are refused as one alone would be."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Column, Date, Integer, MetaData, Numeric, String, Table, Uuid, select
from sqlalchemy.exc import DataError

from chassis import bulk
from chassis.database import Database
from chassis.tables import UtcDateTime

papers = Table(
    "tally_papers",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("name", String(12)),
    Column("facts", JSON(none_as_null=True)),
    Column("on", Date),
    Column("at", UtcDateTime),
    Column("mean", Numeric(7, 4)),
    Column("version", Integer),
)
AT = datetime.fromisoformat("2026-07-10T08:30:00.123456+07:00")


@pytest.fixture
def desk(database: Database) -> Iterator[Database]:
    """The database with a table of this test's own."""
    papers.create(database.engine)
    yield database
    papers.drop(database.engine)


def a_paper(**changes: Any) -> dict[str, Any]:
    """A row with a value of each kind."""
    paper = {"id": uuid4(), "name": "Chè", "facts": {"a": [1, "'\\\""]}, "on": date(2026, 7, 10),
             "at": AT, "mean": Decimal("83.1111"), "version": 1}  # fmt: skip
    return paper | changes


def insert(desk: Database, *rows: dict[str, Any]) -> None:
    """Insert rows that have the same columns."""
    with desk.transaction() as session:
        statement = bulk.insert(session, papers, tuple(rows[0]))
        session.connection().execute(statement, bulk.values(session, rows))


def kept(desk: Database) -> dict[UUID, dict[str, Any]]:
    """All rows by id."""
    with desk.reading() as session:
        return {row.id: dict(row._mapping) for row in session.execute(select(papers))}


def test_values_of_every_kind_come_back_as_they_were(desk: Database) -> None:
    empty = dict.fromkeys(("name", "facts", "on", "at", "mean", "version"))
    full, bare = a_paper(), a_paper(**empty)

    insert(desk, full, bare)

    assert kept(desk) == {full["id"]: full, bare["id"]: bare}


def test_a_text_that_is_too_long_is_refused_and_not_cut_off(desk: Database) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes a text of any length")

    with pytest.raises(DataError):
        insert(desk, a_paper(), a_paper(name="x" * 13))

    assert kept(desk) == {}


def test_a_text_that_no_database_column_takes_will_not_fit_later_either(desk: Database) -> None:
    if desk.engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes every text")

    with pytest.raises(DataError):
        insert(desk, a_paper(name="a\0b"))


def test_a_time_without_a_zone_is_refused(desk: Database) -> None:
    with pytest.raises(Exception, match="zone"):
        insert(desk, a_paper(at=AT.replace(tzinfo=None)))

    assert kept(desk) == {}


def test_what_is_there_is_changed_in_the_columns_given_and_the_rest_inserted(
    desk: Database,
) -> None:
    there, new = a_paper(), uuid4()
    insert(desk, there)

    with desk.transaction() as session:
        rows = [{"id": there["id"], "name": "Mắm"}, {"id": new, "name": "Nem"}]
        bulk.upsert(session, papers, rows)

    assert kept(desk)[there["id"]] == there | {"name": "Mắm"}
    assert kept(desk)[new]["name"] == "Nem"


def test_only_a_row_of_the_version_that_was_seen_is_changed(desk: Database) -> None:
    seen, newer = a_paper(), a_paper(version=5)
    insert(desk, seen, newer)

    with desk.transaction() as session:
        rows = [
            {"id": row["id"], "facts": None, "version": 2, bulk.SEEN: 1} for row in (seen, newer)
        ]
        changed = bulk.change(session, papers, rows)

    assert changed == 1
    assert kept(desk)[seen["id"]] == seen | {"facts": None, "version": 2}
    assert kept(desk)[newer["id"]] == newer


def test_one_of_and_none_of_part_a_table_in_two(desk: Database) -> None:
    rows = [a_paper() for _ in range(4)]
    insert(desk, *rows)
    wanted = [rows[0]["id"], rows[2]["id"]]

    with desk.reading() as session:
        chosen, others = (
            set(session.scalars(select(papers.c.id).where(part(session, papers.c.id, wanted))))
            for part in (bulk.one_of, bulk.none_of)
        )

    assert chosen == set(wanted)
    assert others == {rows[1]["id"], rows[3]["id"]}
