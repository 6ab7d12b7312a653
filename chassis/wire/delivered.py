"""Messages out of the frames in which they are delivered, at a third of what amqp and kombu take for one.

Only what a sayer of ours writes and the broker passes on is read here: headers that are texts, a body in one frame.
Whatever differs is left to amqp, so that the message, or the error, is always its own.
"""

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from struct import error as TooShort  # noqa: N812  named by what it means here
from typing import Any

from amqp.serialization import decode_properties_basic

from chassis.wire.framing import BODY, HEADER, METHOD, NotWhole, unframed

FRAMES = 3
"""Of which a delivery consists: method, header, body."""

_DELIVER = b"\x00\x3c\x00\x3c"
_NUMBER = Struct(">Q")
_CONTENT = Struct(">HHQH")
_BASIC = 60
_PROPERTIES_AT = 12
_USUAL = 0xF4E0
"""The properties of every event: content type and encoding, headers, mode, correlation and own id, time, type."""

_SIZE = Struct(">I")
_TEXT = ord("S")


class Unusual(Exception):
    """Not what is read here: amqp has to look."""


class Delivery:
    """A message, as far as a group of events needs it: it looks like kombu's."""

    __slots__ = ("_header", "body", "channel", "delivery_tag", "headers")

    errors = ()

    def __init__(
        self, channel: Any, delivery_tag: int, header: bytes, headers: dict[str, Any], body: bytes
    ) -> None:
        self.channel = channel
        self.delivery_tag = delivery_tag
        self.headers = headers
        self.body = body
        self._header = header

    @property
    def properties(self) -> dict[str, Any]:
        """All of them, read when asked for: only what is set aside needs them."""
        properties: dict[str, Any]
        properties, _ = decode_properties_basic(self._header, _PROPERTIES_AT)
        return properties


def delivery(buffered: bytes, at: int, channels: Mapping[int, Any]) -> tuple[Delivery, int] | None:
    """The delivery that begins there, and where it ends; None where amqp has to look, or not all has arrived."""
    try:
        return _delivery(buffered, at, channels)
    except (Unusual, NotWhole, TooShort, IndexError, UnicodeDecodeError):
        return None


def _delivery(buffered: bytes, at: int, channels: Mapping[int, Any]) -> tuple[Delivery, int]:
    kind, number, start, end = unframed(buffered, at)
    if kind != METHOD or buffered[start : start + 4] != _DELIVER:
        raise Unusual
    channel, tag = _addressed(buffered, start + 4, end, channels.get(number))
    kind, same, start, end = unframed(buffered, end + 1)
    if kind != HEADER or same != number:
        raise Unusual
    header = buffered[start:end]
    size, headers = _told(header)
    kind, same, start, end = unframed(buffered, end + 1)
    if kind != BODY or same != number or end - start != size:
        raise Unusual
    return Delivery(channel, tag, header, headers, buffered[start:end]), end + 1


def _addressed(buffered: bytes, at: int, end: int, channel: Any) -> tuple[Any, int]:
    """The channel, and the delivery tag, where the channel has that consumer."""
    after = at + 1 + buffered[at]
    if channel is None or channel.is_closing or after + _NUMBER.size > end:
        raise Unusual
    if buffered[at + 1 : after].decode() not in channel.callbacks:
        raise Unusual
    (tag,) = _NUMBER.unpack_from(buffered, after)
    return channel, tag


def _told(header: bytes) -> tuple[int, dict[str, Any]]:
    """The size of the body, and the headers."""
    kind, _, size, flags = _CONTENT.unpack_from(header)
    if kind != _BASIC or flags != _USUAL:
        raise Unusual
    at = _CONTENT.size
    at += 1 + header[at]  # content type
    at += 1 + header[at]  # content encoding
    _check(header[_CONTENT.size : at])
    (length,) = _SIZE.unpack_from(header, at)
    table, end = at + 4, at + 4 + length
    _check_rest(header, end + 1)  # behind the mode
    return size, _texts(header, table, end)


def _check_rest(header: bytes, at: int) -> None:
    """What `properties` will find must be readable now: later nobody could leave it to amqp."""
    time = at
    time += 1 + header[time]  # correlation id
    time += 1 + header[time]  # own id
    type_ = time + _NUMBER.size
    if type_ + 1 + header[type_] != len(header):
        raise Unusual
    _check(header[at:time])
    _check(header[type_:])


def _check(words: bytes) -> None:
    """Raises UnicodeDecodeError; a length above 127, which is no character, counts as unusual too."""
    words.decode()


def _texts(header: bytes, at: int, end: int) -> dict[str, Any]:
    """A table of texts; a compressed body is kombu's business."""
    found = {}
    while at < end:
        after = at + 1 + header[at]
        name = _name(header[at + 1 : after])
        if header[after] != _TEXT:
            raise Unusual
        (length,) = _SIZE.unpack_from(header, after + 1)
        at = after + 5 + length
        found[name] = header[after + 5 : at].decode()
    if at != end or "compression" in found:
        raise Unusual
    return found


@lru_cache(1000)
def _name(written: bytes) -> str:
    return written.decode()
