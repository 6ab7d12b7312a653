"""Writes an aggregate's row: inserted once, then changed only by whoever saw its newest version."""

from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from regulation.refusals import Refusal


class AlreadyExists(Refusal):
    """Something new was given an id that is taken."""

    slug = "already-exists"


class Versioned(Protocol):
    """An aggregate; `version` 0 means that it was never saved."""

    id: UUID
    version: int


def write(
    session: Session, table: type[Any], aggregate: Versioned, values: dict[str, Any]
) -> None:
    """Insert or change the aggregate's row, whose class has `version` as its version_id_col.

    Raises AlreadyExists, or StaleDataError when somebody else changed the row meanwhile.
    """
    row = session.get(table, aggregate.id)
    if row is None:
        row = table(id=aggregate.id, **values)
        session.add(row)
    elif aggregate.version == 0:
        raise AlreadyExists(f"{aggregate.id} exists already")
    elif row.version != aggregate.version:
        raise StaleDataError(f"{aggregate.id} is at version {row.version}")
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    aggregate.version = row.version
