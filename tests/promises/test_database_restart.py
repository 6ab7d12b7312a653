"""Promise: a database that is stopped at once and started again under load is waited for: nothing lost or doubled."""

import time

import pytest

from tests import servers
from tests.chassis.station import Station
from tests.promises.ledger import ledger_of, settle, talking

pytestmark = pytest.mark.system


def test_a_database_restarted_under_load_is_waited_for(
    on_own_postgres: Station, private_postgres: servers.PrivatePostgres
) -> None:
    """Seen to fail with an `is_away` that never says so: what was in hand spent its attempts and lay dead, its
    successors waited for ever."""
    station = on_own_postgres
    relay, worker = station.start_relay(), station.start_worker()

    with talking(station.database):
        station.until(lambda: ledger_of(station.database).effected > 100)
        private_postgres.crash()
        time.sleep(2)
        private_postgres.start()
        station.database.engine.dispose()
        before = ledger_of(station.database).effected
        station.until(lambda: ledger_of(station.database).effected > before + 100)
    ledger = settle(station)

    assert ledger.balanced, ledger
    assert "listening paused" in station.log()
    assert station.waiting()["ocop.tally.dead"] == 0
    assert (relay.poll(), worker.poll()) == (None, None)
