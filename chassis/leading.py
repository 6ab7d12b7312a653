"""Which of several relays works: the one that holds its database's lock; it rests until something is said."""

import select
import socket
from contextlib import suppress

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from chassis.database import Database

log = structlog.get_logger()

LOCK = 0x0C0B  # any constant: advisory locks are per database, and each service has its own

CHANNEL = "outbox"
"""Where PostgreSQL tells that news was committed: a trigger of the outbox notifies it (migration 0003)."""


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
        """Whether this relay leads. Raises DBAPIError; `let_go` then.

        Whatever was told before this returns is seen by who looks into the outbox after it.
        """
        if self._database.engine.dialect.name != "postgresql":
            return True
        if self._connection is not None:
            self._connection.execute(text("SELECT 1"))  # held as long as this answers
            self._connection.commit()
            return True
        connection = self._database.engine.connect()
        held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK})
        if held:
            connection.execute(text(f"LISTEN {CHANNEL}"))
            self._connection = connection
        connection.commit()
        if not held:
            connection.close()
        return bool(held)

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
            waiting.register(self._told_at(self._connection), select.POLLIN)
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

    @staticmethod
    def _told_at(connection: Connection) -> int:
        """The descriptor that becomes readable when the server tells something."""
        told_at: int = connection.connection.driver_connection.fileno()  # type: ignore[union-attr]  # psycopg's
        return told_at
