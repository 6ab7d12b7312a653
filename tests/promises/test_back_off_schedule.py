"""Promise: what fails in passing is tried again after doubling pauses with jitter, counted by our own header."""

import time
from collections.abc import Callable
from typing import Any

import amqp
import pytest
from kombu import Connection

from chassis.wire.arrivals import ATTEMPT, LONGEST_PAUSE, back_off
from chassis.wire.topology import queue_of, retry_queue_of
from tests.chassis.station import Station, told
from tests.chassis.tally import an_event

FIRST = 8.0


def test_pauses_double_up_to_a_minute_and_never_more_than_a_fifth_above() -> None:
    shortest = [back_off(attempt, 1, lambda: 0.0) for attempt in range(1, 10)]
    longest = [back_off(attempt, 1, lambda: 1.0) for attempt in range(1, 10)]

    assert shortest == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    assert longest == pytest.approx([pause * 1.2 for pause in shortest])


def test_events_that_failed_together_do_not_come_again_together() -> None:
    pauses = {back_off(3, 1) for _ in range(100)}

    assert len(pauses) > 90


@pytest.mark.system
def test_a_failing_event_is_put_off_by_the_schedule_and_dies_at_its_end(
    station: Station, subject: str
) -> None:
    """The test plays the clock: it takes each copy off the retry queue and brings it when its pause would be over."""
    station.start_worker(OCOP_RETRY_FIRST=str(FIRST), OCOP_RETRY_LIMIT="6")
    station.carry(an_event(subject, body=told(ill=99)))

    pauses, counted = [], []
    for _ in range(5):
        copy = _taken(station, retry_queue_of("tally"))
        pauses.append(int(copy.properties.pop("expiration")) / 1000)
        counted.append(copy.headers[ATTEMPT])
        copy.properties["application_headers"]["x-death"] = [{"count": 99, "reason": "expired"}]
        station.put(copy, queue_of("tally"))

    letter = station.dead_letter()
    assert counted == [1, 2, 3, 4, 5]
    assert letter.headers[ATTEMPT] == 6
    for pause, least in zip(pauses, (8, 16, 32, 60, 60), strict=True):
        assert least <= pause <= least * 1.2


def _taken(station: Station, queue: str) -> amqp.Message:
    taken: list[Any] = []

    def there() -> bool:
        with Connection(station.broker_url) as connection:
            channel = connection.default_channel
            channel.auto_decode = False
            message = channel.basic_get(queue, no_ack=True)
        taken.append(message)
        return message is not None

    _soon(there)
    return taken[-1]


def _soon(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + FIRST
    while not holds():
        assert time.monotonic() < end, "no copy came"
        time.sleep(0.05)
