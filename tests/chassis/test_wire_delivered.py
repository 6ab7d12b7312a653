"""What is delivered, read as amqp and kombu read it, or left to them."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import amqp
import pytest
from amqp.method_framing import frame_handler
from amqp.serialization import dumps, loads
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from kombu.transport.pyamqp import Message

from chassis.wire.delivered import Delivery, delivery
from chassis.wire.framing import BODY, HEADER, METHOD, NotWhole, framed, unframed
from chassis.wire.published import frames
from chassis.wire.publishing import message
from contracts.envelope import Event, from_headers
from tests.chassis.tally import an_event
from tests.chassis.test_wire_published import events, properties, short

TAG = "ctag1.0"
DELIVER = b"\x00\x3c\x00\x3c"


def a_channel(*, is_closing: bool = False, consumer: str = TAG) -> Any:
    """An open channel with one consumer."""
    return SimpleNamespace(is_closing=is_closing, callbacks={consumer: None})


def delivered(
    published: amqp.Message, *, number: int = 1, tag: int = 5, most: int = 131072
) -> bytes:
    """The frames in which the broker passes a message on: another method, the same header and body."""
    sent = frames(number, most, "registration.events", "DossierSubmitted", published)
    _, _, _, end = unframed(sent, 0)
    arguments = dumps("sLbss", (TAG, tag, False, "registration.events", "DossierSubmitted"))
    return framed(METHOD, number, DELIVER + arguments) + sent[end + 1 :]


def by_amqp(buffered: bytes) -> list[Message]:
    """What amqp's frame handler and kombu make of the whole frames."""
    found: list[Message] = []

    def complete(_channel: int, _method: Any, arguments: bytes, content: Any) -> None:
        (_, tag), _ = loads("sL", arguments, 4)  # exchange and key are nothing to a hearer
        content.delivery_info = {"delivery_tag": tag}
        found.append(Message(content))

    handle, at = frame_handler(SimpleNamespace(bytes_recv=0), complete), 0
    while at < len(buffered):
        kind, channel, start, end = unframed(buffered, at)
        handle((kind, channel, buffered[start:end]))
        at = end + 1
    return found


def seen(one: Any) -> tuple[Any, ...]:
    """What a group of events uses of a message."""
    return one.delivery_tag, one.headers, one.properties, one.body, list(one.errors)


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # most of what may be is amqp's
@given(events | properties, st.binary(max_size=200), st.integers(1, 2**63))
def test_what_is_read_here_is_what_amqp_and_kombu_read(
    told: dict[str, Any], body: bytes, tag: int
) -> None:
    buffered = delivered(amqp.Message(body, **told), tag=tag)

    found = delivery(buffered, 0, {1: a_channel()})

    assume(found is not None)
    assert found is not None
    assert found[1] == len(buffered)
    assert [seen(found[0])] == [seen(one) for one in by_amqp(buffered)]


@given(st.text(min_size=1, max_size=30), short, st.text(max_size=300))
def test_an_event_as_we_publish_it_is_read_here(subject: str, pack: str, name: str) -> None:
    event = an_event(
        subject=subject, rulepack=pack or None, body=f'{{"name": {name!a}}}'.replace("'", '"')
    )

    found = delivery(delivered(message(event)), 0, {1: a_channel()})

    assert found is not None
    assert found[0].headers == message(event).headers
    assert found[0].body.decode() == event.body


def test_deliveries_follow_each_other_in_the_buffer() -> None:
    channel = a_channel()
    said = [an_event(f"s-{number}") for number in range(3)]
    buffered = b"".join(delivered(message(each), tag=i) for i, each in enumerate(said))

    found = list(_all(buffered, channel))

    assert [one.delivery_tag for one in found] == [0, 1, 2]
    assert [_event(one) for one in found] == said
    assert all(one.channel is channel for one in found)


def _all(buffered: bytes, channel: Any) -> Iterator[Delivery]:
    at = 0
    while found := delivery(buffered, at, {1: channel}):
        one, at = found
        yield one


def _event(one: Delivery) -> Event:
    return from_headers(one.headers, one.body)


@given(st.data())
def test_a_part_of_a_delivery_waits_for_the_rest(data: st.DataObject) -> None:
    buffered = delivered(message(an_event()))
    arrived = data.draw(st.integers(0, len(buffered) - 1))

    assert delivery(buffered[:arrived], 0, {1: a_channel()}) is None


@given(st.data())
def test_a_broken_delivery_is_left_to_amqp_or_read_as_amqp_reads_it(data: st.DataObject) -> None:
    whole = delivered(message(an_event(body='{"a": 1}')))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]

    found = delivery(broken, 0, {1: a_channel()})

    if found is not None:
        assert [seen(found[0])] == [seen(one) for one in by_amqp(broken)]


@pytest.mark.parametrize(
    ("channels", "why"),
    [
        ({}, "no such channel"),
        ({2: a_channel()}, "another channel"),
        (
            {1: a_channel(is_closing=True)},
            "a channel that is being closed ignores what still comes",
        ),
        ({1: a_channel(consumer="gone")}, "a cancelled consumer's messages go back"),
    ],
)
def test_what_nobody_here_consumes_is_left_to_amqp(channels: dict[int, Any], why: str) -> None:
    assert delivery(delivered(message(an_event())), 0, channels) is None, why


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"application_headers": {"compression": "application/x-gzip"}}, "kombu unpacks it"),
        ({"application_headers": {"x-delivery-count": 1}}, "a header that is no text"),
        ({"application_headers": {"table": {"in": "a table"}}}, "a table within"),
        ({"content_type": None}, "another set of properties"),
    ],
)
def test_what_is_unusual_is_left_to_amqp(changed: dict[str, Any], why: str) -> None:
    unusual = message(an_event())
    unusual.properties |= changed

    assert delivery(delivered(unusual), 0, {1: a_channel()}) is None, why


def test_a_body_in_several_frames_is_left_to_amqp() -> None:
    buffered = delivered(message(an_event(body="x" * 5000)), most=4096)

    assert delivery(buffered, 0, {1: a_channel()}) is None


def test_frames_of_two_channels_are_not_mixed_up() -> None:
    ours, theirs = delivered(message(an_event())), delivered(message(an_event()), number=2)
    _, _, _, end = unframed(ours, 0)
    _, _, _, other = unframed(theirs, 0)

    found = delivery(ours[: end + 1] + theirs[other + 1 :], 0, {1: a_channel(), 2: a_channel()})

    assert found is None


@pytest.mark.parametrize("kind", [METHOD, HEADER, BODY])
def test_a_frame_is_unframed_as_it_was_framed(kind: int) -> None:
    buffered = b"before" + framed(kind, 3, b"carried") + b"after"

    found = unframed(buffered, 6)

    assert found == (kind, 3, 13, 20)
    assert buffered[13:20] == b"carried"


@pytest.mark.parametrize(
    "broken", [b"", b"\x01", framed(1, 1, b"x")[:-1], framed(1, 1, b"x")[:-1] + b"?"]
)
def test_what_is_no_whole_frame_is_told(broken: bytes) -> None:
    with pytest.raises(NotWhole):
        unframed(broken, 0)
