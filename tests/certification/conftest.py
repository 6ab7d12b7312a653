"""Certification's databases for its tests: a fresh SQLite file, and a PostgreSQL that is emptied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.migrating import migrate
from tests import servers
from tests.builders.certification_desk import Desk


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("certification") / "certification.sqlite"
    database = Database("certification", f"sqlite:///{path}")
    migrate(database)
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.PostgresServer) -> Iterator[Database]:
    """A PostgreSQL database of certification's own."""
    with postgres_server.databases(["certification"]) as databases:
        database = Database("certification", databases.of("certification"))
        migrate(database)
        yield database
        database.engine.dispose()


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "certification.sqlite"
    shutil.copy(migrated_file, path)
    database = Database("certification", f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    if request.param == "sqlite":
        found: Database = request.getfixturevalue("sqlite")
        return found
    emptied: Database = request.getfixturevalue("migrated_postgres")
    with emptied.engine.begin() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        tables = [name for name in names if not name.startswith("alembic")]
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
    return emptied


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path) -> Desk:
    """Certification's HTTP API over an empty database."""
    return Desk(sqlite, tmp_path)
