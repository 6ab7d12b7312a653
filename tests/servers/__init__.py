"""The RabbitMQ and PostgreSQL that system tests and benchmarks run on.

Read in this order: `wanted` (what the environment asks for), `machine` (ports, processes, Debian's packages),
`managing` (who may make vhosts), `rabbitmq` and `postgres` (servers of our own, and the parts of a server that a test
gets), `docker` (the same from a Docker engine), `finding` (which of them are used).

A test gets a vhost and databases of its own, named by chance, and they are gone when it ends. `PrivateBroker` and
`PrivatePostgres` are servers that a fault test may kill; nothing else ever stops a server that others use.
"""

from tests.servers.docker import DockerBroker, DockerPostgres
from tests.servers.finding import (
    find_broker,
    find_postgres,
    own_broker,
    own_postgres,
)
from tests.servers.machine import NoServer
from tests.servers.postgres import Databases, PostgresServer, PrivatePostgres
from tests.servers.rabbitmq import Broker, BrokerServer, PrivateBroker

__all__ = [
    "Broker",
    "BrokerServer",
    "Databases",
    "DockerBroker",
    "DockerPostgres",
    "NoServer",
    "PostgresServer",
    "PrivateBroker",
    "PrivatePostgres",
    "find_broker",
    "find_postgres",
    "own_broker",
    "own_postgres",
]
