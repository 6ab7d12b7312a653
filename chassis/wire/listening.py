"""Brings a service's queue to its hearer inside a nameko service: groups of messages, one commit, then acknowledgement.

nameko's own event handler acknowledges what failed, loses what it cannot decode, and pays one transaction per message;
this entrypoint does none of that (docs/adr/0003-nameko-at-the-edge.md).
"""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import amqp
import eventlet
import structlog
from eventlet.event import Event as Signal
from kombu import Connection, Consumer, Queue
from kombu.message import Message
from kombu.mixins import ConsumerMixin
from nameko.extensions import DependencyProvider, Entrypoint

from chassis.database import Database
from chassis.hearing import DatabaseAway, Heard, Hearer, Reactions, Verdict
from chassis.relay import Trouble
from chassis.settings import Settings, read
from chassis.wire.publishing import PERSISTENT, ConfirmingChannel
from chassis.wire.topology import dead_queue_of, queue_of, retry_queue_of
from contracts.envelope import Event, Undecodable, from_headers

log = structlog.get_logger()

ATTEMPT = "ocop-attempt"
REASON = "ocop-reason"
LONGEST_PAUSE = 60.0

Group = list[Message]


class Ears(DependencyProvider):  # type: ignore[misc]  # nameko ships no types
    """Gives a service class its hearer, with the service's own database behind it."""

    def __init__(self, reactions: Reactions) -> None:
        self._reactions = reactions
        self._hearer: Hearer | None = None

    def setup(self) -> None:
        """Open the database once per container."""
        settings = settings_of(self.container)
        service = self._reactions.service
        database = Database(service, settings.database_of(service))
        self._hearer = Hearer(database, self._reactions)

    def get_dependency(self, worker_ctx: Any) -> Hearer | None:
        """The hearer, the same for every worker."""
        return self._hearer


def settings_of(container: Any) -> Settings:
    """The settings that the runner passed on, or the environment's under `nameko run`."""
    settings: Settings = container.config.get("ocop") or read()
    return settings


class ListensTo(Entrypoint, ConsumerMixin):  # type: ignore[misc]  # nameko and kombu ship no types
    """Calls the decorated method with one group of events at a time: `def on_events(self, events) -> list[Heard]`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._group: Group = []
        self._busy = False
        self._thread: Any = None
        self._stopped = Signal()
        self._idle = Signal()

    def setup(self) -> None:
        """Read what this service's queue is called and how it is worked."""
        self._settings = settings_of(self.container)
        self._service = self.container.service_name
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
        queue = Queue(queue_of(self._service), no_declare=True)
        consumer = consumer_cls(queues=[queue], on_message=self._arrived, accept=None)
        consumer.qos(prefetch_count=self._settings.group_size * 2, apply_global=False)
        return [consumer]

    def start(self) -> None:
        """Begin to listen."""
        self._thread = self.container.spawn_managed_thread(self.run)

    def stop(self) -> None:
        """Take no more messages; finish the group in hand."""
        self.should_stop = True
        while self._busy:
            eventlet.sleep(0.01)
        self._thread.wait()
        self._side.close()

    def kill(self) -> None:
        """Stop without waiting."""
        self.should_stop = True

    def _arrived(self, message: Message) -> None:
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
                self._settle(group)
        finally:
            self._busy = False

    def _settle(self, group: Group) -> None:
        events, undecodable = _decoded(group)
        heard = self._hear([event for _, event in events]) if events else []
        lost = [(message, Verdict.DEAD, reason) for message, reason in undecodable]
        lost += [
            (message, item.verdict, item.reason)
            for (message, _), item in zip(events, heard, strict=True)
            if item.verdict in (Verdict.RETRY, Verdict.DEAD)
        ]
        self._set_aside(lost)
        _acknowledge(group)

    def _hear(self, events: list[Event]) -> list[Heard]:
        """Run the service's method as a nameko worker; wait while the database is away."""
        pause = 0.1
        while True:
            done = Signal()
            self.container.spawn_worker(
                self, (events,), {}, handle_result=partial(self._worked, done)
            )
            result, error = done.wait()
            if error is None:
                heard: list[Heard] = result
                return heard
            if not isinstance(error, DatabaseAway):
                raise error
            log.warning("database away, listening paused", service=self._service, pause=pause)
            eventlet.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _worked(self, done: Signal, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send((result, exc_info[1] if exc_info else None))
        return result, exc_info

    def _set_aside(self, lost: list[tuple[Message, Verdict, str]]) -> None:
        """Put failed messages where they belong; they are acknowledged only after the broker confirmed that."""
        pause = 0.1
        while lost:
            try:
                safe = self._side.publish([self._set_aside_one(*item) for item in lost])
            except Trouble as trouble:
                log.warning("cannot set aside", service=self._service, error=str(trouble))
                safe = set()
            lost = [item for index, item in enumerate(lost) if index not in safe]
            if lost:
                eventlet.sleep(pause)
                pause = min(pause * 2, 5.0)

    def _set_aside_one(
        self, message: Message, verdict: Verdict, reason: str
    ) -> tuple[str, str, amqp.Message]:
        attempt = int((message.headers or {}).get(ATTEMPT, 0)) + 1
        if verdict is Verdict.RETRY and attempt < self._settings.retry_limit:
            pause = back_off(attempt, self._settings.retry_first)
            log.warning("event will be tried again", service=self._service, reason=reason,
                        attempt=attempt, pause=round(pause, 1))  # fmt: skip
            headers = {ATTEMPT: attempt, REASON: reason}
            return "", retry_queue_of(self._service), _again(message, headers, pause)
        log.error("event dead-lettered", service=self._service, reason=reason, attempt=attempt)
        return (
            "",
            dead_queue_of(self._service),
            _again(message, {ATTEMPT: attempt, REASON: reason}),
        )


def back_off(attempt: int, first: float, jitter: Callable[[], float] = random.random) -> float:
    """Seconds to wait before an attempt is repeated: doubling from `first`, up to a fifth more at random."""
    return float(min(first * 2 ** (attempt - 1), LONGEST_PAUSE) * (1 + jitter() / 5))


def _decoded(group: Group) -> tuple[list[tuple[Message, Event]], list[tuple[Message, str]]]:
    events, undecodable = [], []
    for message in group:
        try:
            events.append((message, from_headers(message.headers or {}, message.body)))
        except Undecodable as error:
            undecodable.append((message, f"undecodable: {error}"))
    return events, undecodable


def _again(message: Message, headers: dict[str, Any], pause: float | None = None) -> amqp.Message:
    """The same message with our headers added; `pause` seconds of life on the retry queue."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    known = ("message_id", "type", "correlation_id", "timestamp")
    properties = {name: message.properties[name] for name in known if message.properties.get(name)}
    if pause is not None:
        properties["expiration"] = str(int(pause * 1000))
    return amqp.Message(
        body,
        application_headers=dict(message.headers or {}) | headers,
        content_type=message.content_type or "application/octet-stream",
        content_encoding=message.content_encoding or "binary",
        delivery_mode=PERSISTENT,
        **properties,
    )


def _acknowledge(group: Group) -> None:
    """One acknowledgement for the whole group; a lost connection means that the broker will deliver again."""
    last = group[-1]
    try:
        last.channel.basic_ack(last.delivery_tag, multiple=True)
    except (amqp.exceptions.AMQPError, OSError, AttributeError) as error:
        log.warning("not acknowledged, will come again", error=str(error))


listens = ListensTo.decorator
