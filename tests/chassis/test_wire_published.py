"""What is published byte for byte as amqp would have written it, and what every other client reads."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import amqp
import pytest
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from amqp.spec import Basic
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.published import frames
from chassis.wire.publishing import message
from tests.chassis.tally import an_event

texts = st.text(max_size=60)
short = st.text(max_size=40)
plain = st.dictionaries(short, texts, max_size=12)
values = st.recursive(
    st.one_of(
        texts,
        st.binary(max_size=20),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.none(),
        st.just(Decimal("1.5")),
        st.just(datetime(2026, 11, 28, tzinfo=UTC)),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(short, inner, max_size=3),
    max_leaves=8,
)
properties = st.fixed_dictionaries(
    {},
    optional={
        "content_type": short,
        "content_encoding": short,
        "application_headers": st.dictionaries(short, values, max_size=6) | plain,
        "delivery_mode": st.sampled_from((1, 2)),
        "priority": st.integers(0, 255),
        "correlation_id": short,
        "reply_to": short,
        "expiration": st.sampled_from(("", "1000")),
        "message_id": short,
        "timestamp": st.integers(0, 2**40),
        "type": short,
        "app_id": short,
    },
)
events = st.fixed_dictionaries(
    {
        "content_type": short | st.none(),
        "content_encoding": short,
        "application_headers": plain,
        "delivery_mode": st.sampled_from((1, 2)),
        "correlation_id": short,
        "message_id": short,
        "timestamp": st.integers(0, 2**40),
        "type": short,
    }
)


def as_amqp(
    channel: int, frame_max: int, exchange: str, key: str, published: amqp.Message
) -> bytes:
    """What amqp's own writer puts onto the socket for a mandatory message."""
    written = bytearray()
    write: Callable[..., None] = frame_writer(
        SimpleNamespace(frame_max=frame_max, bytes_sent=0), SimpleNamespace(write=written.extend)
    )
    arguments = dumps("Bssbb", (0, exchange, key, True, False))
    write(1, channel, Basic.Publish, arguments, published)
    return bytes(written)


@given(st.integers(1, 2047), short, short, properties | events, st.binary(max_size=300))
def test_every_message_is_written_as_amqp_writes_it(
    channel: int, exchange: str, key: str, told: dict[str, Any], body: bytes
) -> None:
    published = amqp.Message(body, **told)

    written = frames(channel, 4096, exchange, key, published)

    assert written == as_amqp(channel, 4096, exchange, key, published)


@pytest.mark.parametrize("size", [0, 1, 4087, 4088, 4089, 8176, 8177, 100_000])
def test_a_long_body_goes_in_as_many_frames_as_it_needs(size: int) -> None:
    published = message(an_event(body="x" * size))

    written = frames(7, 4096, "registration.events", "DossierSubmitted", published)

    assert written == as_amqp(7, 4096, "registration.events", "DossierSubmitted", published)


def test_a_word_too_long_for_amqp_is_refused_before_anything_is_sent() -> None:
    published = message(an_event(subject="s" * 300, correlationid="c" * 300))

    with pytest.raises(ValueError, match="range"):
        frames(1, 4096, "registration.events", "DossierSubmitted", published)
