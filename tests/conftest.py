"""Servers for the tests that need them: found or started once, with a vhost and databases of its own for each test."""

import signal
from collections.abc import Iterator

import pytest
import structlog

from tests import servers
from tests.servers.wanted import take

take()  # a test starts without any OCOP_ setting of the person who runs it

# a shell that starts us in the background has us ignore SIGINT, and our children with us; some tests interrupt theirs
signal.signal(signal.SIGINT, signal.default_int_handler)

structlog.configure(  # structlog's own default draws tracebacks in boxes, which takes long where a test makes hundreds
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
)


@pytest.fixture(scope="session")
def broker_server() -> Iterator[servers.BrokerServer]:
    """The RabbitMQ that system tests share; nobody stops or restarts it."""
    try:
        server = servers.find_broker()
    except servers.NoServer as error:
        pytest.exit(f"RabbitMQ is missing: {error}", returncode=1)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.PostgresServer]:
    """The PostgreSQL that tests share; nobody stops or restarts it."""
    try:
        server = servers.find_postgres()
    except servers.NoServer as error:
        pytest.exit(f"PostgreSQL is missing: {error}", returncode=1)
    yield server
    server.stop()


@pytest.fixture
def broker(broker_server: servers.BrokerServer) -> Iterator[servers.Broker]:
    """A vhost of this test's own, empty."""
    with broker_server.vhost() as vhost:
        yield vhost


@pytest.fixture(scope="session")
def session_broker(broker_server: servers.BrokerServer) -> Iterator[servers.Broker]:
    """A vhost for the whole run."""
    with broker_server.vhost() as vhost:
        yield vhost


@pytest.fixture
def postgres(postgres_server: servers.PostgresServer) -> Iterator[servers.Databases]:
    """Five empty databases of this test's own, each with its own role."""
    with postgres_server.databases() as databases:
        yield databases


@pytest.fixture(scope="session")
def session_postgres(postgres_server: servers.PostgresServer) -> Iterator[servers.Databases]:
    """Five databases for the whole run, each with its own role."""
    with postgres_server.databases() as databases:
        yield databases


@pytest.fixture
def private_broker() -> Iterator[servers.PrivateBroker | servers.DockerBroker]:
    """A running RabbitMQ that this test may kill and start again."""
    server = servers.own_broker()
    yield server
    server.stop()


@pytest.fixture
def private_postgres() -> Iterator[servers.PrivatePostgres | servers.DockerPostgres]:
    """A running PostgreSQL that this test may kill and start again."""
    server = servers.own_postgres()
    yield server
    server.stop()
