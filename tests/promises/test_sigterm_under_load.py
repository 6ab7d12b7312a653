"""Promise: on SIGTERM under load what is in hand is finished in the grace time, and nothing done is delivered again."""

import signal

import pytest

from contracts.envelope import Event
from tests.chassis.station import Station, told
from tests.chassis.tally import an_event, had_effect
from tests.promises.ledger import ledger_of, settle, talking

pytestmark = pytest.mark.system

GRACE = 30.0
"""Seconds, as in docker-compose.yml."""


def slowly(subject: str, count: int, seconds: float) -> list[Event]:
    """Events that take their time."""
    return [an_event(subject, n, body=told(slow=seconds)) for n in range(1, count + 1)]


def test_a_worker_asked_to_leave_finishes_its_group_and_leaves_the_rest(
    station: Station, subject: str
) -> None:
    worker = station.start_worker()
    station.carry(*slowly(subject, 450, 0.01))
    station.until(lambda: len(had_effect(station.database, subject)) > 0)

    worker.send_signal(signal.SIGTERM)
    code = worker.wait(timeout=GRACE)
    done = had_effect(station.database, subject)
    station.start_worker()

    assert code == 0
    assert done == list(range(1, len(done) + 1))
    assert 0 < len(done) < 450
    station.until_heard(subject, list(range(1, 451)), seconds=40)
    assert "not acknowledged" not in station.log()
    assert station.said("came again") == 0


def test_a_relay_asked_to_leave_under_load_marks_all_that_it_sent(station: Station) -> None:
    relay = station.start_relay()
    station.start_worker()

    with talking(station.database):
        station.until(lambda: ledger_of(station.database).effected > 50)
        relay.send_signal(signal.SIGTERM)
        code = relay.wait(timeout=GRACE)
        station.start_relay()
    ledger = settle(station)

    assert code == 0
    assert station.said("came again") == 0
    assert ledger.balanced, ledger
