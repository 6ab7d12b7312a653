"""Promise: a missing dead-letter queue costs no event: it is kept until the queue is there again, then laid into it."""

import time

import pytest
from kombu import Connection

from chassis.wire.arrivals import REASON
from chassis.wire.collecting import Collector
from chassis.wire.topology import dead_queue_of, declare
from tests.chassis.station import Station, an_impatient_topology, told
from tests.chassis.tally import an_event

pytestmark = pytest.mark.system


def test_a_poisoned_event_waits_for_its_dead_letter_queue(station: Station, subject: str) -> None:
    _delete_dead_letter_queue(station)
    station.start_worker()

    station.carry(an_event(subject, body=told(poison=True)))
    station.until(lambda: station.said("cannot set aside") >= 2)
    declare(an_impatient_topology(), station.broker_url)

    letter = station.dead_letter()
    assert letter.headers[REASON] == "poison: it was told to be"
    station.until(lambda: not any(station.waiting().values()))


def test_a_poisoned_event_survives_its_worker_while_the_queue_is_missing(
    station: Station, subject: str
) -> None:
    _delete_dead_letter_queue(station)
    worker = station.start_worker()
    station.carry(an_event(subject, body=told(poison=True)))
    station.until(lambda: station.said("cannot set aside") >= 1)

    station.kill(worker)
    station.start_worker()
    time.sleep(0.5)
    declare(an_impatient_topology(), station.broker_url)

    assert station.dead_letter().headers[REASON] == "poison: it was told to be"


def test_who_collects_dead_letters_goes_on_when_the_queue_is_back(
    station: Station, subject: str
) -> None:
    _delete_dead_letter_queue(station)
    collector = Collector(station.database, station.broker_url)

    with pytest.raises(Exception, match="NOT_FOUND"):
        collector.collect()
    declare(an_impatient_topology(), station.broker_url)

    assert collector.collect() == 0
    collector.close()


def _delete_dead_letter_queue(station: Station) -> None:
    with Connection(station.broker_url) as connection:
        connection.default_channel.queue_delete(dead_queue_of("tally"))
