"""Promise: a commit whose answer is lost is made good by asking again: the act, or the event, has one effect."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from chaos.network import Proxied
from chassis.database import Database
from chassis.settings import read
from regulation.acting import Role
from tests.chassis.station import Station
from tests.chassis.tally import some_events
from tests.chassis.tally_web import add, counted, headers_of, make_app, problem
from tests.promises.ledger import ledger_of, settle, talking

pytestmark = pytest.mark.system


class Line:
    """The way to the database through a network that may lose the answer to a COMMIT, after it was carried out."""

    def __init__(self, proxied: Proxied, url: str) -> None:
        self._proxied = proxied
        there = make_url(url).set(host="127.0.0.1", port=proxied.port)
        self.url = there.render_as_string(hide_password=False)
        self.template = self.url.replace("tally", "{service}")

    def lose_commits(self, count: int = 1) -> None:
        """The next answers to COMMITs are lost, and their connections with them."""
        self._proxied.order("lose-commits", count=count)
        time.sleep(0.3)  # it is another process


@pytest.fixture
def line(station: Station) -> Iterator[Line]:
    url = make_url(station.database.url)
    with Proxied(str(url.host), int(url.port or 5432)) as proxied:
        yield Line(proxied, station.database.url)


@pytest.fixture
def database(line: Line) -> Iterator[Database]:
    """The station's database, over that line."""
    made = Database("tally", line.url)
    yield made
    made.engine.dispose()


def test_an_act_sent_again_under_its_key_has_one_effect_and_one_event(
    station: Station, line: Line, database: Database, tmp_path: Path
) -> None:
    """Seen to fail with no answer kept under its key (`command`): the pots were counted twice, 4 instead of 2."""
    settings = read({"OCOP_DATA": str(tmp_path)})
    client = make_app(database, settings).test_client()
    officer = headers_of(settings, Role.OCOP_OFFICER) | {"Idempotency-Key": "k-1"}

    line.lose_commits()
    unsure = add(client, officer)
    done = counted(station.database)
    again = add(client, officer)

    assert problem(unsure) == (503, "database-away")
    assert done == [("pots", 2)]
    assert (counted(station.database), again.status_code) == ([("pots", 2)], 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ledger_of(station.database).said == 1


def test_an_act_sent_again_on_the_version_that_was_seen_is_not_done_twice(
    station: Station, line: Line, database: Database, tmp_path: Path
) -> None:
    settings = read({"OCOP_DATA": str(tmp_path)})
    client = make_app(database, settings).test_client()
    officer = headers_of(settings, Role.OCOP_OFFICER)
    seen = {"If-Match": add(client, officer).headers["ETag"]}

    line.lose_commits()
    unsure = add(client, officer, **seen)
    again = add(client, officer, **seen)

    assert problem(unsure) == (503, "database-away")
    assert problem(again) == (412, "version-mismatch")
    assert counted(station.database) == [("pots", 4)]
    assert ledger_of(station.database).said == 2


def test_a_group_whose_commit_was_not_answered_is_heard_again_without_a_second_effect(
    station: Station, line: Line, subject: str
) -> None:
    """Seen to fail with an inbox that takes every event for a new one (`inbox.note`): the effects never came out as 1
    to 9, once each."""
    worker = station.start_worker(OCOP_DATABASE_URL=line.template)
    first, *others = some_events(subject, 9)
    station.carry(first)
    station.until_heard(subject, [1])

    line.lose_commits()
    station.carry(*others)

    station.until(lambda: station.said("came again") >= 1)
    station.until_heard(subject, list(range(1, 10)))
    station.until(lambda: not any(station.waiting().values()))
    assert worker.poll() is None


def test_the_books_balance_when_commits_of_all_processes_lose_their_answers(
    station: Station, line: Line, database: Database
) -> None:
    relay = station.start_relay(OCOP_DATABASE_URL=line.template)
    worker = station.start_worker(OCOP_DATABASE_URL=line.template)

    with talking(database):
        for _ in range(5):
            before = ledger_of(station.database).effected
            line.lose_commits(4)
            station.until(lambda b=before: ledger_of(station.database).effected > b + 40)
    ledger = settle(station)

    assert ledger.said > 200
    assert ledger.balanced, ledger
    assert station.waiting()["ocop.tally.dead"] == 0
    assert (relay.poll(), worker.poll()) == (None, None)
