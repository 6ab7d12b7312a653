"""Many requests in one transaction: all of them happen, or none does."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

from chassis.database import Database


class AllOrNothing(Database):
    """A database whose transactions all lie inside one, which is kept only if `keep` is called."""

    def __init__(self, database: Database) -> None:
        self.service = database.service
        self.url = database.url
        self.engine = database.engine
        self._connection = self.engine.connect()

    def __enter__(self) -> Self:
        self._outer = self._connection.begin()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._outer.is_active:
            self._outer.rollback()
        self._connection.close()

    def keep(self) -> None:
        """Commit everything."""
        self._outer.commit()

    @contextmanager
    def one_row(self) -> Iterator[None]:
        """What fails within is given up, and nothing else."""
        with self._connection.begin_nested():
            yield

    def _open(self, *, reading: bool = False) -> Session:
        return Session(
            self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
