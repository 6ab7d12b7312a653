"""On a real broker each event has its effect once, in order; what cannot be heard is a dead letter with its reason."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from chassis.relay import Relay
from chassis.wire.arrivals import ATTEMPT, REASON
from chassis.wire.publishing import BrokerCarrier, message
from contracts.envelope import to_headers
from tests import servers
from tests.chassis.station import Raw, Station, a_message, a_station, told
from tests.chassis.tally import SOURCE, an_event, say, some_events, some_news

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def station(
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Station]:
    """A station with one worker, for all tests of this module: each uses a subject of its own."""
    folder = tmp_path_factory.mktemp("station")
    with a_station(broker_server, postgres_server, folder) as made:
        made.start_worker()
        yield made


@pytest.fixture
def subject() -> str:
    """A subject that no other test uses."""
    return str(uuid4())


def test_news_travel_from_an_outbox_to_the_inbox_of_who_listens(
    station: Station, subject: str
) -> None:
    say(station.database, *(some_news(subject) for _ in range(3)))
    carrier = BrokerCarrier(station.broker_url, confirm_timeout=5)

    sent = Relay(station.database, carrier, source=SOURCE, batch=200, poll=1).empty_once()

    carrier.close()
    assert sent == 3
    station.until_heard(subject, [1, 2, 3])


def test_duplicates_and_disorder_are_harmless(station: Station, subject: str) -> None:
    first, second, third = some_events(subject, 3)

    station.carry(third, first, third, second, first, second)

    station.until_heard(subject, [1, 2, 3])
    station.until(lambda: not any(station.waiting().values()))


def test_a_foreign_header_that_is_no_text_does_no_harm(station: Station, subject: str) -> None:
    headers = to_headers(an_event(subject)) | {"note": Raw(b"\xff\xfe")}

    station.put(a_message(b"{}", headers))

    station.until_heard(subject, [1])


def test_a_passing_fault_is_tried_again_until_it_has_passed(
    station: Station, subject: str
) -> None:
    station.carry(an_event(subject, body=told(ill=2)))

    station.until_heard(subject, [1])


def test_what_the_broker_noted_of_earlier_deaths_does_not_make_it_drop_a_message(
    station: Station, subject: str
) -> None:
    ill = an_event(subject, body=told(ill=1))
    died_before = [{"queue": "ocop.tally", "reason": "delivery_limit", "count": 1,
                    "exchange": "", "routing-keys": ["ocop.tally"]}]  # fmt: skip
    again = message(ill)
    again.properties["application_headers"] |= {"x-death": died_before}

    station.put(again)

    station.until_heard(subject, [1])


@pytest.mark.parametrize("attempt", ["many", -5, None, 2**40, [1]])
def test_a_strange_count_of_attempts_does_no_harm(
    station: Station, subject: str, attempt: Any
) -> None:
    poisoned = message(an_event(subject, body=told(poison=True)), **{ATTEMPT: attempt})

    station.put(poisoned)

    assert station.dead_letter().headers[REASON] == "poison: it was told to be"


def test_a_long_queue_is_heard_in_groups_and_in_order(station: Station, subject: str) -> None:
    events = [
        replace(each, id=uuid4())
        for number in range(1, 41)
        for name in "abcde"
        for each in [an_event(f"{subject}-{name}", number)]
    ]

    station.carry(*events)

    for name in "abcde":
        station.until_heard(f"{subject}-{name}", list(range(1, 41)))
