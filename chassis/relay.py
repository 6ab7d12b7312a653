"""Empties one service's outbox for ever: publishes what is unsent, in order, and marks what was confirmed."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.clock import now, today
from chassis.database import Database
from contracts.envelope import Event

log = structlog.get_logger()

LEADER_LOCK = 0x0C0B  # any constant: advisory locks are per database, and each service has its own


class Trouble(Exception):
    """The other side cannot take events now; nothing is lost, the relay tries again."""


class Carrier(Protocol):
    """Takes events to where they are heard: the broker, or straight to the hearers of an embedded instance."""

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Deliver; the indexes of those that are safe on the other side. Raises Trouble."""

    def close(self) -> None:
        """Let go of connections."""


Chore = Callable[[Session, date], None]
"""Something that falls due by the calendar, done once a day by the leading relay: `(session, today)`."""


class Relay:
    """One service's relay. Several may run; one leads, the others wait to take over."""

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        *,
        source: str,
        batch: int,
        poll: float,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._source = source
        self._batch = batch
        self._poll = poll
        self._chores = chores
        self._chores_done_on = date.min
        self._stop = threading.Event()
        self._leading: Connection | None = None
        self.seen_alive = time.monotonic()

    def run(self) -> None:
        """Work until `stop`."""
        pause = self._poll
        while not self._stop.is_set():
            self.seen_alive = time.monotonic()
            try:
                busy = self._lead() and self._work()
                pause = 0 if busy else self._poll
            except (Trouble, DBAPIError, OSError) as error:
                pause = min(max(pause * 2, 0.2), 5.0)
                log.warning("relay in trouble", source=self._source, error=str(error), pause=pause)
                self._step_down()
            if pause:
                self._stop.wait(pause)
        self._step_down()
        self._carrier.close()

    def stop(self) -> None:
        """Finish the batch in hand, then return from `run`."""
        self._stop.set()

    def empty_once(self) -> int:
        """Send what is unsent now, until nothing is; how many. For tests and one-off commands."""
        total = 0
        while sent := self._send():
            total += sent
        return total

    def _work(self) -> bool:
        self._do_chores()
        return self._send() > 0

    def _send(self) -> int:
        with self._database.reading() as session:
            waiting = outbox.unsent(session, source=self._source, limit=self._batch)
        if not waiting:
            return 0
        safe = self._carrier.carry([event for _, event in waiting])
        positions = [position for index, (position, _) in enumerate(waiting) if index in safe]
        if positions:
            with self._database.transaction() as session:
                outbox.mark_sent(session, positions, now())
        if len(positions) < len(waiting):
            raise Trouble(f"{len(waiting) - len(positions)} of {len(waiting)} not taken")
        return len(positions)

    def _do_chores(self) -> None:
        day = today()
        if day == self._chores_done_on:
            return
        for chore in self._chores:
            with self._database.transaction() as session:
                chore(session, day)
        self._chores_done_on = day

    def _lead(self) -> bool:
        """Whether this relay leads: on PostgreSQL by an advisory lock that dies with its connection."""
        if self._database.engine.dialect.name != "postgresql":
            return True
        if self._leading is not None:
            self._leading.execute(text("SELECT 1"))  # the lock is held as long as this answers
            self._leading.commit()
            return True
        connection = self._database.engine.connect()
        held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK})
        connection.commit()
        if held:
            self._leading = connection
            return True
        connection.close()
        return False

    def _step_down(self) -> None:
        if self._leading is not None:
            connection, self._leading = self._leading, None
            try:
                connection.invalidate()
            except DBAPIError as error:
                log.info("leader's connection already gone", error=str(error))
