"""One service's worker as a process of its own, on a vhost and a database of the test's own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import amqp
import psycopg
import pytest
from kombu import Connection
from sqlalchemy import func, select

from chassis import inbox, outbox
from chassis.clock import now
from chassis.database import Database
from chassis.migrating import migrate
from chassis.relay import Relay
from chassis.settings import Settings, read
from chassis.wire.publishing import BrokerCarrier
from chassis.wire.topology import dead_queue_of, declare, depths, queue_of, topology
from contracts.envelope import source
from tests import servers
from tests.cli.effects import SERVICE, attempts, effects, tables


class Room:
    """A listener's worker with its queue and database, and registration's outbox to speak from."""

    def __init__(self, environment: Mapping[str, str], log: Path, admin: str) -> None:
        self.environment = dict(environment)
        self.settings: Settings = read(self.environment)
        self.listener = Database(SERVICE, self.settings.database_of(SERVICE))
        self.sayer = Database("registration", self.settings.database_of("registration"))
        self.log = log
        self._admin = admin
        self._processes: list[subprocess.Popen[bytes]] = []
        for database in (self.listener, self.sayer):
            migrate(database)
        tables.create_all(self.listener.engine)
        declare(topology({SERVICE: ("registration",)}), self.settings.broker_url)

    def work(self) -> subprocess.Popen[bytes]:
        """Start the listener's worker and wait until it listens."""
        module = ("-m", "chassis.wire.runner", "tests.cli.listener:Listener")
        return self.run(sys.executable, *module)

    def run(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a process that listens, and wait until it does."""
        seen = self.lines("listening")
        bare = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
        process = subprocess.Popen(
            command,
            env=bare | self.environment | {"LISTENER_DATABASE": self.listener.url},
            stdout=subprocess.DEVNULL,
            stderr=self.log.open("ab"),
        )
        self._processes.append(process)
        wait_until(lambda: self.lines("listening") > seen)
        return process

    def lines(self, word: str) -> int:
        """How often the log says it."""
        return self.log.read_text().count(word) if self.log.exists() else 0

    def say(self, count: int = 1, subject: str = "", **data: Any) -> list[str]:
        """Say something new on each of `count` subjects (or one after the other on `subject`), and carry it out."""
        subjects = [subject or str(uuid4()) for _ in range(count)]
        with self.sayer.transaction() as session:
            outbox.say(
                session,
                [
                    outbox.News(type="DossierSubmitted", subject=each, time=now(), data=data)
                    for each in subjects
                ],
            )
        self.carry()
        return subjects

    def carry(self) -> None:
        """Empty the outbox onto the broker."""
        carrier = BrokerCarrier(self.settings.broker_url, confirm_timeout=10)
        Relay(
            self.sayer, carrier, source=source("38", "registration"), batch=200, poll=1
        ).empty_once()
        carrier.close()

    def publish(self, body: bytes, headers: Mapping[str, Any], **properties: Any) -> None:
        """Put any message on the service's queue, as a stranger might."""
        with Connection(self.settings.broker_url) as connection:
            connection.Producer().publish(
                body, routing_key=queue_of(SERVICE), headers=dict(headers), **properties
            )

    def dead(self) -> list[amqp.Message]:
        """Take the dead letters out of their queue, as they lie there."""
        letters = []
        with Connection(self.settings.broker_url) as connection:
            channel = connection.channel()
            channel.auto_decode = False
            while (letter := amqp.Channel.basic_get(channel, dead_queue_of(SERVICE))) is not None:
                letters.append(letter)
                channel.basic_ack(letter.delivery_tag)
        return letters

    def had_effect(self, subject: str | None = None) -> int:
        """How many effects there were, of all subjects or of one."""
        counted = select(func.count()).select_from(effects)
        if subject:
            counted = counted.where(effects.c.subject == subject)
        with self.listener.reading() as session:
            return session.scalar(counted) or 0

    def heard(self) -> int:
        """How many events the inbox holds."""
        with self.listener.reading() as session:
            return session.scalar(select(func.count()).select_from(inbox.inbox)) or 0

    def tried(self) -> int:
        """How often the listener has gone through an event, in vain or not."""
        with self.listener.reading() as session:
            return session.scalar(select(func.count()).select_from(attempts)) or 0

    def waiting(self) -> int:
        """How many messages wait on the queue."""
        return depths([queue_of(SERVICE)], self.settings.broker_url)[queue_of(SERVICE)][0]

    def take_database_away(self) -> None:
        """Throw everybody out of the listener's database and let nobody in."""
        name = self.listener.engine.url.database
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )

    def bring_database_back(self) -> None:
        """Let them in again."""
        name = self.listener.engine.url.database
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        self.listener.engine.dispose()

    def close(self) -> None:
        """End what still runs."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.listener.engine.dispose()
        self.sayer.engine.dispose()


def wait_until(holds: Callable[[], bool], timeout: float = 30) -> None:
    """Wait for something to come true."""
    until = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture
def room(
    broker: servers.Broker, postgres_server: servers.PostgresServer, tmp_path: Path
) -> Iterator[Room]:
    """A listener that is set up; its worker does not run yet."""
    with postgres_server.databases(["registration", SERVICE]) as databases:
        made = Room(
            {
                "OCOP_DATA": str(tmp_path),
                "OCOP_BROKER_URL": broker.url,
                "OCOP_DATABASE_URL": databases.template,
                "OCOP_RETRY_FIRST": "0.2",
                "OCOP_RETRY_LIMIT": "3",
            },
            tmp_path / "worker.log",
            postgres_server.admin,
        )
        yield made
        made.close()
