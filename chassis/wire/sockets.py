"""Fewer and larger reads: amqp by itself asks the socket nine times for one message that it receives.

Reaches into amqp's transport over plain TCP, whose version is pinned; over TLS everything stays as amqp does it.
"""

from collections.abc import Callable

import amqp
from amqp.transport import TCPTransport
from kombu import Connection

from chassis.wire.delivered import FRAMES, Delivery, delivery
from chassis.wire.framing import NotWhole, unframed

AHEAD = 65536
"""Bytes asked for at once; what amqp has not asked for yet waits in its own buffer."""


def read_ahead(connection: Connection) -> None:
    """Let a connection read what has arrived in large pieces."""
    transport = connection.connection.transport
    if type(transport) is TCPTransport:
        receive = transport.sock.recv
        transport._quick_recv = lambda wanted: receive(max(wanted, AHEAD))


def take_in(connection: Connection, arrived: Callable[[Delivery], None]) -> None:
    """Work off what has arrived and is waiting in the buffer, without asking the socket for each frame."""
    broker = connection.connection
    transport = broker.transport
    if type(transport) is not TCPTransport:
        return
    while transport._read_buffer:
        for message in _deliveries(broker):
            arrived(message)
        try:
            kind, channel, start, end = unframed(buffered := transport._read_buffer, 0)
        except NotWhole:
            return  # what is no frame at all, amqp will find out by itself
        transport._read_buffer = buffered[end + 1 :]
        broker.on_inbound_frame((kind, channel, buffered[start:end]))


def _deliveries(broker: amqp.Connection) -> list[Delivery]:
    """The messages at the head of the buffer that can be read at once; they are in it no longer."""
    buffered, at, found = broker.transport._read_buffer, 0, []
    while (one := delivery(buffered, at, broker.channels)) is not None:
        message, at = one
        found.append(message)
    broker.transport._read_buffer = buffered[at:]
    broker.bytes_recv += FRAMES * len(found)  # by which amqp knows that the broker is alive
    return found
