"""Fewer and larger reads: amqp by itself asks the socket nine times for one message that it receives.

Reaches into amqp's transport over plain TCP, whose version is pinned; over TLS everything stays as amqp does it.
"""

from struct import Struct

from amqp.transport import TCPTransport
from kombu import Connection

HEAD = Struct(">BHI")
"""How a frame begins: its kind, its channel, its size."""

FRAME_END = 0xCE

AHEAD = 8192
"""Bytes asked for at once; what amqp has not asked for yet waits in its own buffer."""


def read_ahead(connection: Connection) -> None:
    """Let a connection read what has arrived in large pieces."""
    transport = connection.connection.transport
    if type(transport) is TCPTransport:
        receive = transport.sock.recv
        transport._quick_recv = lambda wanted: receive(max(wanted, AHEAD))


def take_in(connection: Connection) -> None:
    """Work off the frames that have arrived and are waiting in the buffer, without asking the socket for each."""
    broker = connection.connection
    transport = broker.transport
    if type(transport) is not TCPTransport:
        return
    while len(buffered := transport._read_buffer) > HEAD.size:
        kind, channel, size = HEAD.unpack_from(buffered)
        end = HEAD.size + size
        if len(buffered) <= end or buffered[end] != FRAME_END:
            return  # not all of it is there yet; what is no frame at all, amqp will find out by itself
        transport._read_buffer = buffered[end + 1 :]
        broker.on_inbound_frame((kind, channel, buffered[HEAD.size : end]))
