"""Every named fault point is in the code and passed in a normal run; what dying there costs, the promises say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis import fault_points
from chassis.relay import Relay
from chassis.wire.collecting import Collector
from chassis.wire.publishing import BrokerCarrier
from tests import servers
from tests.chassis.station import Station, a_station, told
from tests.chassis.tally import SOURCE, an_event, say, some_news

CHASSIS = Path(fault_points.__file__).parent


@pytest.fixture
def passed() -> Iterator[set[str]]:
    """The points that this process passes while the test runs."""
    points: set[str] = set()
    fault_points.watch(points.add)
    yield points
    fault_points.watch(None)


@pytest.fixture(scope="module")
def station(
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Station]:
    """A station for all tests of this module, whose workers are stopped."""
    folder = tmp_path_factory.mktemp("station")
    with a_station(broker_server, postgres_server, folder) as made:
        yield made


def of(*sayers: str) -> set[str]:
    return {point for point in fault_points.POINTS if point.startswith(sayers)}


def test_the_list_names_every_point_in_the_code_and_no_other() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in CHASSIS.rglob("*.py")]

    reached = {
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "reach"
        and isinstance(node.args[0], ast.Constant)
    }

    assert reached == set(fault_points.POINTS)


@pytest.mark.parametrize("fault", ["", "outbox", "outbox.before-insert:0", "nowhere:1"])
def test_a_fault_that_names_no_point_and_count_is_refused(fault: str) -> None:
    with pytest.raises(fault_points.NoSuchPoint, match=r"outbox\.before-insert"):
        fault_points.parsed(fault)


@pytest.mark.system
def test_saying_and_carrying_pass_all_their_points(station: Station, passed: set[str]) -> None:
    carrier = BrokerCarrier(station.broker_url, confirm_timeout=5)

    say(station.database, some_news("said"))
    Relay(station.database, carrier, source=SOURCE, batch=200, poll=1).empty_once()

    carrier.close()
    assert passed == of("outbox", "transaction", "relay")


@pytest.mark.system
def test_collecting_passes_all_its_points(station: Station, passed: set[str]) -> None:
    worker = station.start_worker()
    station.carry(an_event("poisoned", body=told(poison=True)))
    station.until(lambda: station.waiting()["ocop.tally.dead"] == 1)
    worker.kill()
    collector = Collector(station.database, station.broker_url)

    collected = collector.collect()

    collector.close()
    assert collected == 1
    assert passed == of("collector", "transaction")
