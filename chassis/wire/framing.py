"""What a frame is: the kind, the channel and the size before what it carries, one byte after it.

https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, 4.2.3
"""

from struct import Struct

METHOD, HEADER, BODY = 1, 2, 3
"""Kinds of frame."""

OVERHEAD = 8
"""Bytes of a frame beside what it carries."""

_HEAD = Struct(">BHI")
_END = 0xCE
_END_BYTE = bytes((_END,))


class NotWhole(Exception):
    """The rest has not arrived yet, or it is no frame at all."""


def framed(kind: int, channel: int, carried: bytes) -> bytes:
    """What is carried, as a frame."""
    return _HEAD.pack(kind, channel, len(carried)) + carried + _END_BYTE


def unframed(buffered: bytes, at: int) -> tuple[int, int, int, int]:
    """Of the frame that begins there: kind, channel, where what it carries begins, and where its last byte is.

    Raises NotWhole.
    """
    start = at + _HEAD.size
    if len(buffered) <= start:
        raise NotWhole
    kind, channel, size = _HEAD.unpack_from(buffered, at)
    end = start + size
    if len(buffered) <= end or buffered[end] != _END:
        raise NotWhole
    return kind, channel, start, end
