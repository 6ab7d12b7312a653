"""Moves a service's dead letters from their queue into its table: first inserted, then acknowledged."""

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import amqp
import structlog
from kombu import Connection
from kombu.message import Message
from sqlalchemy.exc import SQLAlchemyError

from chassis import dead_letters
from chassis.clock import now
from chassis.database import Database, is_away, is_contention
from chassis.dead_letters import Letter
from chassis.fault_points import reach
from chassis.origin import Origin
from chassis.wire.arrivals import (
    BROKERS_OWN,
    EXCEPTION,
    FRAME,
    KEPT,
    OURS,
    REASON,
    Group,
    acknowledge,
    as_it_lies,
    attempts,
)
from chassis.wire.publishing import BROKEN
from chassis.wire.topology import dead_queue_of

log = structlog.get_logger()

GROUP = 100
"""Letters that share one transaction."""

READ_TIMEOUT = 30.0

UNTAKEN_PAUSE = 3600.0
"""Seconds until a message that amqp cannot read or the table does not take is met again.

Each meeting counts as a delivery, and from RabbitMQ 4 on a queue without a limit of its own drops at the twentieth."""

NO_REASON = "no-reason: dead-lettered without one"
DELIVERED_TOO_OFTEN = "delivery-limit: delivered too often and never answered; it may have ended its worker each time"


class Collector:
    """Collects one service's dead letters. Several may run: the broker hands each letter to one of them."""

    def __init__(self, database: Database, broker_url: str, *, poll: float = 1.0) -> None:
        self._database = database
        self._url = broker_url
        self._poll = poll
        self._queue = dead_queue_of(database.service)
        self._stop = threading.Event()
        self._connection: Connection | None = None
        self._channel: Any = None

    def run(self) -> None:
        """Work until `stop`."""
        trouble = self._poll
        while not self._stop.is_set():
            try:
                pause = 0 if self.collect() else self._poll
                trouble = self._poll
            except UnicodeDecodeError as error:
                pause = UNTAKEN_PAUSE
                log.error("dead letter unreadable", queue=self._queue, error=str(error))  # noqa: TRY400  the traceback is amqp's
            except (*BROKEN, SQLAlchemyError) as error:
                pause = trouble = UNTAKEN_PAUSE if _not_taken(error) else min(trouble * 2, 30.0)
                log.warning("cannot collect dead letters", queue=self._queue, error=str(error))
            self._stop.wait(pause)
        self.close()

    def stop(self) -> None:
        """Finish the group in hand, then return from `run`."""
        self._stop.set()

    def collect(self) -> int:
        """Move what lies in the queue now, one group at most; how many. What fails stays in the queue.

        While the database is away nothing is fetched.
        """
        if not self._database.answers():
            log.warning("database away, dead letters stay", queue=self._queue)
            return 0
        try:
            group = list(islice(self._letters(), GROUP))
            if group:
                self._lay(group)
        except BaseException:
            self.close()  # whatever is not acknowledged goes back to the queue
            raise
        return len(group)

    def _lay(self, group: Group) -> None:
        reach("collector.before-insert")
        with self._database.transaction() as session:
            for message in group:
                dead_letters.lay(session, letter_of(message))
        reach("collector.after-insert")
        acknowledge(group)
        reach("collector.after-acknowledge")

    def close(self) -> None:
        """Drop the socket."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None and connection.connected:
            connection.connection.collect()

    def _letters(self) -> Iterator[Message]:
        channel = self._open()
        while (raw := amqp.Channel.basic_get(channel, self._queue)) is not None:
            yield channel.message_to_python(raw)

    def _open(self) -> Any:
        if self._channel is None:
            limits = {"read_timeout": READ_TIMEOUT, "write_timeout": READ_TIMEOUT}
            self._connection = Connection(
                self._url, connect_timeout=10, transport_options=limits | {"max_retries": 0}
            )
            self._channel = self._connection.channel()
            self._channel.auto_decode = False  # byte for byte, whatever encoding it claims
        return self._channel


def _not_taken(error: Exception) -> bool:
    """Whether the database is there, and refuses what the message carries."""
    return isinstance(error, SQLAlchemyError) and not (is_away(error) or is_contention(error))


def letter_of(message: Message) -> Letter:
    """A message of a dead-letter queue, without what was noted on it when it died."""
    died = message.headers
    noted = (*OURS, *BROKERS_OWN)
    headers = as_it_lies(message)
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body or b"")
    return Letter(
        headers={name: value for name, value in headers.items() if name not in noted},
        properties={name: message.properties[name] for name in KEPT if name in message.properties},
        body=body,
        reason=_reason(died),
        at=now(),
        origin=Origin(exception=_text(died, EXCEPTION), frame=_text(died, FRAME)),
        attempts=max(attempts(message), 1),
    )


def _reason(headers: Any) -> str:
    deaths = headers.get("x-death")
    last = deaths[0] if isinstance(deaths, list) and deaths else None
    if isinstance(last, dict) and last.get("reason") == "delivery_limit":
        return DELIVERED_TOO_OFTEN
    return _text(headers, REASON) or NO_REASON


def _text(headers: Any, name: str) -> str:
    value = headers.get(name)
    return value[: 2000 if name == REASON else 200] if isinstance(value, str) else ""
