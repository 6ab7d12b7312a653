"""Puts messages onto one service's queue and no other: by the default exchange, confirmed."""

from collections.abc import Sequence
from typing import Any

import amqp

from chassis.papers import as_sent
from chassis.relay import Trouble
from chassis.wire.publishing import PERSISTENT, ConfirmingChannel, message
from chassis.wire.topology import queue_of
from contracts.envelope import Event


class QueueHand:
    """Hands over to queues; what it returns from lies safe on the broker."""

    def __init__(self, broker_url: str, *, confirm_timeout: float) -> None:
        self._channel = ConfirmingChannel(broker_url, confirm_timeout=confirm_timeout)

    def hand(self, service: str, events: Sequence[Event]) -> None:
        """Put events onto the service's queue, in this order. Raises Trouble; some may lie there then."""
        self._put(service, [message(event) for event in events])

    def hand_letter(self, service: str, letter: Any) -> None:
        """Put a dead letter's row onto the queue it came from, as a new message. Raises Trouble."""
        properties = {"message_id": letter.event_id} | as_sent(letter.properties)
        self._put(service, [amqp.Message(
            bytes(letter.body),
            application_headers=as_sent(letter.headers),
            delivery_mode=PERSISTENT,
            **{name: value for name, value in properties.items() if value is not None},
        )])  # fmt: skip

    def close(self) -> None:
        """Drop the socket."""
        self._channel.close()

    def _put(self, service: str, messages: Sequence[amqp.Message]) -> None:
        safe = self._channel.publish([("", queue_of(service), each) for each in messages])
        if len(safe) < len(messages):
            left = len(messages) - len(safe)
            raise Trouble(f"{queue_of(service)} took {len(safe)} and refused {left} messages")
