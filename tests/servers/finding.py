"""Which servers the tests use: those named, those that answer on localhost, Docker's, or ones of our own."""

import atexit
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.servers import docker, postgres, rabbitmq
from tests.servers.docker import DockerBroker, DockerPostgres
from tests.servers.machine import NoServer, install
from tests.servers.postgres import PostgresServer, PrivatePostgres
from tests.servers.rabbitmq import BrokerServer, PrivateBroker
from tests.servers.wanted import take

LOCAL_BROKER = "amqp://guest:guest@127.0.0.1:5672//"

OwnBroker = PrivateBroker | DockerBroker
OwnPostgres = PrivatePostgres | DockerPostgres


def find_broker() -> BrokerServer:
    """A broker that runs, ours or not; `stop` it at the end either way. Raises NoServer."""
    wanted = take()
    if url := wanted.broker_url:
        if not rabbitmq.answers(url):
            raise NoServer("the broker of OCOP_TEST_BROKER_URL does not answer")
        return BrokerServer(url, rabbitmq.local_control(url))
    if not wanted.private and rabbitmq.answers(LOCAL_BROKER):
        return BrokerServer(LOCAL_BROKER, rabbitmq.local_control(LOCAL_BROKER))
    return own_broker()


def find_postgres() -> PostgresServer:
    """A PostgreSQL that runs, ours or not; `stop` it at the end either way. Raises NoServer."""
    wanted = take()
    if url := wanted.database_url:
        if not postgres.usable(postgres.to_admin(url)):
            raise NoServer("OCOP_TEST_DATABASE_URL: no answer, or the role may not make databases")
        return PostgresServer(postgres.to_admin(url))
    if not wanted.private:
        for admin in postgres.on_localhost():
            if postgres.usable(admin):
                return PostgresServer(admin)
    return own_postgres()


def own_broker() -> OwnBroker:
    """A broker of our own, started: from what is installed, Docker, or packages installed now. Raises NoServer."""
    return _own(PrivateBroker, DockerBroker, rabbitmq.PACKAGE, rabbitmq.scripts)


def own_postgres() -> OwnPostgres:
    """A PostgreSQL of our own, started: likewise. Raises NoServer."""
    return _own(PrivatePostgres, DockerPostgres, postgres.PACKAGE, postgres.programs)


Private = TypeVar("Private", PrivateBroker, PrivatePostgres)
Contained = TypeVar("Contained", DockerBroker, DockerPostgres)


def _own(
    private: type[Private],
    contained: type[Contained],
    package: str,
    installed: Callable[[], Path | None],
) -> Private | Contained:
    if installed() is None:
        if docker.engine_answers():
            try:
                return _started(contained())
            except NoServer as error:
                sys.stderr.write(f"Docker does not give one: {error}\n")
        install(package)
    return _started(private())


Own = TypeVar("Own", PrivateBroker, PrivatePostgres, DockerBroker, DockerPostgres)


def _started(server: Own) -> Own:
    atexit.register(server.stop)
    server.start()
    return server
