"""Promise: state and event are one: a process that dies at any fault point loses nothing and doubles nothing."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from chassis.dead_letters import LETTER, State
from chassis.fault_points import POINTS
from tests import servers
from tests.chassis.station import START, Station, a_station, told
from tests.chassis.tally import an_event, say, some_events, some_news
from tests.chassis.tally_web import Base, counted
from tests.promises.ledger import ledger_of, settle

pytestmark = pytest.mark.system


@pytest.fixture(scope="module", name="station")
def _station(
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Station]:
    """A station for all tests of this module: each uses subjects of its own, and ends its processes."""
    folder = tmp_path_factory.mktemp("station")
    with a_station(broker_server, postgres_server, folder) as made:
        yield made


def of(*rooms: str) -> list[str]:
    return sorted(point for point in POINTS if point.startswith(rooms))


ACTING = of("outbox", "transaction")
HEARING = of("inbox", "transaction", "worker")
RELAYING = of("relay")  # it marks with single statements
COLLECTING = of("collector", "transaction")


def test_every_fault_point_is_tried() -> None:
    assert {*ACTING, *HEARING, *RELAYING, *COLLECTING} == set(POINTS)


ACT = """
import sys
from chassis.database import Database
from chassis.fault_points import arm
from chassis.settings import read
from regulation.acting import Role
from tests.chassis.tally_web import headers_of, make_app
url, data, name, fault = sys.argv[1:]
settings = read({"OCOP_DATA": data})
client = make_app(Database("tally", url), settings).test_client()
headers = headers_of(settings, Role.OCOP_OFFICER) | {"Idempotency-Key": name}
arm(fault)
answer = client.post("/tally/counts/" + name, json={"number": 2}, headers=headers)
sys.exit(0 if answer.json == {"name": name, "number": 2} else 1)
"""
"""An officer adds two to a count of that name, over HTTP; sent again, it is the same request."""


def act(station: Station, data: Path, name: str, fault: str = "") -> int:
    """The exit status of a process that serves the request."""
    words = [sys.executable, "-c", ACT, station.database.url, str(data), name, fault]
    return subprocess.run(words, timeout=START).returncode


@pytest.mark.parametrize("point", ACTING)
def test_an_act_that_dies_and_is_sent_again_has_left_its_state_and_its_event_once(
    station: Station, tmp_path: Path, point: str
) -> None:
    """Seen to fail with a commit of the state before the outbox is written (`Database.transaction`): at three of the
    four points two was added and nothing said of it."""
    before = ledger_of(station.database).said
    name = point[-20:]  # as long as its column
    Base.metadata.create_all(station.database.engine)

    died = act(station, tmp_path, name, f"{point}:1")
    left = dict(counted(station.database)).get(name, 0)
    said = ledger_of(station.database).said - before
    again = act(station, tmp_path, name)

    assert (died, again) == (-signal.SIGKILL, 0)
    assert (left, said) == ((2, 1) if point == "transaction.after-commit" else (0, 0))
    assert dict(counted(station.database))[name] == 2
    assert ledger_of(station.database).said - before == 1


@pytest.mark.parametrize("point", HEARING)
def test_a_worker_that_dies_has_done_all_of_an_event_or_nothing(
    station: Station, point: str
) -> None:
    first, second, third = some_events(point, 3)
    ill = an_event(f"ill {point}", body=told(ill=2))  # once with its group, once by itself
    worker = station.start_worker(OCOP_FAULT=f"{point}:1")

    station.carry(first, second, ill)

    assert worker.wait(timeout=START) == -signal.SIGKILL
    assert f"died at fault point {point}" in station.log()
    worker = station.start_worker(OCOP_RETRY_LIMIT="9")
    station.carry(third)
    station.until_heard(point, [1, 2, 3])
    station.until_heard(f"ill {point}", [1])
    station.until(lambda: not any(station.waiting().values()))
    station.kill(worker)


@pytest.mark.parametrize("point", RELAYING)
def test_a_relay_that_dies_leaves_every_event_to_the_next_one(
    station: Station, point: str
) -> None:
    say(station.database, *(some_news(f"{point} {number}") for number in range(20)))
    worker = station.start_worker()
    dying = station.start_relay(OCOP_FAULT=f"{point}:1")
    code = dying.wait(timeout=START)

    relay = station.start_relay()

    ledger = settle(station)
    assert code == -signal.SIGKILL
    assert (ledger.lost, ledger.doubled, ledger.unsent, ledger.parked) == (0, 0, 0, 0), ledger
    station.kill(relay)
    station.kill(worker)


COLLECT = """
import sys
from chassis.database import Database
from chassis.fault_points import arm
from chassis.wire.collecting import Collector
url, broker, fault = sys.argv[1:]
arm(fault)
collector = Collector(Database("tally", url), broker)
collector.collect()
collector.close()
"""
"""Move what lies dead into the table."""


def collect(station: Station, fault: str = "") -> int:
    """The exit status of a process that collects once."""
    words = [sys.executable, "-c", COLLECT, station.database.url, station.broker_url, fault]
    return subprocess.run(words, timeout=START).returncode


@pytest.mark.parametrize("point", COLLECTING)
def test_a_collector_that_dies_leaves_each_dead_letter_in_the_table_once(
    station: Station, point: str
) -> None:
    worker = station.start_worker()
    station.carry(an_event(f"poison {point}", body=told(poison=True)))
    station.until(lambda: station.waiting()["ocop.tally.dead"] == 1)
    station.kill(worker)

    died = collect(station, f"{point}:1")
    again = collect(station)

    with station.database.reading() as session:
        lying = select(LETTER.state).where(LETTER.subject == f"poison {point}")
        states = session.scalars(lying).all()
    assert (died, again) == (-signal.SIGKILL, 0)
    assert states == [State.WAITING]
    assert not any(station.waiting().values())
