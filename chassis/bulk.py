"""Many rows in one statement: the cost of a statement is paid once for a whole group of events.

On PostgreSQL the rows travel as one JSON text and are spread out again by the server, which costs this process half of
what one parameter per value does; SQLite has no round trip to save and takes them one by one. None is always NULL.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    Text,
    all_,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Row = Mapping[str, Any]
Insert = postgresql.Insert | sqlite.Insert

SEEN = "seen_version"
"""Stands for the version that a row to be changed is expected to have."""

ROWS = "rows"

BOUND = "many_"
"""What stands before a column's name where it names a parameter: SQLAlchemy keeps the bare names to itself."""


def insert(session: Session, table: Table, columns: tuple[str, ...]) -> Insert:
    """An insert of these columns of many rows; run it with `values`. It takes `on_conflict_…` and `returning`."""
    return _insert(session.get_bind().dialect.name, table, columns)


def values(session: Session, rows: Sequence[Row]) -> Any:
    """Rows as the parameters of `insert`; all have the same columns."""
    if session.get_bind().dialect.name == "postgresql":
        return {ROWS: _as_json(rows)}
    return rows


def upsert(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or change these columns of those that there are; all have the same columns."""
    statement = _upsert(session.get_bind().dialect.name, table, tuple(rows[0]))
    session.connection().execute(statement, values(session, rows))


def change(session: Session, table: Table, rows: Sequence[Row]) -> int:
    """Change rows by their `id`, each only where its version is still its SEEN one; how many were changed."""
    dialect = session.get_bind().dialect.name
    columns = tuple(name for name in rows[0] if name not in ("id", SEEN))
    statement = _change(dialect, table, columns)
    if dialect == "postgresql":
        return int(session.connection().execute(statement, values(session, rows)).rowcount)
    bound = [{BOUND + name: value for name, value in row.items()} for row in rows]
    return int(session.connection().execute(statement, bound).rowcount)


def find(session: Session, table: Table, key: Column[Any], wanted: Sequence[Any]) -> Sequence[Row]:
    """The rows that have one of these as their key."""
    found = session.connection().execute(select(table).where(one_of(session, key, wanted)))
    return [dict(row) for row in found.mappings()]


def one_of(session: Session, column: Column[Any], wanted: Sequence[Any]) -> ColumnElement[bool]:
    """The column holds one of these: sent as one array where the database has arrays."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(_array(column, wanted))
    return column.in_(wanted)


def in_one(session: Session) -> bool:
    """Whether the database takes several changes in one statement (`WITH … DELETE … INSERT`)."""
    return session.get_bind().dialect.name == "postgresql"


def among(session: Session, column: Column[Any], found: Select[Any]) -> ColumnElement[bool]:
    """The column holds one of what is found first: looked up one by one, however the planner thinks of a join."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(func.array(found.scalar_subquery()))
    return column.in_(found)


def none_of(session: Session, column: Column[Any], spared: Sequence[Any]) -> ColumnElement[bool]:
    """The column holds none of these; not `~one_of`, which SQLAlchemy would turn into `<> ANY`."""
    if session.get_bind().dialect.name == "postgresql":
        return column != all_(_array(column, spared))
    return column.not_in(spared)


def _array(column: Column[Any], values: Sequence[Any]) -> ColumnElement[Any]:
    return literal(list(values), ARRAY(_read_as(column.type)))


@cache
def _insert(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    if dialect != "postgresql":
        return sqlite.insert(table)
    spread = _spread(table, {name: name for name in columns})
    chosen = select(*(spread.c[name] for name in columns))
    return postgresql.insert(table).from_select(columns, chosen)


@cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    key = [column.name for column in table.primary_key]
    statement = _insert(dialect, table, columns)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


@cache
def _change(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    if dialect != "postgresql":
        where = and_(table.c.id == _bound("id"), table.c.version == _bound(SEEN))
        return update(table).where(where).values({name: _bound(name) for name in columns})
    spread = _spread(table, {name: name for name in ("id", *columns)} | {SEEN: "version"})
    where = and_(table.c.id == spread.c.id, table.c.version == spread.c[SEEN])
    return update(table).where(where).values({name: spread.c[name] for name in columns})


def _spread(table: Table, columns: Mapping[str, str]) -> Any:
    """The text as rows; each column is read as what the table's column of that name is.

    Texts are read without their length: a cast to `varchar(80)` would cut them off where an insert refuses them.
    """
    read = (column(name, _read_as(table.c[of].type)) for name, of in columns.items())
    text = cast(bindparam(ROWS, type_=Text), postgresql.JSON)
    return func.json_to_recordset(text).table_valued(*read).render_derived(with_types=True)


def _as_json(rows: Sequence[Row]) -> str:
    try:
        option = orjson.OPT_PASSTHROUGH_DATETIME  # a time without a zone must not pass
        return orjson.dumps(rows, default=_text, option=option).decode()
    except TypeError as error:
        raise error.__cause__ or error from None  # what `_text` has to say of it


def _text(value: Any) -> str:
    """What JSON has no form for."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    if isinstance(value, (date, Decimal)):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _read_as(type_: Any) -> Any:
    return Text() if isinstance(type_, String) else type_


def _bound(name: str) -> Any:
    return bindparam(BOUND + name)
