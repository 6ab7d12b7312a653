"""Carries events to the broker: persistent, mandatory, and safe only when the broker has confirmed them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import amqp
from kombu import Connection

from chassis.relay import Trouble
from chassis.wire.published import frames
from chassis.wire.sockets import read_ahead
from chassis.wire.topology import exchange_of
from contracts.envelope import Event, to_headers

PERSISTENT = 2

BROKEN = (amqp.exceptions.AMQPError, OSError, AttributeError)
"""A connection that is no more; amqp stumbles over its own missing parts (AttributeError) when it is lost half-way."""


Outgoing = Sequence[tuple[str, str, amqp.Message]]
"""Messages, each with its exchange and routing key."""


class _Batch:
    """Messages that were published together, and what the broker has said of them so far."""

    def __init__(self, messages: Outgoing, first_tag: int) -> None:
        self._ids = [message.properties.get("message_id") for _, _, message in messages]
        self._refused: set[int] = set()
        self.waiting = {first_tag + index: index for index in range(len(messages))}
        self.returned: set[str] = set()

    def settle(self, tags: Iterable[int], *, taken: bool) -> None:
        """The broker has confirmed or refused these; tags of other batches are none of ours."""
        settled = {self.waiting.pop(tag) for tag in tags if tag in self.waiting}
        if not taken:
            self._refused |= settled

    def safe(self) -> set[int]:
        """The indexes of those confirmed and routed."""
        gone = self._refused | {i for i, id_ in enumerate(self._ids) if id_ in self.returned}
        return set(range(len(self._ids))) - gone


class ConfirmingChannel:
    """A channel that publishes without waiting, then waits once for the confirms of all.

    On any trouble the socket is dropped without a closing handshake: under a broker's memory alarm the handshake would
    never be answered.
    """

    def __init__(self, broker_url: str, *, confirm_timeout: float) -> None:
        self._url = broker_url
        self._timeout = confirm_timeout
        self._connection: Connection | None = None
        self._channel: Any = None
        self._published = 0
        self._batches: list[_Batch] = []

    def publish(self, messages: Outgoing) -> set[int]:
        """Publish and wait; the indexes of those confirmed and routed. Raises Trouble."""
        return self.send(messages)()

    def send(self, messages: Outgoing) -> Callable[[], set[int]]:
        """Publish; the returned function waits, and gives the indexes of those confirmed and routed.

        Several batches may be on their way, and are waited for in their order. Both raise Trouble.
        """
        with self._dropped_on_trouble():
            batch = self._send(messages)
        return partial(self._land, batch)

    def close(self) -> None:
        """Drop the socket; what was not confirmed by now counts as not sent."""
        connection, self._connection, self._channel = self._connection, None, None
        self._batches.clear()
        if connection is not None and connection.connected:
            connection.connection.collect()

    def _send(self, messages: Outgoing) -> _Batch:
        channel = self._open()
        connection = channel.connection  # None once the broker has closed the channel
        pieces = [frames(channel.channel_id, connection.frame_max, *each) for each in messages]
        batch = _Batch(messages, self._published + 1)
        self._batches.append(batch)
        self._published += len(messages)
        with connection.transport.having_timeout(self._timeout):
            connection.transport.write(b"".join(pieces))
        return batch

    def _land(self, batch: _Batch) -> set[int]:
        with self._dropped_on_trouble():
            while batch.waiting and batch in self._batches:
                self._connection.drain_events(timeout=self._timeout)  # type: ignore[union-attr]  # open
        if batch.waiting:  # what was sent since, on a new connection, is not to be dropped with it
            raise Trouble("broker: the connection that it was sent on is gone")
        if batch in self._batches:
            self._batches.remove(batch)
        return batch.safe()

    @contextmanager
    def _dropped_on_trouble(self) -> Iterator[None]:
        try:
            yield
        except BROKEN as error:
            self.close()
            raise Trouble(f"broker: {type(error).__name__}: {error}") from error

    def _open(self) -> Any:
        if self._channel is not None:
            return self._channel
        self._connection = Connection(self._url, connect_timeout=self._timeout)
        self._channel = self._connection.channel()
        read_ahead(self._connection)
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._published = 0
        return self._channel

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, taken=True)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, taken=False)

    def _settle(self, tag: int, multiple: bool, *, taken: bool) -> None:
        for batch in self._batches:
            tags = [each for each in batch.waiting if each <= tag] if multiple else [tag]
            batch.settle(tags, taken=taken)

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        for batch in self._batches:
            batch.returned.add(message.properties.get("message_id"))


class BrokerCarrier:
    """Carries an outbox to RabbitMQ (a relay's `Carrier`)."""

    def __init__(self, broker_url: str, *, confirm_timeout: float) -> None:
        self._channel = ConfirmingChannel(broker_url, confirm_timeout=confirm_timeout)

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Publish; the indexes of the events that the broker has confirmed and routed. Raises Trouble."""
        return self.send(events)()

    def send(self, events: Sequence[Event]) -> Callable[[], set[int]]:
        """Publish; the returned function waits for the confirms. Both raise Trouble."""
        return self._channel.send(
            [(exchange_of(event.sayer), event.type, message(event)) for event in events]
        )

    def close(self) -> None:
        """Drop the socket."""
        self._channel.close()


def message(event: Event, **headers: str) -> amqp.Message:
    """The event as an AMQP message: CloudEvents binary mode, body the plain JSON data."""
    return amqp.Message(
        event.body.encode(),
        application_headers=to_headers(event) | headers,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=PERSISTENT,
        message_id=str(event.id),
        type=event.type,
        correlation_id=event.correlationid,
        timestamp=int(event.time.timestamp()),
    )
