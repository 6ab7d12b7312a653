"""Brings a service's queue to its hearer inside a nameko service: groups of messages, one commit, then acknowledgement.

nameko's own event handler acknowledges what failed, loses what it cannot decode, and pays one transaction per message;
this entrypoint does none of that (docs/adr/0003-nameko-at-the-edge.md).
"""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import amqp
import eventlet
import structlog
from eventlet.event import Event as Signal
from kombu import Connection, Consumer, Queue
from kombu.message import Message
from kombu.mixins import ConsumerMixin
from nameko.extensions import Entrypoint

from chassis.fault_points import reach
from chassis.hearing import DatabaseAway, Heard, Verdict
from chassis.origin import UNKNOWN, Origin
from chassis.relay import Trouble
from chassis.watch import vitals
from chassis.wire.arrivals import (
    ATTEMPT,
    EXCEPTION,
    FRAME,
    REASON,
    Arrival,
    Group,
    about,
    acknowledge,
    again,
    attempts,
    back_off,
    decoded,
)
from chassis.wire.ears import health_of, settings_of
from chassis.wire.publishing import ConfirmingChannel
from chassis.wire.sockets import read_ahead, take_in
from chassis.wire.topology import dead_queue_of, queue_of, retry_queue_of
from contracts.envelope import Event

log = structlog.get_logger()

CAREFUL_FOR = 30.0
"""Seconds for which messages are fetched one by one after one that amqp could not read."""

PARTING = 3.0
"""Seconds that a connection gets to end once its last group is acknowledged."""


class ListensTo(Entrypoint, ConsumerMixin):  # type: ignore[misc]  # nameko and kombu ship no types
    """Calls the decorated method with one group of events at a time: `def on_events(self, events) -> list[Heard]`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._group: Group = []
        self._busy = False
        self._thread: Any = None
        self._broker: Connection | None = None
        self._careful_until = 0.0

    def setup(self) -> None:
        """Read what this service's queue is called and how it is worked."""
        self._settings = settings_of(self.container)
        self._service = self.container.service_name
        self._health = health_of(self.container)
        self._health.note(f"broker {self._service}", "not connected yet")
        self._side = ConfirmingChannel(
            self._settings.broker_url, confirm_timeout=self._settings.confirm_timeout
        )

    @property
    def connection(self) -> Connection:
        """How kombu's mixin reaches the broker; it reconnects by itself."""
        return Connection(self._settings.broker_url, heartbeat=30, connect_timeout=10)

    def get_consumers(self, consumer_cls: type[Consumer], channel: Any) -> list[Consumer]:
        """One consumer on the service's queue; messages arrive undecoded, so that none is lost in decoding."""
        self._group = []
        channel.auto_decode = False  # the body byte for byte, whatever encoding it claims
        queue = Queue(queue_of(self._service), no_declare=True)
        self._consumer = consumer_cls(queues=[queue], on_message=self._arrived, accept=None)
        self._fetch(1 if self._careful_until else self._settings.group_size * 2)
        return [self._consumer]

    def _fetch(self, messages: int) -> None:
        self._consumer.qos(prefetch_count=messages, apply_global=False)

    def consume(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """As kombu does; a message that amqp itself cannot read costs the connection, but not the process.

        The broker counts its deliveries and dead-letters it. Fetched with others, it would take them along.
        """
        try:
            yield from super().consume(*args, **kwargs)
        except UnicodeDecodeError as error:
            log.error("message unreadable", queue=queue_of(self._service), error=str(error))  # noqa: TRY400  the traceback is amqp's
            self._careful_until = time.monotonic() + CAREFUL_FOR
            raise ConnectionError("a message is unreadable") from error
        finally:
            self._health.note(f"broker {self._service}", "not connected")

    def on_iteration(self) -> None:
        """Take what has arrived already; fetch many again when the unreadable message must be gone."""
        take_in(self._broker, self._arrived)
        if 0 < self._careful_until < time.monotonic():
            self._careful_until = 0.0
            self._consumer.cancel()
            self._fetch(self._settings.group_size * 2)
            self._consumer.consume()

    def on_consume_ready(self, connection: Connection, *_args: Any, **_kwargs: Any) -> None:
        """From now on messages arrive."""
        self._broker = connection
        read_ahead(connection)
        self._health.note(f"broker {self._service}", "")
        log.info("listening", queue=queue_of(self._service))

    def on_consume_end(self, *_args: Any) -> None:
        """Keep the connection until the group in hand has been acknowledged on it."""
        self._finish()

    def on_decode_error(self, message: Message, _error: Exception) -> None:
        """What kombu cannot unpack is set aside with the rest; kombu itself would acknowledge and forget it."""
        self._arrived(message)

    def start(self) -> None:
        """Begin to listen."""
        self._thread = self.container.spawn_managed_thread(self.run)

    def stop(self) -> None:
        """Take no more messages; finish the group in hand."""
        self.should_stop = True
        self._finish()
        with eventlet.Timeout(PARTING, False):  # a broker that is away must not keep us
            self._thread.wait()
        self._side.close()

    def _finish(self) -> None:
        while self._busy:
            eventlet.sleep(0.01)

    def kill(self) -> None:
        """Stop without waiting."""
        self.should_stop = True

    def _arrived(self, message: Arrival) -> None:
        self._group.append(message)
        if not self._busy:
            self._busy = True
            self.container.spawn_managed_thread(self._work)

    def _work(self) -> None:
        """Work group after group until nothing is waiting."""
        try:
            while self._group and not self.should_stop:
                if len(self._group) < self._settings.group_size:
                    eventlet.sleep(self._settings.group_wait)
                size = self._settings.group_size
                group, self._group = self._group[:size], self._group[size:]
                if group:  # a lost connection takes back what waited here
                    self._settle(group)
        finally:
            self._busy = False

    def _settle(self, group: Group) -> None:
        """Hear a group, set aside what failed, acknowledge all; or nothing of it, when we leave meanwhile."""
        events, undecodable = decoded(group)
        heard = self._hear([event for _, event in events]) if events else []
        if heard is None:
            return
        lost = [(message, Verdict.DEAD, reason, UNKNOWN) for message, reason in undecodable]
        lost += [
            (message, item.verdict, item.reason, item.origin)
            for (message, _), item in zip(events, heard, strict=True)
            if item.verdict in (Verdict.RETRY, Verdict.DEAD)
        ]
        if self._set_aside(lost):
            reach("worker.before-acknowledge")
            acknowledge(group)
            reach("worker.after-acknowledge")

    def _hear(self, events: list[Event]) -> list[Heard] | None:
        """Run the service's method as a nameko worker; wait while the database is away. None when we leave."""
        paused = vitals.PAUSED.labels(self._service)
        for pause in self._pauses():
            began = time.monotonic()
            done = Signal()
            self.container.spawn_worker(
                self, (events,), {}, handle_result=partial(self._worked, done)
            )
            result, error = done.wait()
            if error is None:
                heard: list[Heard] = result
                verdicts = ((item.event.type, item.verdict) for item in heard)
                vitals.heard(self._service, verdicts, time.monotonic() - began)
                paused.set(0)
                return heard
            if not isinstance(error, DatabaseAway):
                raise error
            paused.set(1)
            self._health.note(f"database {self._service}", "away, listening paused")
            log.warning("database away, listening paused", service=self._service, pause=pause)
        return None

    def _worked(self, done: Signal, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send((result, exc_info[1] if exc_info else None))
        return result, exc_info

    def _set_aside(self, lost: list[tuple[Arrival, Verdict, str, Origin]]) -> bool:
        """Put failed messages where they belong, until the broker has confirmed that. False when we leave."""
        if not lost:
            return True
        reach("worker.before-set-aside")
        for _ in self._pauses():
            try:
                safe = self._side.publish([self._set_aside_one(*item) for item in lost])
            except Trouble as trouble:
                log.warning("cannot set aside", service=self._service, error=str(trouble))
                safe = set()
            lost = [item for index, item in enumerate(lost) if index not in safe]
            if not lost:
                reach("worker.after-set-aside")
                return True
        return False

    def _pauses(self) -> Iterator[float]:
        """Waits longer after each turn; ends when we are asked to leave."""
        pause = 0.1
        while True:
            yield pause
            if self.should_stop:
                return
            eventlet.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _set_aside_one(
        self, message: Arrival, verdict: Verdict, reason: str, origin: Origin
    ) -> tuple[str, str, amqp.Message]:
        attempt = attempts(message) + 1
        if verdict is Verdict.RETRY and attempt < self._settings.retry_limit:
            pause = back_off(attempt, self._settings.retry_first)
            log.warning("event will be tried again", service=self._service, reason=reason,
                        attempt=attempt, pause=round(pause, 1), **about(message))  # fmt: skip
            headers = {ATTEMPT: attempt, REASON: reason}
            return "", retry_queue_of(self._service), again(message, headers, pause)
        vitals.died(self._service, str(message.properties.get("type")))
        log.error("event dead-lettered", service=self._service, reason=reason, attempt=attempt,
                  **about(message))  # fmt: skip
        headers = {ATTEMPT: attempt, REASON: reason}
        headers |= {EXCEPTION: origin.exception, FRAME: origin.frame} if origin.exception else {}
        return "", dead_queue_of(self._service), again(message, headers)


listens = ListensTo.decorator
