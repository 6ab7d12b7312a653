"""Where a benchmark takes place: a vhost and databases of its own, emptied before each run, gone at the end."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from chassis import migrating
from chassis.database import Database
from chassis.wire import topology
from cli.house import listening
from tests import servers

CHUNK = 500
"""Messages published before their confirms are awaited, while a run is prepared."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One vhost with our topology, one migrated database per service; every contender works on the same ones."""

    broker_url: str
    database_url: str

    def database_of(self, service: str) -> str:
        """The database address of one service, for SQLAlchemy with psycopg."""
        return self.database_url.replace("{service}", service)

    def connect(self, service: str) -> psycopg.Connection[Any]:
        """A connection beside those of the contender, each statement its own transaction."""
        address = self.database_of(service).replace("+psycopg", "")
        return psycopg.connect(address, autocommit=True)

    def empty(self, service: str) -> None:
        """Truncate every table of a service, purge its queue, and let the server write what it still has to write."""
        with self.connect(service) as connection:
            named = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename NOT LIKE 'alembic%'"
            )
            tables = sql.SQL(", ").join(sql.Identifier(name) for (name,) in named)
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
        with topology.connected(self.broker_url) as broker:
            broker.default_channel.queue_purge(topology.queue_of(service))

    def environment(self) -> dict[str, str]:
        """What a process of ours is told."""
        return {
            "OCOP_BROKER_URL": self.broker_url,
            "OCOP_DATABASE_URL": self.database_url,
            "OCOP_LOG_LEVEL": "warning",
        }


def environment_of(ground: Ground) -> dict[str, str]:
    """This process's environment, without what an instance of ours is told here, with what is told on the ground."""
    bare = {name: value for name, value in os.environ.items() if "OCOP_" not in name}
    return bare | ground.environment()


@contextmanager
def prepared(services: Sequence[str]) -> Iterator[Ground]:
    """A ground for these services for as long as the block runs. Raises NoServer."""
    broker, postgres = servers.find_broker(), servers.find_postgres()
    try:
        with broker.vhost() as vhost, postgres.databases(services) as databases:
            ground = Ground(vhost.url, databases.template)
            for service in services:
                migrating.migrate(Database(service, ground.database_of(service)))
            sayers = {service: listening()[service] for service in services}
            topology.declare(topology.topology(sayers), ground.broker_url)
            yield ground
    finally:
        broker.stop()
        postgres.stop()
