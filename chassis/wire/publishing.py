"""Carries events to the broker: persistent, mandatory, and safe only when the broker has confirmed them."""

from collections.abc import Sequence
from typing import Any

import amqp
from kombu import Connection

from chassis.relay import Trouble
from chassis.wire.topology import exchange_of
from contracts.envelope import Event, to_headers

PERSISTENT = 2


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
        self._waiting: dict[int, int] = {}
        self._returned: set[str] = set()
        self._refused: set[int] = set()

    def publish(self, messages: Sequence[tuple[str, str, amqp.Message]]) -> set[int]:
        """Publish `(exchange, routing key, message)`; the indexes of those confirmed and routed. Raises Trouble."""
        try:
            return self._publish(messages)
        except (amqp.exceptions.AMQPError, OSError) as error:
            self.close()
            raise Trouble(f"broker: {error}") from error

    def close(self) -> None:
        """Drop the socket."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None and connection.connected:
            connection.connection.collect()

    def _publish(self, messages: Sequence[tuple[str, str, amqp.Message]]) -> set[int]:
        channel = self._open()
        self._waiting.clear()
        self._returned.clear()
        self._refused.clear()
        for index, (exchange, key, message) in enumerate(messages):
            self._published += 1
            self._waiting[self._published] = index
            channel.basic_publish(
                message, exchange=exchange, routing_key=key, mandatory=True, timeout=self._timeout
            )
        while self._waiting:
            self._connection.drain_events(timeout=self._timeout)  # type: ignore[union-attr]  # open
        return {
            index
            for index, (_, _, message) in enumerate(messages)
            if index not in self._refused
            and message.properties.get("message_id") not in self._returned
        }

    def _open(self) -> Any:
        if self._channel is not None:
            return self._channel
        self._connection = Connection(
            self._url,
            connect_timeout=self._timeout,
            transport_options={"client_properties": {"capabilities": {}}},
        )
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._published = 0
        return self._channel

    def _settled(self, tag: int, multiple: bool) -> list[int]:
        tags = [t for t in self._waiting if t <= tag] if multiple else [tag]
        return [self._waiting.pop(t) for t in tags if t in self._waiting]

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused.update(self._settled(tag, multiple))

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        self._returned.add(message.properties.get("message_id"))


class BrokerCarrier:
    """Carries an outbox to RabbitMQ (a relay's `Carrier`)."""

    def __init__(self, broker_url: str, *, confirm_timeout: float) -> None:
        self._channel = ConfirmingChannel(broker_url, confirm_timeout=confirm_timeout)

    def carry(self, events: Sequence[Event]) -> set[int]:
        """Publish; the indexes of the events that the broker has confirmed and routed. Raises Trouble."""
        return self._channel.publish(
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
