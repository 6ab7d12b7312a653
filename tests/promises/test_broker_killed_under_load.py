"""Promise: the broker is killed with SIGKILL under load, and nothing is lost, nothing done twice."""

import time

import pytest

from tests import servers
from tests.chassis.station import Station
from tests.promises.ledger import ledger_of, settle, talking
from tests.servers.rabbitmq import ON_DISK_AFTER

pytestmark = pytest.mark.system


def test_a_broker_killed_under_load_costs_nothing_but_time(
    on_own_broker: Station, private_broker: servers.PrivateBroker
) -> None:
    """Seen to fail when `ConfirmingChannel._land` dropped the new connection along with the lost batch: the relay never
    got over the outage (unsent above 0 after 60 s)."""
    station = on_own_broker
    station.start_relay()
    station.start_worker()
    station.start_worker()
    time.sleep(ON_DISK_AFTER)

    with talking(station.database):
        for _ in range(2):
            before = ledger_of(station.database).effected
            station.until(lambda b=before: ledger_of(station.database).effected > b + 100)
            private_broker.restart()
        station.until(lambda: station.said("listening") >= 4)
    ledger = settle(station)

    assert ledger.said > 300
    assert ledger.balanced, ledger
