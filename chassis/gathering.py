"""Rows of a group of events: read at once before the group is heard, written at once after it.

Within the group the rows are as the events before have left them, as if each had been written there and then.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, event
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis import bulk

Values = Mapping[str, Any]


class Gathered:
    """What a group has read, and what it has to write.

    Its tables have one key column, and whoever belongs to the group reads and writes them here alone.
    """

    def __init__(self, session: Session, tables: Iterable[Table]) -> None:
        self._session = session
        self._tables = frozenset(tables)
        self._seen: dict[tuple[Table, UUID], Values | None] = {}
        self._new: dict[Table, dict[UUID, Values]] = {}
        self._changed: dict[Table, dict[UUID, Values]] = {}
        self._kept: dict[Table, dict[UUID, dict[str, Any]]] = {}
        event.listen(session, "do_orm_execute", lambda _state: self.post())

    def holds(self, table: Table) -> bool:
        """Whether the table's rows are read and written here."""
        return table in self._tables

    def foresee(self, ids: Sequence[UUID]) -> None:
        """Read the rows of these ids, and know which are not there."""
        for table in self._tables:
            self._load(table, ids)

    def read(self, table: Table, id_: UUID) -> Any:
        """The row as this group sees it, by its columns' names; None where there is none."""
        if (table, id_) not in self._seen:
            self._load(table, [id_])
        values = self._seen[table, id_]
        return None if values is None else SimpleNamespace(**values)

    def add(self, table: Table, id_: UUID, values: Values) -> None:
        """A row that is not there yet."""
        self._new.setdefault(table, {})[id_] = self._seen[table, id_] = values

    def change(self, table: Table, id_: UUID, values: Values) -> None:
        """Other values, the next version among them, for a row that was read."""
        before = self._seen[table, id_]
        assert before is not None  # noqa: S101  whoever changes a row has read it
        if id_ in self._new.get(table, {}):
            self._new[table][id_] = values
        else:
            pending = self._changed.setdefault(table, {})
            seen = pending[id_][bulk.SEEN] if id_ in pending else before["version"]
            pending[id_] = {**values, bulk.SEEN: seen}
        self._seen[table, id_] = {**before, **values}

    def keep(self, table: Table, values: Values) -> None:
        """Insert these columns, or change them where the row is there; several times come to one."""
        id_ = values[_key(table).name]
        self._kept.setdefault(table, {}).setdefault(id_, {}).update(values)
        if (table, id_) in self._seen:
            self._seen[table, id_] = {**(self._seen[table, id_] or {}), **values}

    def post(self) -> None:
        """Write what is to be written. Raises StaleDataError when somebody else has changed a row meanwhile."""
        new, changed, kept = self._new, self._changed, self._kept
        self._new, self._changed, self._kept = {}, {}, {}
        for table, rows in new.items():
            for alike in _alike(rows):
                statement = bulk.insert(self._session, table, tuple(alike[0]))
                connection = self._session.connection()
                connection.execute(statement, bulk.values(self._session, alike))
        for table, rows in changed.items():
            for alike in _alike(rows):
                if bulk.change(self._session, table, alike) != len(alike):
                    raise StaleDataError(f"{table.name}: a row was changed meanwhile")
        for table, merged in kept.items():
            for alike in _alike(merged):
                bulk.upsert(self._session, table, alike)

    def forget(self) -> None:
        """What was read and not written may have been rolled back."""
        self._seen.clear()
        self._new, self._changed, self._kept = {}, {}, {}

    def _load(self, table: Table, ids: Sequence[UUID]) -> None:
        self.post()
        key = _key(table).name
        found: dict[UUID, Values] = {
            row[key]: row for row in bulk.find(self._session, table, _key(table), ids)
        }
        self._seen.update({(table, id_): found.get(id_) for id_ in ids})


@cache
def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key
    return key


def _alike(rows: Mapping[UUID, Values]) -> Iterable[Sequence[Values]]:
    """Rows in the order of their keys, those with the same columns together."""
    groups: dict[tuple[str, ...], list[Values]] = {}
    for id_ in sorted(rows, key=attrgetter("int")):
        groups.setdefault(tuple(rows[id_]), []).append(rows[id_])
    return groups.values()
