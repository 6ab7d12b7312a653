"""Whatever happens to a worker, its broker or its database, each event has its effect once and in order."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from chassis.wire.topology import queue_of
from contracts.envelope import Event
from tests import servers
from tests.chassis.station import Station, a_station, told
from tests.chassis.tally import an_event, had_effect, some_events
from tests.servers import PostgresServer
from tests.servers.rabbitmq import Rabbitmqctl

pytestmark = pytest.mark.system


@pytest.fixture
def station(
    broker_server: servers.BrokerServer, postgres_server: PostgresServer, tmp_path: Path
) -> Iterator[Station]:
    """A station without worker."""
    with a_station(broker_server, postgres_server, tmp_path) as made:
        yield made


@pytest.fixture
def subject() -> str:
    """A subject."""
    return str(uuid4())


def slowly(subject: str, count: int, seconds: float = 0.02) -> list[Event]:
    """Events that take their time."""
    return [an_event(subject, n, body=told(slow=seconds)) for n in range(1, count + 1)]


def test_two_workers_keep_one_subject_in_order(station: Station, subject: str) -> None:
    station.start_worker()
    station.start_worker()

    for event in some_events(subject, 60):
        station.carry(event)

    station.until_heard(subject, list(range(1, 61)))


def test_a_worker_killed_in_the_middle_leaves_nothing_lost_and_nothing_twice(
    station: Station, subject: str
) -> None:
    worker = station.start_worker()
    station.carry(*slowly(subject, 150))
    station.until(lambda: len(had_effect(station.database, subject)) > 0)

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    station.start_worker()

    station.until_heard(subject, list(range(1, 151)), seconds=40)


def test_while_the_database_is_away_nothing_is_lost_dead_or_spinning(
    station: Station, postgres_server: PostgresServer, subject: str
) -> None:
    worker = station.start_worker()
    station.carry(an_event(subject, 1))
    station.until_heard(subject, [1])

    _shut(station, postgres_server)
    station.carry(*[an_event(subject, n) for n in (2, 3)])
    time.sleep(3)
    tries = station.log().count("listening paused")
    alive = worker.poll() is None
    _open(station, postgres_server)

    station.until_heard(subject, [1, 2, 3])
    assert alive
    assert 2 <= tries <= 8
    assert station.waiting()["ocop.tally.dead"] == 0


def test_a_worker_can_leave_while_its_database_is_away(
    station: Station, postgres_server: PostgresServer, subject: str
) -> None:
    worker = station.start_worker()
    _shut(station, postgres_server)
    station.carry(an_event(subject, 1))
    station.until(lambda: "listening paused" in station.log())

    worker.send_signal(signal.SIGTERM)
    code = worker.wait(timeout=15)
    _open(station, postgres_server)
    station.start_worker()

    assert code == 0
    station.until_heard(subject, [1])


def test_a_worker_survives_the_loss_of_its_connections(
    station: Station, broker_server: servers.BrokerServer, subject: str
) -> None:
    worker = station.start_worker()
    control = broker_server.control
    if not isinstance(control, Rabbitmqctl):
        pytest.skip("connections can be closed with rabbitmqctl only")
    vhost = station.broker_url.rpartition("/")[2]

    for number in range(1, 4):
        station.carry(an_event(subject, number, body=told(slow=0.3)))
        control.call("close_all_connections", "--vhost", vhost, "a test wants it")
    station.carry(an_event(subject, 4))

    station.until_heard(subject, [1, 2, 3, 4], seconds=30)
    assert worker.poll() is None


def _shut(station: Station, server: PostgresServer) -> None:
    name = station.database.engine.url.database
    station.database.engine.dispose()
    with psycopg.connect(server.admin, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


def _open(station: Station, server: PostgresServer) -> None:
    name = station.database.engine.url.database
    with psycopg.connect(server.admin, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type]


def test_a_group_that_overtook_another_is_acknowledged_only_after_it(
    station: Station, subject: str
) -> None:
    """Without the wait for the group before, the first event is acknowledged, unheard, with the second: seen so."""
    other = str(uuid4())
    station.carry(an_event(subject, 1, body=told(slow=8)), an_event(other, 1))
    worker = station.start_worker(OCOP_GROUP_SIZE="1")  # both are there when it begins
    station.until_heard(other, [1], seconds=7)

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    assert had_effect(station.database, subject) == []
    station.until(lambda: station.waiting()[queue_of("tally")] == 2)
    station.start_worker()
    station.until_heard(subject, [1])
    assert had_effect(station.database, other) == [1]


def test_groups_about_one_subject_follow_each_other(station: Station, subject: str) -> None:
    station.start_worker(OCOP_GROUP_SIZE="1")

    station.carry(*slowly(subject, 30))

    station.until_heard(subject, list(range(1, 31)))
    assert station.log().count("parked") == 0


@pytest.mark.parametrize(("wait", "few"), [("0.5", True), ("0.001", False)])
def test_a_worker_that_waits_for_company_commits_less_often(
    station: Station, subject: str, wait: str, few: bool
) -> None:
    station.start_worker(OCOP_GROUP_WAIT=wait)

    for event in some_events(subject, 10):
        station.carry(event)
        time.sleep(0.05)

    station.until_heard(subject, list(range(1, 11)))
    with station.database.reading() as session:  # rows of one transaction carry its number
        commits = session.execute(
            text("SELECT count(DISTINCT xmin::text) FROM inbox")
        ).scalar_one()
    assert (commits <= 5) is few
