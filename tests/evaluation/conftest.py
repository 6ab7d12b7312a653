"""Evaluation's databases for its tests: a fresh SQLite file, and a PostgreSQL that is emptied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.migrating import migrate
from tests import servers
from tests.builders.evaluation import Desk


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("evaluation") / "evaluation.sqlite"
    database = Database("evaluation", f"sqlite:///{path}")
    migrate(database)
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.PostgresServer) -> Iterator[Database]:
    """A PostgreSQL database of evaluation's own."""
    with postgres_server.databases(["evaluation"]) as databases:
        database = Database("evaluation", databases.of("evaluation"))
        migrate(database)
        yield database
        database.engine.dispose()


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "evaluation.sqlite"
    shutil.copy(migrated_file, path)
    database = Database("evaluation", f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@pytest.fixture
def emptied_postgres(migrated_postgres: Database) -> Database:
    """An empty PostgreSQL database."""
    with migrated_postgres.engine.begin() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        tables = [name for name in names if not name.startswith("alembic")]
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    wanted = "sqlite" if request.param == "sqlite" else "emptied_postgres"
    found: Database = request.getfixturevalue(wanted)
    return found


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path) -> Desk:
    """The API on SQLite."""
    return Desk(sqlite, tmp_path)
