"""Which exchanges, queues and bindings there are; declared up front, because an event without a queue is lost."""

from collections.abc import Iterable, Mapping
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


def declare(wanted: Topology, broker_url: str) -> None:
    """Declare everything; what is there already stays as it is.

    Raises amqp's PreconditionFailed when a queue exists with other arguments.
    """
    with Connection(broker_url, connect_timeout=10) as connection:
        channel = connection.default_channel
        for name in wanted.exchanges:
            channel.exchange_declare(exchange=name, type="topic", durable=True, auto_delete=False)
        for queue in wanted.queues:
            channel.queue_declare(
                queue=queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments)
            )
        for binding in wanted.bindings:
            _bind(channel, binding)


def _bind(channel: Any, binding: Binding) -> None:
    if binding.to_exchange:
        channel.exchange_bind(
            destination=binding.to, source=binding.exchange, routing_key=binding.key
        )
    else:
        channel.queue_bind(queue=binding.to, exchange=binding.exchange, routing_key=binding.key)


def missing(wanted: Topology, broker_url: str) -> list[str]:
    """The names of exchanges and queues that are not there yet, or are there with other arguments."""
    with Connection(broker_url, connect_timeout=10) as connection:
        exchanges = [name for name in wanted.exchanges if not _there(connection, exchange=name)]
        queues = [queue.name for queue in wanted.queues if not _there(connection, queue=queue)]
    return exchanges + queues


def _there(connection: Connection, *, exchange: str = "", queue: Queue | None = None) -> bool:
    channel = connection.channel()
    try:
        if queue is None:
            channel.exchange_declare(exchange=exchange, type="topic", passive=True)
        else:
            channel.queue_declare(queue=queue.name, durable=True, auto_delete=False, passive=True)
    except amqp.exceptions.ChannelError:
        return False
    channel.close()
    return True


def depths(names: Iterable[str], broker_url: str) -> dict[str, tuple[int, int]]:
    """Messages ready and consumers per queue; a queue that does not exist is left out."""
    found = {}
    with Connection(broker_url, connect_timeout=10) as connection:
        for name in names:
            channel = connection.channel()
            try:
                answer = channel.queue_declare(queue=name, passive=True)
            except amqp.exceptions.ChannelError:
                continue
            found[name] = (answer.message_count, answer.consumer_count)
            channel.close()
    return found
