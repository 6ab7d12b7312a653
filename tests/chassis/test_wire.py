"""On a real broker each event has its effect once, in order; what cannot be heard is a dead letter with its reason."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from chassis.relay import Relay
from chassis.wire.arrivals import ATTEMPT, REASON
from chassis.wire.publishing import BrokerCarrier, message
from contracts.envelope import PREFIX, to_headers
from tests import servers
from tests.chassis.station import Station, a_message, a_station, told
from tests.chassis.tally import SOURCE, an_event, had_effect, say, some_events, some_news

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


def test_a_poisoned_event_is_a_dead_letter_and_holds_up_nobody_else(
    station: Station, subject: str
) -> None:
    poisoned = an_event(subject, body=told(poison=True, name="Nước mắm"))
    others = some_events(f"{subject}-other", 2)

    station.carry(others[0], poisoned, others[1])

    letter = station.dead_letter()
    assert letter.headers[REASON] == "poison: it was told to be"
    assert letter.headers[ATTEMPT] == 1
    assert letter.body == poisoned.body.encode()
    assert to_headers(poisoned).items() <= letter.headers.items()
    kept = ("message_id", "type", "correlation_id", "timestamp", "content_type", "delivery_mode")
    original = message(poisoned).properties
    assert {name: letter.properties[name] for name in kept} == {
        name: original[name] for name in kept
    }
    station.until_heard(f"{subject}-other", [1, 2])
    assert had_effect(station.database, subject) == []


def test_an_event_of_an_unknown_type_is_a_dead_letter_and_its_successor_is_heard(
    station: Station, subject: str
) -> None:
    unknown = an_event(subject, 1, type="DossierFrozen")
    station.put(message(unknown))

    station.carry(an_event(subject, 2))

    letter = station.dead_letter()
    assert letter.headers[REASON] == "unknown-type: DossierFrozen is not a known type"
    station.until_heard(subject, [2])


HEADERS = to_headers(an_event("x"))
LACKING = {name: value for name, value in HEADERS.items() if name != PREFIX + "id"}


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


def test_a_foreign_header_that_is_no_text_does_no_harm(station: Station, subject: str) -> None:
    headers = to_headers(an_event(subject)) | {"note": _Raw(b"\xff\xfe")}

    station.put(a_message(b"{}", headers))

    station.until_heard(subject, [1])


def test_a_message_that_amqp_itself_cannot_read_takes_nothing_along(
    station: Station, subject: str
) -> None:
    unreadable = a_message(b"{}", message_id=_Raw(b"\xff\xfe"))
    before, *after = some_events(subject, 9)

    station.carry(before)
    station.put(unreadable)
    station.carry(*after)

    station.until_heard(subject, list(range(1, 10)), seconds=40)
    station.until(lambda: station.waiting() == {"ocop.tally": 0, "ocop.tally.retry": 0,
                                                "ocop.tally.dead": 1})  # fmt: skip
    station.purge("ocop.tally.dead")


def test_a_passing_fault_is_tried_again_until_it_has_passed(
    station: Station, subject: str
) -> None:
    station.carry(an_event(subject, body=told(ill=2)))

    station.until_heard(subject, [1])


def test_a_fault_that_does_not_pass_is_a_dead_letter_after_the_last_attempt(
    station: Station, subject: str
) -> None:
    ill = an_event(subject, body=told(ill=99))

    station.carry(ill)

    letter = station.dead_letter()
    assert (letter.headers[ATTEMPT], letter.headers[REASON]) == (3, "OSError: a passing fault")
    assert letter.body == ill.body.encode()
    assert "x-death" not in letter.headers
    assert had_effect(station.database, subject) == []


def test_a_dead_letter_that_is_sent_again_releases_its_successors(
    station: Station, subject: str
) -> None:
    ill = an_event(subject, body=told(ill=3))
    station.carry(ill, an_event(subject, 2))
    letter = station.dead_letter()
    held_back = had_effect(station.database, subject)

    station.put(letter)
    station.put(letter)

    station.until_heard(subject, [1, 2])
    assert held_back == []


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


class _Raw(str):
    """A text whose bytes are not UTF-8, as a client in another language may send it."""

    __slots__ = ("_bytes",)

    def __new__(cls, content: bytes) -> "_Raw":
        made = super().__new__(cls, "raw")
        made._bytes = content  # type: ignore[misc]  # set once
        return made

    def encode(self, *_: Any, **__: Any) -> bytes:
        """Those bytes."""
        return self._bytes
