"""Promise: what cannot be decoded, or is of an unknown type, lies dead as it came and holds nothing up."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.wire.arrivals import ATTEMPT, REASON
from chassis.wire.publishing import message
from contracts.envelope import PREFIX, to_headers
from tests import servers
from tests.chassis.station import Raw, Station, a_message, a_station
from tests.chassis.tally import an_event, some_events

pytestmark = pytest.mark.system


@pytest.fixture(scope="module", name="station")
def _station(
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Station]:
    """A station with one worker, for all tests of this module: each uses a subject of its own."""
    folder = tmp_path_factory.mktemp("station")
    with a_station(broker_server, postgres_server, folder) as made:
        made.start_worker()
        yield made


HEADERS = to_headers(an_event("x"))
LACKING = {name: value for name, value in HEADERS.items() if name != PREFIX + "id"}


def test_an_event_of_an_unknown_type_is_a_dead_letter_and_its_successor_is_heard(
    station: Station, subject: str
) -> None:
    unknown = an_event(subject, 1, type="DossierFrozen")
    station.put(message(unknown))

    station.carry(an_event(subject, 2))

    letter = station.dead_letter()
    assert letter.headers[REASON] == "unknown-type: DossierFrozen is not a known type"
    station.until_heard(subject, [2])


@pytest.mark.parametrize(
    ("strange", "reason"),
    [
        (a_message(), "header cloudEvents_"),
        (a_message(b"{}", LACKING), "header cloudEvents_id is missing"),
        (a_message(b"{}", HEADERS | {PREFIX + "sequence": "0"}), "a header is malformed"),
        (a_message(b"{}", HEADERS | {PREFIX + "subject": 7}), "a header is malformed"),
        (a_message(b"{}", HEADERS | {PREFIX + "rulepack": {"a": [1]}}), "a header is malformed"),
        (a_message(b"{}", HEADERS | {PREFIX + "time": "now"}), "a header is malformed"),
        (a_message(b"{}", HEADERS | {PREFIX + "id": "7"}), "a header is malformed"),
        (a_message(b"{", HEADERS), "the body is not JSON"),
        (a_message(b"[]", HEADERS), "the body is not a JSON object"),
        (a_message(b"\xff\xfe", HEADERS), "the body is not UTF-8"),
        (a_message(b'{"a":' * 20_000, HEADERS), "the body is not JSON"),
        (a_message(b"\\ud800", HEADERS, content_encoding="unicode_escape"), "not JSON"),
        (a_message(b"{}", HEADERS | {"compression": "application/x-gzip"}), "cannot be unpacked"),
        (a_message(b"{}", {ATTEMPT: "many", "x-death": "none"}), "header cloudEvents_"),
    ],
)
def test_what_cannot_be_decoded_is_a_dead_letter_as_it_came(
    station: Station, strange: Any, reason: str
) -> None:
    station.put(strange)

    letter = station.dead_letter()

    assert letter.headers[REASON].startswith("undecodable: ")
    assert reason in letter.headers[REASON]
    assert letter.body == strange.body
    assert letter.properties.get("content_encoding") == strange.properties.get("content_encoding")


def test_a_message_that_amqp_itself_cannot_read_takes_nothing_along(
    station: Station, subject: str
) -> None:
    """Without the care to fetch one by one after it, it never came to lie dead alone: seen so."""
    unreadable = a_message(b"{}", message_id=Raw(b"\xff\xfe"))
    before, *after = some_events(subject, 9)

    station.carry(before)
    station.put(unreadable)
    station.carry(*after)

    station.until_heard(subject, list(range(1, 10)), seconds=40)
    station.until(lambda: station.waiting() == {"ocop.tally": 0, "ocop.tally.retry": 0,
                                                "ocop.tally.dead": 1})  # fmt: skip
    station.purge("ocop.tally.dead")
