"""Stations and databases for the promises: always RabbitMQ and PostgreSQL, private ones where they must be killed."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.database import Database
from tests import servers
from tests.chassis.conftest import make_tables
from tests.chassis.station import Station, a_station


@pytest.fixture
def station(
    broker_server: servers.BrokerServer, postgres_server: servers.PostgresServer, tmp_path: Path
) -> Iterator[Station]:
    """A station on the shared servers; no process runs yet."""
    with a_station(broker_server, postgres_server, tmp_path) as made:
        yield made


@pytest.fixture
def on_own_broker(
    private_broker: servers.PrivateBroker, postgres_server: servers.PostgresServer, tmp_path: Path
) -> Iterator[Station]:
    """A station whose broker may be killed, once its queues have reached the disk."""
    with a_station(private_broker, postgres_server, tmp_path) as made:
        yield made


@pytest.fixture
def on_own_postgres(
    broker_server: servers.BrokerServer, private_postgres: servers.PrivatePostgres, tmp_path: Path
) -> Iterator[Station]:
    """A station whose database server may be killed."""
    with a_station(broker_server, private_postgres, tmp_path) as made:
        yield made


@pytest.fixture
def database(postgres_server: servers.PostgresServer) -> Iterator[Database]:
    """The tiny service's database alone."""
    with postgres_server.databases(["tally"]) as databases:
        made = Database("tally", databases.of("tally"))
        make_tables(made)
        yield made
        made.engine.dispose()


@pytest.fixture
def peer(database: Database) -> Iterator[Database]:
    """The same database, opened by another process of the same service."""
    made = Database("tally", database.url)
    yield made
    made.engine.dispose()


@pytest.fixture
def subject() -> str:
    """A subject that no other test uses."""
    return str(uuid4())
