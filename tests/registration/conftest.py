"""Registration's databases and web application for its tests: a fresh SQLite file, and a PostgreSQL that is emptied."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from chassis.database import Database
from chassis.migrating import migrate
from chassis.settings import Settings, read
from services.registration.api import make_app
from tests import servers
from tests.builders.registration import TODAY
from tests.registration.desk import Desk

MORNING = datetime(TODAY.year, TODAY.month, TODAY.day, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("registration") / "registration.sqlite"
    database = Database("registration", f"sqlite:///{path}")
    migrate(database)
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.PostgresServer) -> Iterator[Database]:
    """A PostgreSQL database of registration's own."""
    with postgres_server.databases(["registration"]) as databases:
        database = Database("registration", databases.of("registration"))
        migrate(database)
        yield database
        database.engine.dispose()


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "registration.sqlite"
    shutil.copy(migrated_file, path)
    database = Database("registration", f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    if request.param == "sqlite":
        found: Database = request.getfixturevalue("sqlite")
        return found
    emptied: Database = request.getfixturevalue("emptied_postgres")
    return emptied


@pytest.fixture
def emptied_postgres(migrated_postgres: Database) -> Database:
    """The PostgreSQL database, empty."""
    _empty(migrated_postgres)
    return migrated_postgres


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An instance's settings with small limits."""
    return read(
        {
            "OCOP_DATA": str(tmp_path / "data"),
            "OCOP_TOKEN_SECRET": "for-tests-only-" * 3,
            "OCOP_MAX_EVIDENCE": "20000",
            "OCOP_MAX_BODY": "100000",
        }
    )


@pytest.fixture
def desk(sqlite: Database, settings: Settings) -> Iterator[Desk]:
    """Everybody's desk at registration's door, on a fixed day."""
    with time_machine.travel(MORNING, tick=True):
        yield Desk(make_app(sqlite, settings), sqlite, settings)


@pytest.fixture
def any_desk(database: Database, settings: Settings) -> Iterator[Desk]:
    """The same on each kind of database."""
    with time_machine.travel(MORNING, tick=True):
        yield Desk(make_app(database, settings), database, settings)


def _empty(database: Database) -> None:
    with database.engine.begin() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        tables = [name for name in names if not name.startswith("alembic")]
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
