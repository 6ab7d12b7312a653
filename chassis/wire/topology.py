"""Which exchanges, queues and bindings there are; declared up front, because an event without a queue is lost."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import amqp
from kombu import Connection

from contracts.catalogue import SAYERS

INTEGRATORS = "ocop.events"
"""The one exchange that carries every event, for integrators."""

DELIVERY_LIMIT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue as it is declared. Arguments never change: a change is a new name and a drain."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """From an exchange to a queue or to another exchange."""

    exchange: str
    to: str
    key: str
    to_exchange: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Everything that is declared for an instance."""

    exchanges: tuple[str, ...]
    queues: tuple[Queue, ...]
    bindings: tuple[Binding, ...]


def exchange_of(sayer: str) -> str:
    """Where a service says its events: nameko's convention, so that a plain nameko service may hear them."""
    return f"{sayer}.events"


def queue_of(service: str) -> str:
    """The one queue that a service hears from: one sayer's order is kept in one queue."""
    return f"ocop.{service}"


def retry_queue_of(service: str) -> str:
    """Where an event waits before it is tried again."""
    return f"ocop.{service}.retry"


def dead_queue_of(service: str) -> str:
    """Where an event lies that cannot be heard, with its reason."""
    return f"ocop.{service}.dead"


def topology(listening: Mapping[str, Iterable[str]]) -> Topology:
    """The topology for services by the sayers that each listens to."""
    sayers = {service: tuple(names) for service, names in listening.items()}
    return Topology(
        exchanges=(*(exchange_of(sayer) for sayer in SAYERS), INTEGRATORS),
        queues=tuple(queue for service in sayers for queue in _queues(service)),
        bindings=(*_for_integrators(), *_for_services(sayers)),
    )


def _queues(service: str) -> tuple[Queue, ...]:
    return (
        Queue(name=queue_of(service), arguments=_safe(dead_queue_of(service), DELIVERY_LIMIT)),
        Queue(name=retry_queue_of(service), arguments=_safe(queue_of(service))),
        Queue(name=dead_queue_of(service), arguments={"x-queue-type": "quorum"}),
    )


def _safe(then: str, delivery_limit: int | None = None) -> dict[str, Any]:
    """A quorum queue that hands on to `then` at least once what it lets go of."""
    limit = {} if delivery_limit is None else {"x-delivery-limit": delivery_limit}
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": then,
        "x-dead-letter-strategy": "at-least-once",
        **limit,
    }


def _for_integrators() -> tuple[Binding, ...]:
    return tuple(
        Binding(exchange=exchange_of(sayer), to=INTEGRATORS, key="#", to_exchange=True)
        for sayer in SAYERS
    )


def _for_services(sayers: Mapping[str, Iterable[str]]) -> tuple[Binding, ...]:
    return tuple(
        Binding(exchange=exchange_of(sayer), to=queue_of(service), key=contract.__name__)
        for service, heard in sayers.items()
        for sayer in heard
        for contract in SAYERS[sayer]
    )


class BrokerAway(Exception):
    """The broker cannot be reached, or lets us not in."""

    slug = "broker-away"


class QueueDiffers(Exception):
    """A queue is there with other arguments; arguments never change."""

    slug = "queue-differs"


@contextmanager
def connected(broker_url: str, *, timeout: float = 10) -> Iterator[Connection]:
    """A connection to the broker, tried once. Raises BrokerAway."""
    connection = Connection(broker_url, connect_timeout=timeout)
    try:
        connection.connect()
    except (amqp.exceptions.AMQPError, OSError) as error:
        raise BrokerAway(str(error) or type(error).__name__) from error
    with connection:
        yield connection


def declare(wanted: Topology, broker_url: str) -> None:
    """Declare everything; what is there already stays as it is.

    Raises BrokerAway, and QueueDiffers when a queue is there with other arguments.
    """
    with connected(broker_url) as connection:
        channel = connection.channel()
        for name in wanted.exchanges:
            channel.exchange_declare(exchange=name, type="topic", durable=True, auto_delete=False)
        for queue in wanted.queues:
            _declare(channel, queue)
        for binding in wanted.bindings:
            _bind(channel, binding)


def _declare(channel: Any, queue: Queue) -> None:
    try:
        channel.queue_declare(
            queue=queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments)
        )
    except amqp.exceptions.PreconditionFailed as error:
        raise QueueDiffers(
            f"{queue.name} is there with other arguments: {error.reply_text}"
        ) from error


def _bind(channel: Any, binding: Binding) -> None:
    if binding.to_exchange:
        channel.exchange_bind(
            destination=binding.to, source=binding.exchange, routing_key=binding.key
        )
    else:
        channel.queue_bind(queue=binding.to, exchange=binding.exchange, routing_key=binding.key)


def missing(wanted: Topology, broker_url: str, *, timeout: float = 10) -> list[str]:
    """The names of exchanges and queues that are not there yet; bindings AMQP does not tell.

    Raises BrokerAway.
    """
    with connected(broker_url, timeout=timeout) as connection:
        exchanges = [name for name in wanted.exchanges if not _exchange_is_there(connection, name)]
        queues = [queue.name for queue in wanted.queues if _answer(connection, queue.name) is None]
    return exchanges + queues


def differing(wanted: Topology, broker_url: str, *, timeout: float = 10) -> list[str]:
    """The queues that are there with other arguments than wanted. Raises BrokerAway."""
    with connected(broker_url, timeout=timeout) as connection:
        there = [queue for queue in wanted.queues if _answer(connection, queue.name) is not None]
        return [queue.name for queue in there if _differs(connection, queue)]


def _exchange_is_there(connection: Connection, name: str) -> bool:
    channel = connection.channel()
    try:
        channel.exchange_declare(exchange=name, type="topic", passive=True)
    except amqp.exceptions.ChannelError:
        return False
    channel.close()
    return True


def _answer(connection: Connection, queue: str) -> Any:
    """What the broker tells of a queue; None when it is not there."""
    channel = connection.channel()
    try:
        answer = channel.queue_declare(queue=queue, passive=True)
    except amqp.exceptions.ChannelError:
        return None
    channel.close()
    return answer


def _differs(connection: Connection, queue: Queue) -> bool:
    channel = connection.channel()
    try:
        _declare(channel, queue)
    except QueueDiffers:
        return True
    channel.close()
    return False


def depths(
    names: Iterable[str], broker_url: str, *, timeout: float = 10
) -> dict[str, tuple[int, int]]:
    """Messages ready and consumers per queue; a queue that does not exist is left out. Raises BrokerAway."""
    with connected(broker_url, timeout=timeout) as connection:
        answers = {name: _answer(connection, name) for name in names}
    return {
        name: (answer.message_count, answer.consumer_count)
        for name, answer in answers.items()
        if answer is not None
    }
