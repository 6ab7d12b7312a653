"""Writes an aggregate's row: inserted once, then changed only by whoever saw its newest version.

While a group of events is heard, rows are read and written for the whole group at once (`chassis.gathering`).
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis import bulk
from chassis.gathering import Gathered
from regulation.refusals import Refusal

IN_HAND = 8
"""Rows kept in hand: more than one act is about."""


class AlreadyExists(Refusal):
    """Something new was given an id that is taken."""

    slug = "already-exists"


class Versioned(Protocol):
    """An aggregate; `version` 0 means that it was never saved."""

    id: UUID
    version: int


def gather(session: Session, tables: Iterable[type[Any]], subjects: Iterable[str]) -> None:
    """From now on a group is heard: read these tables' rows of these subjects at once, and write at the end."""
    gathered = Gathered(session, (table.__table__ for table in tables))
    gathered.foresee([id_ for subject in subjects if (id_ := _id(subject)) is not None])
    session.info["gathered"] = gathered


def read(session: Session, table: type[Any], id_: UUID) -> Any:
    """A row by its key, as this transaction sees it; None where there is none."""
    if gathered := _gathered(session, table):
        return gathered.read(table.__table__, id_)
    return held(session, session.get(table, id_))


def held(session: Session, row: Any) -> Any:
    """A row that was read, kept in hand with the last few others until the transaction ends.

    The session itself forgets what nobody refers to, and would read it again for each step of an act.
    """
    session.info.setdefault("in hand", deque(maxlen=IN_HAND)).append(row)
    return row


def write(
    session: Session, table: type[Any], aggregate: Versioned, values: dict[str, Any]
) -> None:
    """Insert or change the aggregate's row, whose class has `version` as its version_id_col.

    Raises AlreadyExists, or StaleDataError when somebody else changed the row meanwhile.
    """
    row = read(session, table, aggregate.id)
    if row is not None and aggregate.version == 0:
        raise AlreadyExists(f"{aggregate.id} exists already")
    if row is not None and row.version != aggregate.version:
        raise StaleDataError(f"{aggregate.id} is at version {row.version}")
    if gathered := _gathered(session, table):
        _write_later(gathered, table.__table__, row, aggregate, values)
        return
    if row is None:
        row = table(id=aggregate.id, **values)
        session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    aggregate.version = row.version


def keep(session: Session, table: type[Any] | Table, values: Mapping[str, Any]) -> None:
    """Insert a row with these columns, or change them in the row that there is; nobody's version is asked for."""
    sheet = table if isinstance(table, Table) else table.__table__
    gathered: Gathered | None = session.info.get("gathered")
    if gathered:
        gathered.keep(sheet, values)
    else:
        bulk.upsert(session, sheet, [values])


def post(session: Session) -> None:
    """Write what a group has gathered so far; at the latest before the commit."""
    if gathered := session.info.get("gathered"):
        gathered.post()


def forget(session: Session) -> None:
    """Take back what was gathered since the last `post`: the savepoint it belonged to was rolled back."""
    if gathered := session.info.get("gathered"):
        gathered.forget()


def _gathered(session: Session, table: type[Any]) -> Gathered | None:
    gathered: Gathered | None = session.info.get("gathered")
    return gathered if gathered and gathered.holds(table.__table__) else None


def _write_later(
    gathered: Gathered, table: Table, row: Any, aggregate: Versioned, values: dict[str, Any]
) -> None:
    if row is None:
        gathered.add(table, aggregate.id, {"id": aggregate.id, "version": 1, **values})
        aggregate.version = 1
    elif any(getattr(row, name) != value for name, value in values.items()):
        version = aggregate.version + 1
        gathered.change(table, aggregate.id, {"id": aggregate.id, "version": version, **values})
        aggregate.version = version


def _id(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None
