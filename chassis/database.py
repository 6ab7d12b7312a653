"""A service's own database: engine, one transaction, aware times, migrations."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.fault_points import reach


class Database:
    """One service's database.

    `when_said` is called after a commit that put news into the outbox: a relay in this process then looks at once.
    """

    when_said: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, service: str, url: str) -> None:
        self.service = service
        self.url = url
        self.engine = _engine(url)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed as one, or not at all; its news goes into the outbox with it."""
        with self._open() as session:
            try:
                yield session
                session.flush()
                rows.post(session)
                said = outbox.post(session)
                reach("transaction.before-commit")
                session.commit()
                reach("transaction.after-commit")
            except BaseException:
                _give_up(session)
                raise
        if said:
            self.when_said()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with self._open(reading=True) as session:
            yield session

    def _open(self, *, reading: bool = False) -> Session:
        engine = self.engine.execution_options(reading=True) if reading else self.engine
        return Session(engine, expire_on_commit=False, info={"service": self.service})

    def answers(self) -> bool:
        """Whether the database can be reached now."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.engine.dispose()
            return False
        return True


def _give_up(session: Session) -> None:
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database cannot be reached (and not that a statement was wrong)."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # refused before the server could say why
        return isinstance(error, OperationalError)
    return str(state).startswith(_POSTGRES_AWAY)


def is_contention(error: BaseException) -> bool:
    """Deadlock, lock time-out, serialisation: the statement may be tried again on the same database."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state in ("40001", "40P01", "55P03", "57014")


_POSTGRES_AWAY = ("08", "25006", "28", "3D", "53", "55000", "57P", "58")
"""No connection, a standby without writes, no entry, no such database, no room, not accepting, shut down, disk."""

_SQLITE_AWAY = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
"""No fault of the statement: another process writes too long, or the disk does not take the file."""


_NOTICE_A_DEAD_SERVER = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""libpq's parameters, in seconds; its own defaults wait for hours."""


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_size=8,
            max_overflow=8,
            pool_timeout=10,
            hide_parameters=True,
            connect_args=_NOTICE_A_DEAD_SERVER,
        )
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False}
    )
    event.listen(engine, "connect", _durable_sqlite)
    event.listen(engine, "begin", _write_lock_first)
    return engine


def _durable_sqlite(connection: Any, _record: Any) -> None:
    """A commit survives a SIGKILL and a power cut; readers do not wait for the writer."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_lock_first(connection: Any) -> None:
    """Take the write lock at once: two writers wait for each other instead of failing half-way."""
    reads = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
