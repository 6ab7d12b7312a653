"""Which of several relays works: the one that holds its database's lock; it rests until something is said."""

import select
import socket
from contextlib import AbstractContextManager, suppress
from typing import Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.database import Database

log = structlog.get_logger()

LOCK = 0x0C0B  # any constant: advisory locks are per database, and each service has its own

CHANNEL = "outbox"
"""Where PostgreSQL tells that news was committed: a trigger of the outbox notifies it (migration 0004)."""


class Lead:
    """The place at the head, taken or not. The lock and what is told come by one connection, and end with it.

    Who is told nothing (on SQLite, or where another leads) looks again when its rest is over.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)

    def take(self) -> bool:
        """Whether this relay leads, unless its connection is gone: the next reading tells. Raises DBAPIError.

        What was told before this returns is seen by who looks into the outbox after it.
        """
        if self._database.engine.dialect.name != "postgresql" or self._connection is not None:
            return True
        connection = self._database.engine.connect()
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}):
            connection.close()
            return False
        _driver(connection).add_notify_handler(_heed_not)
        connection.execute(text(f"LISTEN {CHANNEL}"))
        connection.execute(text("SET synchronous_commit TO off"))
        self._connection = connection
        return True

    def reading(self) -> AbstractContextManager[Session]:
        """Where the leader looks what waits: on the connection that holds the lock, so that an answer proves it."""
        return self._own() or self._database.reading()

    def marking(self) -> AbstractContextManager[Session]:
        """Where the leader marks what was sent: there too, each statement for itself, none waiting for the disk.

        A server that falls may forget what was marked last; that is sent again.
        """
        return self._own() or self._database.transaction()

    def _own(self) -> Session | None:
        return None if self._connection is None else Session(self._connection)

    def let_go(self) -> None:
        """Lead no more."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.invalidate()
            except DBAPIError as error:
                log.info("leader's connection already gone", error=str(error))

    def rest(self, seconds: float) -> None:
        """Until something was said, `wake` is called, the connection is lost, or the time is over."""
        waiting = select.poll()
        waiting.register(self._bell, select.POLLIN)
        if self._connection is not None:
            waiting.register(_driver(self._connection).fileno(), select.POLLIN)
        waiting.poll(seconds * 1000)
        with suppress(BlockingIOError):
            self._bell.recv(4096)

    def wake(self) -> None:
        """End the rest, or the next one at once. From any thread."""
        with suppress(BlockingIOError, OSError):  # rung often enough already, or closed
            self._rope.send(b"!")

    def close(self) -> None:
        """Let go of everything."""
        self.let_go()
        self._bell.close()
        self._rope.close()


def _driver(connection: Connection) -> Any:
    """psycopg's own connection."""
    return connection.connection.driver_connection


def _heed_not(_told: Any) -> None:
    """That something was told is seen at the socket; without a handler psycopg would keep all that it was told."""
