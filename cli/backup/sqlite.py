"""SQLite files copied as all of them stood at one moment, and put back."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from chassis.database import Database
from cli.backup.vessel import Source, take_out
from cli.house import House
from cli.mistakes import Failure

PATIENCE = 30.0
SUFFIX = ".sqlite"


def path_of(database: Database) -> Path:
    """Its file."""
    return Path(str(make_url(database.url).database))


class Snapshot:
    """One database at that moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, statement: str) -> list[Any]:
        """The rows of a query."""
        return self._connection.execute(statement).fetchall()

    def tables(self) -> list[str]:
        """The names of all tables."""
        found = self.ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in found if not name.startswith("sqlite_")]

    def write(self, path: Path) -> None:
        """Copy it into a file of its own, whole without any log beside it."""
        with closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def snapshots(house: House) -> Iterator[dict[str, Snapshot]]:
    """All databases of a house at one moment: none can be written to until each has begun to be read."""
    with ExitStack() as stack:
        files = {name: path_of(house.database(name)) for name in house.services}
        with ExitStack() as writers:
            for path in files.values():
                writers.enter_context(_held(path, "BEGIN IMMEDIATE"))
            readers = {
                name: stack.enter_context(_held(path, "BEGIN")) for name, path in files.items()
            }
            for reader in readers.values():
                reader.execute("SELECT count(*) FROM sqlite_master").fetchall()
        yield {name: Snapshot(reader) for name, reader in readers.items()}


@contextmanager
def _held(path: Path, begin: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    with closing(connection):
        try:
            connection.execute(begin)
        except sqlite3.OperationalError as error:
            raise Failure(f"{path} cannot be read now: {error}") from error
        yield connection
        connection.rollback()


def put_back(database: Database, source: Source, name: str) -> None:
    """A file of the backup in place of the database; nobody may have it open."""
    path = path_of(database)
    database.engine.dispose()
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    take_out(source, name, path)
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise Failure(f"{path} is damaged: {verdict}")
