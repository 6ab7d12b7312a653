"""Empties one service's outbox for ever: publishes what is unsent, in order, and marks what was confirmed."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.clock import now, today
from chassis.database import Database
from chassis.fault_points import reach
from chassis.leading import Lead
from chassis.watch import vitals
from contracts.envelope import Event

log = structlog.get_logger()


class Trouble(Exception):
    """The other side cannot take events now; nothing is lost, the relay tries again."""


class Carrier(Protocol):
    """Takes events to where they are heard: the broker, or straight to the hearers of an embedded instance."""

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Deliver; the indexes of those that are safe on the other side. Raises Trouble."""

    def close(self) -> None:
        """Let go of connections."""


@runtime_checkable
class FarCarrier(Carrier, Protocol):
    """A carrier that can have one batch on its way while the relay works on the next."""

    def send(self, events: Sequence[Event]) -> Callable[[], set[int]]:
        """Send; the returned function waits, and gives the indexes of those safe. Both raise Trouble."""


@dataclass(frozen=True, slots=True)
class _OnTheirWay:
    """A batch that was sent: its positions in the outbox, and how to wait for it."""

    positions: Sequence[int] = ()
    landed: Callable[[], set[int]] = set
    at: float = 0.0


NOTHING = _OnTheirWay()

Chore = Callable[[Session, date], None]
"""Something that falls due by the calendar, done once a day by the leading relay: `(session, today)`.

Harmless when done again: after a restart, or when another chore of the day has failed."""

HUNG_AFTER = 120.0
"""Seconds without a turn after which a relay counts as hung: several time-outs of its carrier, one after the other."""

CHORES_AGAIN = 60.0
"""Seconds until failed chores are tried again."""


class Relay:
    """One service's relay. Several may run; one leads, the others wait to take over.

    While less than a full `batch` is found, `wait` seconds lie between two looks: what is said meanwhile goes together.
    When nothing is found it rests, until it is woken or `poll` seconds are over.
    """

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        *,
        source: str,
        batch: int,
        poll: float,
        wait: float = 0.0,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._source = source
        self._batch = batch
        self._poll = poll
        self._wait = wait
        self._chores = chores
        self._chores_done_on = date.min
        self._chores_again_at = 0.0
        self._stop = threading.Event()
        self._lead = Lead(database)
        self._sent = NOTHING
        self._service = source.rpartition("/")[2]
        self.seen_alive = time.monotonic()
        self.trouble = ""
        """Why the last attempt to carry failed; empty once something was carried or nothing is left to carry."""

    def run(self) -> None:
        """Work until `stop`."""
        trouble = 0.0
        while not self._stop.is_set():
            self.seen_alive = time.monotonic()
            try:
                leads = self._lead.take()
                vitals.LEADS.labels(self._service).set(leads)
                busy = leads and self._work()
                pause, trouble = (0.0 if busy else self._poll), 0.0
                self.trouble = self.trouble if busy else ""
                if busy and len(self._sent.positions) < self._batch:
                    self._stop.wait(self._wait)
            except Exception as error:  # a relay that ended would be noticed by nobody
                pause = trouble = min(max(trouble * 2, 0.2), 5.0)
                expected = isinstance(error, (Trouble, DBAPIError, OSError))
                log.warning("relay in trouble", source=self._source, error=str(error), pause=pause,
                            exc_info=None if expected else error)  # fmt: skip
                self.trouble = f"{type(error).__name__}: {error}"
                self._step_down()
            vitals.TROUBLE.labels(self._service).set(bool(self.trouble))
            if pause and not self._stop.is_set():
                self._lead.rest(pause)
        self._finish()
        self._step_down()
        self._lead.close()
        self._carrier.close()

    def stop(self) -> None:
        """Finish the batch in hand, then return from `run`."""
        self._stop.set()
        self.wake()

    def wake(self) -> None:
        """Look into the outbox now: something was said in this very process."""
        self._lead.wake()

    def _finish(self) -> None:
        """Mark what is still on its way, if it arrives; otherwise it is sent again by whoever leads next."""
        try:
            self._settle(self._sent)
        except (Trouble, DBAPIError, OSError) as error:
            log.info("left on its way", source=self._source, error=str(error))

    def empty_once(self) -> int:
        """Send what is unsent now, until nothing is; how many. For tests and one-off commands."""
        self._lead.take()
        try:
            total = self._send()
            while self._sent.positions:
                total += self._send()
            return total
        finally:
            self._lead.let_go()

    def _work(self) -> bool:
        self._do_chores()
        return self._send() > 0 or bool(self._sent.positions)

    def _send(self) -> int:
        """Send the next batch, then settle the one before it, which was on its way meanwhile; how many are safe."""
        before = self._sent
        with self._lead.reading() as session:
            waiting = outbox.unsent(
                session, source=self._source, limit=self._batch, but=before.positions
            )
        self._sent = NOTHING  # a carrier in trouble has lost what was on its way as well
        if waiting:
            self._sent = self._hand_over(waiting)
        return self._settle(before)

    def _hand_over(self, waiting: Sequence[tuple[int, Event]]) -> _OnTheirWay:
        events = [event for _, event in waiting]
        positions = [position for position, _ in waiting]
        at = time.monotonic()
        reach("relay.before-publish")
        vitals.SENT.labels(self._service).inc(len(events))
        if isinstance(self._carrier, FarCarrier):
            landed = self._carrier.send(events)
            reach("relay.after-publish")
            return _OnTheirWay(positions, landed, at)
        safe = self._carrier.carry(events)
        reach("relay.after-publish")
        return _OnTheirWay(positions, lambda: safe, at)

    def _settle(self, sent: _OnTheirWay) -> int:
        """Mark what is safe as sent; how many. Raises Trouble when some are not."""
        if not sent.positions:
            return 0
        reach("relay.before-confirm")
        safe = sent.landed()
        reach("relay.after-confirm")
        vitals.CONFIRM_SECONDS.labels(self._service).observe(time.monotonic() - sent.at)
        vitals.CONFIRMED.labels(self._service).inc(len(safe))
        positions = [position for index, position in enumerate(sent.positions) if index in safe]
        if positions:
            with self._lead.marking() as session:
                reach("relay.before-mark-sent")
                outbox.mark_sent(session, positions, now())
            reach("relay.after-mark-sent")
        if len(positions) < len(sent.positions):
            raise Trouble(
                f"{len(sent.positions) - len(positions)} of {len(sent.positions)} not taken"
            )
        self.trouble = ""
        return len(positions)

    def _do_chores(self) -> None:
        day = today()
        if day == self._chores_done_on or time.monotonic() < self._chores_again_at:
            return
        self._chores_again_at = time.monotonic() + CHORES_AGAIN
        failed = [chore for chore in self._chores if not self._done(chore, day)]
        if not failed:
            self._chores_done_on = day

    def _done(self, chore: Chore, day: date) -> bool:
        """Whether a chore succeeded; one that fails holds up neither the others nor the outbox."""
        self.seen_alive = time.monotonic()
        try:
            with self._database.transaction() as session:
                chore(session, day)
        except Exception as error:
            log.exception(
                "chore failed", source=self._source, chore=chore.__name__, error=str(error)
            )
            return False
        return True

    def _step_down(self) -> None:
        vitals.LEADS.labels(self._service).set(0)
        self._lead.let_go()
