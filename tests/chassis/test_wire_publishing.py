"""An event is safe only when the broker has confirmed and routed it; every trouble is told, and none hangs."""

from collections.abc import Iterator

import pytest
from kombu import Connection

from chassis.relay import Trouble
from chassis.wire.publishing import BrokerCarrier
from chassis.wire.topology import declare, topology
from contracts.envelope import PREFIX
from tests import servers
from tests.chassis.tally import an_event, some_events

pytestmark = pytest.mark.system

TOPOLOGY = topology({"tally": ("registration",)})


@pytest.fixture
def carrier(broker: servers.Broker) -> Iterator[BrokerCarrier]:
    """A relay's way to the broker."""
    made = BrokerCarrier(broker.url, confirm_timeout=5)
    yield made
    made.close()


def test_what_is_confirmed_lies_in_the_queue_as_cloud_events_say(
    broker: servers.Broker, carrier: BrokerCarrier
) -> None:
    declare(TOPOLOGY, broker.url)
    event = an_event(rulepack="QD26-2026", body='{"name": "Chè"}')

    safe = carrier.carry([event])

    with Connection(broker.url) as connection:
        lying = connection.default_channel.basic_get("ocop.tally")
    assert safe == {0}
    assert lying.body == '{"name": "Chè"}'
    assert lying.properties["content_type"] == "application/json"
    assert lying.properties["delivery_mode"] == 2
    assert lying.properties["message_id"] == str(event.id)
    assert lying.headers[PREFIX + "type"] == "DossierSubmitted"
    assert lying.headers[PREFIX + "rulepack"] == "QD26-2026"


def test_what_no_queue_wants_is_not_safe(broker: servers.Broker, carrier: BrokerCarrier) -> None:
    declare(TOPOLOGY, broker.url)
    known, unbound = an_event("a"), an_event("b", type="DossierFrozen")

    safe = carrier.carry([unbound, known, unbound])

    assert safe == {1}


def test_a_missing_exchange_is_trouble_until_it_is_declared(
    broker: servers.Broker, carrier: BrokerCarrier
) -> None:
    with pytest.raises(Trouble, match="no exchange"):
        carrier.carry([an_event()])
    declare(TOPOLOGY, broker.url)

    safe = carrier.carry([an_event()])

    assert safe == {0}


def test_what_the_broker_refuses_is_not_safe(
    broker: servers.Broker, carrier: BrokerCarrier
) -> None:
    with Connection(broker.url) as connection:
        channel = connection.default_channel
        channel.exchange_declare("registration.events", "topic", durable=True, auto_delete=False)
        full = {"x-max-length": 1, "x-overflow": "reject-publish"}
        channel.queue_declare("full", durable=True, auto_delete=False, arguments=full)
        channel.queue_bind("full", "registration.events", "#")

    safe = carrier.carry(some_events("d-1", 5))

    assert safe == {0}


def test_a_lost_connection_is_trouble_once(broker: servers.Broker, carrier: BrokerCarrier) -> None:
    declare(TOPOLOGY, broker.url)
    carrier.carry([an_event()])
    carrier._channel._connection.connection.transport.sock.close()  # type: ignore[union-attr]  # with what has arrived

    with pytest.raises(Trouble):
        carrier.carry([an_event()])

    assert carrier.carry([an_event()]) == {0}


@pytest.mark.parametrize(
    "url", ["amqp://guest:guest@127.0.0.1:1//", "amqp://guest:no@127.0.0.1//"]
)
def test_a_broker_that_does_not_let_us_in_is_trouble(url: str) -> None:
    with pytest.raises(Trouble):
        BrokerCarrier(url, confirm_timeout=5).carry([an_event()])


def test_two_batches_on_their_way_are_each_told_what_became_of_them(
    broker: servers.Broker, carrier: BrokerCarrier
) -> None:
    declare(TOPOLOGY, broker.url)
    known, unbound = an_event("a"), an_event("b", type="DossierFrozen")

    first = carrier.send([known, unbound])
    second = carrier.send([an_event("c"), an_event("d"), unbound])

    assert second() == {0, 1}
    assert first() == {0}


def test_a_connection_that_is_lost_takes_all_that_was_on_its_way_with_it(
    broker: servers.Broker, carrier: BrokerCarrier
) -> None:
    declare(TOPOLOGY, broker.url)
    first = carrier.send([an_event("a")])
    second = carrier.send([an_event("b")])
    carrier._channel._connection.connection.transport.sock.close()  # type: ignore[union-attr]  # with what has arrived

    for landed in (first, second):
        with pytest.raises(Trouble):
            landed()

    assert carrier.carry([an_event("c")]) == {0}


def test_a_batch_that_was_lost_takes_nothing_along_that_was_sent_on_a_new_connection(
    broker: servers.Broker, carrier: BrokerCarrier
) -> None:
    declare(TOPOLOGY, broker.url)
    lost = carrier.send([an_event("a")])
    carrier._channel._connection.connection.transport.sock.close()  # type: ignore[union-attr]  # with what has arrived
    with pytest.raises(Trouble):
        carrier.send([an_event("b")])()

    sent_since = carrier.send([an_event("c")])
    with pytest.raises(Trouble, match="is gone"):
        lost()

    assert sent_since() == {0}
