"""Fewer and larger reads and writes: amqp by itself asks the socket nine times for one message it receives.

Reaches into amqp's transport over plain TCP, whose version is pinned; over TLS everything stays as amqp does it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from amqp.transport import TCPTransport
from kombu import Connection

AHEAD = 8192
"""Bytes asked for at once; what amqp has not asked for yet waits in its own buffer."""


def read_ahead(connection: Connection) -> None:
    """Let a connection read what has arrived in large pieces."""
    transport = connection.connection.transport
    if type(transport) is TCPTransport:
        receive = transport.sock.recv
        transport._quick_recv = lambda wanted: receive(max(wanted, AHEAD))


@contextmanager
def written_at_once(connection: Connection, timeout: float) -> Iterator[None]:
    """Send what the block writes in one piece at its end, and nothing of it when the block fails."""
    transport: Any = connection.connection.transport
    if type(transport) is not TCPTransport:
        yield
        return
    pieces = bytearray()
    write, transport._write = transport._write, pieces.extend
    try:
        yield
    finally:
        transport._write = write
    with transport.having_timeout(timeout):
        transport.write(pieces)
