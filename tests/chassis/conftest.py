"""A database of its own for every test of the chassis: SQLite, and PostgreSQL in the system tier."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from chassis import acts, dead_letters, inbox, migrating, outbox, tables
from chassis.database import Database
from chassis.settings import Settings, read
from chassis.telemetry import WITHOUT_VALUES
from chassis.web import command
from regulation.acting import Role
from tests.chassis import tally
from tests.chassis.tally_web import Base, headers_of, make_app

DECLARING = (outbox, inbox, dead_letters, acts, command)
"""The modules that declare the chassis's tables."""


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=WITHOUT_VALUES)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)]
)
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the tiny service keeps its data."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('tally')}/tally.sqlite"
        return
    server = request.getfixturevalue("postgres_server")
    with server.databases(["tally"]) as databases:
        yield databases.of("tally")


@pytest.fixture(name="database")
def _database(database_url: str) -> Iterator[Database]:
    """The tiny service's database, empty."""
    made = Database("tally", database_url)
    make_tables(made)
    yield made
    with made.transaction() as session:
        for table in (*tables.metadata.sorted_tables, *tally.metadata.sorted_tables):
            session.execute(table.delete())
    made.engine.dispose()


@pytest.fixture
def peer(database: Database) -> Iterator[Database]:
    """The same database, opened by another process of the same service."""
    peer = Database("tally", database.url)
    yield peer
    peer.engine.dispose()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """Another service's database, a SQLite file."""
    made = Database("other", f"sqlite:///{tmp_path}/other.sqlite")
    make_tables(made)
    yield made
    made.engine.dispose()


def make_tables(made: Database) -> None:
    """The chassis's tables, with their triggers, and the tiny service's."""
    migrating.upgrade(made, migrating.CHASSIS)
    tally.metadata.create_all(made.engine)


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    return read({"OCOP_DATA": str(tmp_path), "OCOP_MAX_BODY": "2000"})


@pytest.fixture
def app(database: Database, settings: Settings) -> Iterator[Flask]:
    """The tiny service's application on the database."""
    yield make_app(database, settings)
    with database.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(table.delete())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who knocks."""
    return app.test_client()


@pytest.fixture
def officer(settings: Settings) -> dict[str, str]:
    """The headers of an officer."""
    return headers_of(settings, Role.OCOP_OFFICER)
