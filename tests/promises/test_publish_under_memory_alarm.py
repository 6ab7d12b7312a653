"""Promise: publishing under a broker's memory alarm does not hang; acts go on, and all is sent when it clears."""

import json
import time
from pathlib import Path

import pytest

from chassis.relay import Relay, Trouble
from chassis.settings import read
from chassis.watch.door import Door
from chassis.watch.health import Health
from chassis.wire.publishing import BrokerCarrier
from chassis.wire.topology import declare
from regulation.acting import Role
from tests import servers
from tests.chassis.station import Station, an_impatient_topology
from tests.chassis.tally import SOURCE, an_event, say, some_events, some_news
from tests.chassis.tally_web import add, headers_of, make_app
from tests.chassis.test_relay import running
from tests.promises.ledger import ledger_of, settle

pytestmark = pytest.mark.system

STARVED, FED = 0.000001, 0.4
"""Shares of the machine's memory: the broker raises its alarm at once, and takes it back."""


def test_a_carrier_is_told_in_time_and_carries_again_afterwards(
    private_broker: servers.PrivateBroker,
) -> None:
    """Seen to fail with a carrier that takes leave of the broker in due form (`ConfirmingChannel.close`) instead of
    dropping the socket: it hung, and was ended after 70 s."""
    declare(an_impatient_topology(), private_broker.url)
    carrier = BrokerCarrier(private_broker.url, confirm_timeout=1)
    carrier.carry([an_event()])
    private_broker.give_memory(STARVED)
    time.sleep(1)
    start = time.monotonic()

    with pytest.raises(Trouble):
        carrier.carry(some_events("d-1", 200))
    taken = time.monotonic() - start
    private_broker.give_memory(FED)

    assert taken < 5
    assert until_carried(carrier) == {0}
    carrier.close()


def until_carried(carrier: BrokerCarrier, tries: int = 20) -> set[int]:
    """What of one event is safe, once the carrier is in no trouble any more."""
    for _ in range(tries):
        try:
            return carrier.carry([an_event()])
        except Trouble:
            time.sleep(0.5)
    return set()


def test_acts_go_on_the_outbox_grows_readiness_says_so_and_all_is_sent_when_it_clears(
    on_own_broker: Station, private_broker: servers.PrivateBroker, tmp_path: Path
) -> None:
    station, settings, health = on_own_broker, read({"OCOP_DATA": str(tmp_path)}), Health()
    client = make_app(station.database, settings).test_client()
    officer = headers_of(settings, Role.OCOP_OFFICER)
    carrier = BrokerCarrier(station.broker_url, confirm_timeout=1)
    relay = Relay(station.database, carrier, source=SOURCE, batch=200, poll=0.02)
    health.needs("carrying tally", lambda: relay.trouble)
    station.start_worker()
    with running(relay):
        say(station.database, some_news("before"))
        station.until(lambda: ledger_of(station.database).effected == 1)

        private_broker.give_memory(STARVED)
        time.sleep(1)
        answers = [add(client, officer).status_code for _ in range(5)]
        say(station.database, *(some_news(f"s-{number}") for number in range(300)))
        station.until(lambda: readiness(health)[0] == 503)
        during, reasons = ledger_of(station.database), readiness(health)[1]
        private_broker.give_memory(FED)
        ledger = settle(station)

        station.until(lambda: readiness(health) == (200, {}))
    assert answers == [200] * 5
    assert (during.said, during.effected, during.unsent) == (306, 1, 305)
    assert reasons["carrying tally"].startswith("Trouble: broker: ")
    assert ledger.balanced, ledger


def readiness(health: Health) -> tuple[int, dict[str, str]]:
    """The status of `/readyz`, and its reasons."""
    status, _, body = Door(health, host="127.0.0.1", port=0).answer("/readyz")
    return status, json.loads(body)["reasons"]
