"""Brings a service's queue to its hearer inside a nameko service: groups of messages, one commit, then acknowledgement.

nameko's own event handler acknowledges what failed, loses what it cannot decode, and pays one transaction per message;
this entrypoint does none of that (docs/adr/0003-nameko-at-the-edge.md).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from kombu import Connection, Consumer, Queue
from kombu.message import Message
from kombu.mixins import ConsumerMixin
from nameko.extensions import Entrypoint

from chassis.fault_points import reach
from chassis.hearing import DatabaseAway, Heard, Verdict
from chassis.watch import vitals
from chassis.wire.arrivals import Arrival, Group, acknowledge, decoded
from chassis.wire.ears import health_of, settings_of
from chassis.wire.setting_aside import Aside, Unheard
from chassis.wire.sockets import read_ahead, take_in
from chassis.wire.topology import queue_of
from contracts.envelope import Event

log = structlog.get_logger()

LULL_AFTER = 10
"""Times the wait for company, after a group, within which one more message is hardly alone, and worth that wait."""

CAREFUL_FOR = 30.0
"""Seconds for which messages are fetched one by one after one that amqp could not read."""

PARTING = 3.0
"""Seconds that a connection gets to end once its last group is acknowledged."""


FETCHED = 4
"""Groups that the broker may have sent ahead: two in hand, two that wait."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A group that was begun: whom it is about, and how to wait until it is settled; whether it was."""

    subjects: frozenset[str] = frozenset()
    settled: Callable[[], bool] = lambda: True


class ListensTo(Entrypoint, ConsumerMixin):  # type: ignore[misc]  # nameko and kombu ship no types
    """Calls the decorated method with one group of events at a time: `def on_events(self, events) -> list[Heard]`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._group: Group = []
        self._busy = False
        self._thread: Any = None
        self._broker: Connection | None = None
        self._careful_until = 0.0
        self._lull_from = 0.0

    def setup(self) -> None:
        """Read what this service's queue is called and how it is worked."""
        self._settings = settings_of(self.container)
        self._service = self.container.service_name
        self._health = health_of(self.container)
        self._health.note(f"broker {self._service}", "not connected yet")
        self._aside = Aside(self._service, self._settings, self._pauses)

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
        self._fetch(1 if self._careful_until else self._settings.group_size * FETCHED)
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
            self._fetch(self._settings.group_size * FETCHED)
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
        self._aside.close()

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
        """Work group after group until nothing is waiting: while the database works on one, the next is begun."""
        before, size = InHand(), self._settings.group_size
        try:
            while not self.should_stop:
                if len(self._group) < size:
                    before.settled()  # what arrives meanwhile shares one commit
                    if not self._group:
                        return
                    if len(self._group) > 1 or time.monotonic() < self._lull_from:
                        eventlet.sleep(self._settings.group_wait)
                group, self._group = self._group[:size], self._group[size:]
                if group:  # a lost connection takes back what waited here
                    before = self._begin(group, before)
                    self._lull_from = time.monotonic() + LULL_AFTER * self._settings.group_wait
        finally:
            before.settled()
            self._busy = False

    def _begin(self, group: Group, before: InHand) -> InHand:
        """Begin a group; in hand with it is at most the one before, and only while they share no subject."""
        events, undecodable = decoded(group)
        subjects = frozenset(event.subject for _, event in events)
        if subjects & before.subjects:
            before.settled()
            if self.should_stop:  # asked to leave meanwhile: the group is left to others
                return before
        settle = partial(self._settle, group, events, undecodable, before)
        begun = InHand(subjects, self.container.spawn_managed_thread(settle).wait)
        before.settled()
        return begun

    def _settle(
        self,
        group: Group,
        events: list[tuple[Arrival, Event]],
        undecodable: list[tuple[Arrival, str]],
        before: InHand,
    ) -> bool:
        """Hear a group, set aside what failed, acknowledge all; False, and nothing of it, when we leave meanwhile."""
        heard = self._hear([event for _, event in events]) if events else []
        if not before.settled() or heard is None:  # an acknowledgement covers what came before
            return False
        unheard = [Unheard(message, Verdict.DEAD, reason) for message, reason in undecodable]
        unheard += [
            Unheard(message, item.verdict, item.reason, item.origin)
            for (message, _), item in zip(events, heard, strict=True)
            if item.verdict in (Verdict.RETRY, Verdict.DEAD)
        ]
        if not self._aside.put(unheard):
            return False
        reach("worker.before-acknowledge")
        acknowledge(group)
        reach("worker.after-acknowledge")
        return True

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

    def _pauses(self) -> Iterator[float]:
        """Waits longer after each turn; ends when we are asked to leave."""
        pause = 0.1
        while True:
            yield pause
            if self.should_stop:
                return
            eventlet.sleep(pause)
            pause = min(pause * 2, 5.0)


listens = ListensTo.decorator
