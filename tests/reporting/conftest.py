"""Reporting's databases and web application for its tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.database import Database
from chassis.settings import Settings, read
from services.reporting.api import make_app
from tests import servers
from tests.builders import stores
from tests.builders.visitor import Visitor


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    return stores.migrated_file("reporting", tmp_path_factory.mktemp("reporting"))


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.PostgresServer) -> Iterator[Database]:
    """A PostgreSQL database of reporting's own."""
    with stores.on_server("reporting", postgres_server) as database:
        yield database


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    with stores.copied("reporting", migrated_file, tmp_path) as database:
        yield database


@pytest.fixture
def other(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A second empty SQLite database."""
    with stores.copied("reporting", migrated_file, tmp_path_factory.mktemp("other")) as database:
        yield database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    if request.param == "sqlite":
        found: Database = request.getfixturevalue("sqlite")
        return found
    return stores.emptied(request.getfixturevalue("migrated_postgres"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An instance's settings."""
    return read({"OCOP_DATA": str(tmp_path), "OCOP_TOKEN_SECRET": "for-tests-only-" * 3})


@pytest.fixture
def visitor(database: Database, settings: Settings) -> Visitor:
    """Somebody at reporting's door, over an empty database of each kind."""
    return Visitor(make_app(database, settings), settings)
