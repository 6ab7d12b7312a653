"""A service's own databases for its tests: a migrated SQLite file to copy, a PostgreSQL to empty."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from chassis.database import Database
from chassis.migrating import migrate
from tests import servers


def migrated_file(service: str, folder: Path) -> Path:
    """A migrated SQLite file of the service."""
    path = folder / f"{service}.sqlite"
    database = Database(service, f"sqlite:///{path}")
    migrate(database)
    database.engine.dispose()
    return path


@contextmanager
def copied(service: str, file: Path, folder: Path) -> Iterator[Database]:
    """A copy of that file, opened."""
    path = folder / f"{service}.sqlite"
    shutil.copy(file, path)
    database = Database(service, f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@contextmanager
def on_server(service: str, server: servers.PostgresServer) -> Iterator[Database]:
    """A migrated database of the service's own on a server."""
    with server.databases([service]) as databases:
        database = Database(service, databases.of(service))
        migrate(database)
        yield database
        database.engine.dispose()


def emptied(database: Database) -> Database:
    """The same database without any row."""
    with database.engine.begin() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        tables = [name for name in names if not name.startswith("alembic")]
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
    return database
