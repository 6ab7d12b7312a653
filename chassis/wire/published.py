"""Messages as the frames in which they are published, byte for byte as amqp writes them, at a third of its cost."""

from functools import lru_cache
from struct import Struct
from typing import Any

import amqp

from chassis.wire.framing import BODY, HEADER, METHOD, OVERHEAD, framed

_SIZE = Struct(">I")
_PUBLISH = b"\x00\x3c\x00\x28\x00\x00"
"""basic.publish, and a field that is reserved."""

_MANDATORY = b"\x01"
_CONTENT = Struct(">HHQ")
_BASIC = 60

_USUAL = {"content_type", "content_encoding", "application_headers", "delivery_mode",
          "correlation_id", "message_id", "timestamp", "type"}  # fmt: skip
_USUAL_FLAGS = b"\xf4\xe0"
_WHEN = Struct(">Q")


def frames(channel: int, frame_max: int, exchange: str, key: str, message: amqp.Message) -> bytes:
    """One message, mandatory, its body being bytes; bodies longer than a frame go in several.

    Raises ValueError, struct.error or amqp's FrameSyntaxError for what AMQP has no form for.
    """
    body = message.body
    header = _CONTENT.pack(_BASIC, 0, len(body)) + _properties(message)
    pieces = [
        framed(METHOD, channel, _PUBLISH + _word(exchange) + _word(key) + _MANDATORY),
        framed(HEADER, channel, header),
    ]
    longest = frame_max - OVERHEAD
    for start in range(0, len(body), longest):
        pieces.append(framed(BODY, channel, body[start : start + longest]))
    return b"".join(pieces)


def _properties(message: amqp.Message) -> bytes:
    """Those that every event has, at once; any other set by amqp."""
    properties: dict[str, Any] = message.properties
    usual = properties.keys() == _USUAL and None not in properties.values()
    table = _texts(properties["application_headers"]) if usual else None
    if table is None:
        written: bytes = message._serialize_properties()
        return written
    return b"".join((
        _USUAL_FLAGS,
        _word(properties["content_type"]),
        _word(properties["content_encoding"]),
        table,
        bytes((properties["delivery_mode"],)),
        _short(properties["correlation_id"]),
        _short(properties["message_id"]),
        _WHEN.pack(properties["timestamp"]),
        _word(properties["type"]),
    ))  # fmt: skip


def _texts(headers: dict[str, Any]) -> bytes | None:
    """A table of texts; None where a value is something else."""
    pieces: list[bytes] = []
    for name, value in headers.items():
        if type(value) is not str:
            return None
        text = value.encode("utf-8", "surrogatepass")
        pieces += (_name(name), _SIZE.pack(len(text)), text)
    table = b"".join(pieces)
    return _SIZE.pack(len(table)) + table


def _short(text: str) -> bytes:
    written = text.encode("utf-8", "surrogatepass")
    return bytes((len(written),)) + written


_word = lru_cache(1000)(_short)
"""A word that comes again and again."""


@lru_cache(1000)
def _name(name: str) -> bytes:
    return _short(name) + b"S"
