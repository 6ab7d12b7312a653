"""Promise: a handler longer than the broker waits for an acknowledgement has one effect, and its worker lives."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.chassis.station import Station, a_station, told
from tests.chassis.tally import an_event, had_effect
from tests.servers import NoServer, PrivateBroker

pytestmark = pytest.mark.system

IMPATIENT = "[{rabbit, [{consumer_timeout, 1000}, {channel_tick_interval, 500}]}]."
"""A second, looked after every half second, where RabbitMQ by itself waits half an hour."""


@pytest.fixture(name="station")
def _station(postgres_server: servers.PostgresServer, tmp_path: Path) -> Iterator[Station]:
    """A station on a broker that soon takes back what is not acknowledged."""
    try:
        broker = PrivateBroker(advanced=IMPATIENT)
    except NoServer as reason:
        pytest.skip(str(reason))
    broker.start()
    try:
        with a_station(broker, postgres_server, tmp_path) as made:
            yield made
    finally:
        broker.stop()


def test_a_handler_longer_than_the_acknowledge_timeout_has_one_effect(
    station: Station, subject: str
) -> None:
    """With an inbox that calls every event new, it was handled anew at each redelivery; with an error of the
    acknowledgement that nobody catches, the worker ended: seen so."""
    worker = station.start_worker()
    station.carry(an_event(subject, 1, body=told(slow=2.5)))
    station.until(lambda: had_effect(station.database, subject) == [1], 30)
    station.until(lambda: station.said("came again") >= 1, 30)

    station.carry(an_event(subject, 2))

    station.until_heard(subject, [1, 2], 30)
    station.until(lambda: not any(station.waiting().values()))
    assert worker.poll() is None
