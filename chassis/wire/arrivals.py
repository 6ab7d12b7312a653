"""One message as it arrived: the event in it, how often it was tried before, and the copy that is set aside."""

import random
from collections.abc import Callable
from typing import Any, TypeAlias

import amqp
import structlog
from kombu.message import Message

from chassis.tracing import trace_id
from chassis.wire.delivered import Delivery
from chassis.wire.publishing import PERSISTENT
from contracts.envelope import PREFIX, Event, Undecodable, from_headers

log = structlog.get_logger()

ATTEMPT = "ocop-attempt"
REASON = "ocop-reason"
EXCEPTION = "ocop-exception"
FRAME = "ocop-frame"
OURS = (ATTEMPT, REASON, EXCEPTION, FRAME)
"""The headers in which we note what happened to a message."""

LONGEST_PAUSE = 60.0

KEPT = ("content_type", "content_encoding", "message_id", "type", "correlation_id", "timestamp",
        "app_id", "reply_to", "priority")  # fmt: skip
"""The properties that a copy keeps; not `user_id`, which the broker compares with who publishes."""

BROKERS_OWN = ("x-death", "x-first-death", "x-last-death", "x-delivery-count", "x-acquired-count")

Arrival: TypeAlias = Message | Delivery
"""As kombu or as we ourselves have read it."""

Group = list[Arrival]


def attempts(message: Arrival) -> int:
    """How often it was tried before; a header that is not ours to trust counts as none."""
    counted = message.headers.get(ATTEMPT)
    return max(counted, 0) if isinstance(counted, int) else 0


def about(message: Message) -> dict[str, Any]:
    """What a line of the log says of the message that it concerns, as far as its headers tell."""
    told = {
        name: message.headers.get(PREFIX + name)
        for name in ("id", "type", "subject", "correlationid", "traceparent")
    }
    return {
        "event_id": told["id"],
        "type": told["type"],
        "subject": told["subject"],
        "correlation_id": told["correlationid"],
        "trace_id": trace_id(str(told["traceparent"])),
    }


def back_off(attempt: int, first: float, jitter: Callable[[], float] = random.random) -> float:
    """Seconds to wait before an attempt is repeated: doubling from `first`, up to a fifth more at random."""
    return float(min(first * 2 ** (attempt - 1), LONGEST_PAUSE) * (1 + jitter() / 5))


def decoded(group: Group) -> tuple[list[tuple[Arrival, Event]], list[tuple[Arrival, str]]]:
    """The messages that carry an event, and those that do not with the reason why."""
    events, undecodable = [], []
    for message in group:
        try:
            events.append((message, _event(message)))
        except Undecodable as error:
            undecodable.append((message, f"undecodable: {error}"))
    return events, undecodable


def _event(message: Arrival) -> Event:
    if message.errors:
        _, error, _ = message.errors[0]
        raise Undecodable(f"the body cannot be unpacked: {error}")
    return from_headers(message.headers, message.body)


def again(message: Arrival, headers: dict[str, Any], pause: float | None = None) -> amqp.Message:
    """The same message with our headers added; `pause` seconds of life on the retry queue."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    properties = {name: message.properties[name] for name in KEPT if name in message.properties}
    if pause is not None:
        properties["expiration"] = str(int(pause * 1000))
    return amqp.Message(
        body,
        application_headers=as_it_lies(message) | headers,
        delivery_mode=PERSISTENT,
        **properties,
    )


def as_it_lies(message: Arrival) -> dict[str, Any]:
    """The headers that fit the body as we hold it: kombu has unpacked a compressed one, unless it could not.

    What the broker noted of earlier deaths stays behind: it drops, without a word, what seems to die in a circle.
    """
    return {
        name: value
        for name, value in message.headers.items()
        if (name != "compression" or message.errors) and not str(name).startswith(BROKERS_OWN)
    }


def acknowledge(group: Group) -> None:
    """One acknowledgement for the whole group; a lost connection means that the broker will deliver again."""
    last = group[-1]
    try:
        last.channel.basic_ack(last.delivery_tag, multiple=True)
    except (amqp.exceptions.AMQPError, OSError, AttributeError) as error:
        log.warning("not acknowledged, will come again", error=str(error))
