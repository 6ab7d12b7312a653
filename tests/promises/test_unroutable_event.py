"""Promise: an event that no queue wants stays in the outbox, seen there, holds up no other, and goes when it may."""

import pytest
from kombu import Connection

from chassis import outbox
from chassis.wire.topology import declare, queue_of
from tests.chassis.station import Station, an_impatient_topology
from tests.chassis.tally import say, some_news
from tests.promises.ledger import ledger_of, settle

pytestmark = pytest.mark.system


def test_an_unroutable_event_stays_in_the_outbox_raises_its_alarm_and_goes_when_it_may(
    station: Station,
) -> None:
    with Connection(station.broker_url) as connection:
        connection.default_channel.queue_unbind(
            queue_of("tally"), "registration.events", "DossierReturned"
        )
    station.start_relay()
    station.start_worker()

    say(station.database, some_news("a"), some_news("b", type="DossierReturned"), some_news("c"))
    station.until(lambda: ledger_of(station.database).effected == 2)
    station.until(lambda: "1 of 1 not taken" in station.log())
    with station.database.reading() as session:
        waiting, oldest = outbox.depth(session)
    declare(an_impatient_topology(), station.broker_url)

    assert waiting == 1
    assert oldest is not None
    assert settle(station).balanced
