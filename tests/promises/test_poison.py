"""Promise: poison neither blocks, nor burns, nor vanishes: it lies dead with its reason, and may come back."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis import inbox
from chassis.wire.arrivals import ATTEMPT, REASON
from chassis.wire.publishing import message
from contracts.envelope import to_headers
from tests import servers
from tests.chassis.station import Station, a_station, told
from tests.chassis.tally import an_event, had_effect, some_events

pytestmark = pytest.mark.system

MANY = 50


@pytest.fixture(scope="module", name="station")
def _station(
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Station]:
    """A station for all tests of this module: each uses a subject of its own."""
    folder = tmp_path_factory.mktemp("station")
    with a_station(broker_server, postgres_server, folder) as made:
        yield made


@pytest.fixture(scope="module", name="worker", autouse=True)
def _worker(station: Station) -> subprocess.Popen[bytes]:
    """Its one worker, all the while."""
    return station.start_worker()


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
    station.carry(ill)
    letter = station.dead_letter()
    station.carry(an_event(subject, 2))
    station.until(lambda: _parked(station) == 1)

    station.put(letter)
    station.put(letter)

    station.until_heard(subject, [1, 2])
    assert _parked(station) == 0


def test_much_poison_is_tried_once_each_and_then_the_worker_is_at_rest(
    station: Station, worker: subprocess.Popen[bytes], subject: str
) -> None:
    """With dead copies laid onto the queue that they came from, no dead letter ever came; with a group that failed not
    heard again one by one, what was good died with the bad: seen so."""
    told_before = station.said("event dead-lettered")
    bad = [an_event(f"{subject}-bad-{n}", body=told(poison=True)) for n in range(MANY)]
    good = some_events(subject, MANY)

    station.carry(*(each for pair in zip(good, bad, strict=True) for each in pair))
    station.until_heard(subject, list(range(1, MANY + 1)))
    letters = [station.dead_letter() for _ in bad]
    before = _seconds_worked(worker)
    time.sleep(1)

    assert _seconds_worked(worker) - before < 0.5
    assert [letter.properties["message_id"] for letter in letters] == [str(e.id) for e in bad]
    assert {letter.headers[ATTEMPT] for letter in letters} == {1}
    assert station.said("event dead-lettered") - told_before == MANY
    assert not any(station.waiting().values())


def _parked(station: Station) -> int:
    with station.database.reading() as session:
        return inbox.waiting(session)[0]


def _seconds_worked(process: subprocess.Popen[bytes]) -> float:
    """Processor time that it has used so far."""
    words = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
