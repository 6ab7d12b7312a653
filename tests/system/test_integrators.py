"""Programs of integrators, with nothing of ours imported, read what a council said; both samples run as they are."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from chassis import migrating, outbox
from chassis.database import Database
from chassis.relay import Relay
from chassis.wire.publishing import BrokerCarrier
from chassis.wire.topology import declare, depths, topology
from contracts.envelope import source
from contracts.evaluation import ScoredAtDistrict
from tests import servers

pytestmark = pytest.mark.system

HOUSE = Path(__file__).resolve().parent.parent.parent
SAID = json.loads((HOUSE / "contracts/examples/ScoredAtDistrict.json").read_text())


@pytest.fixture
def evaluation(postgres: servers.Databases) -> Iterator[Database]:
    """Evaluation's database with a district's result in its outbox."""
    made = Database("evaluation", postgres.of("evaluation"))
    migrating.migrate(made)
    with made.transaction() as session:
        outbox.say(session, [_news()])
    yield made
    made.engine.dispose()


def test_a_plain_nameko_service_and_a_bare_client_read_a_result(
    broker: servers.Broker, evaluation: Database, tmp_path: Path
) -> None:
    declare(topology({"reporting": ("evaluation",)}), broker.url)
    nameko = _start(tmp_path / "nameko", "-m", "nameko", "run", "--broker", broker.url,
                    "examples.plain_nameko_service")  # fmt: skip
    bare = _start(tmp_path / "bare", "examples/bare_amqp_client.py", broker.url, "registry")
    try:
        _until(lambda: _listeners(broker.url) == 2, tmp_path)

        _relay(evaluation, broker.url)

        _until(lambda: _said(tmp_path / "nameko") and _said(tmp_path / "bare"), tmp_path)
    finally:
        for program in (nameko, bare):
            program.terminate()
            program.wait(timeout=20)
    (heard,), (read,) = _said(tmp_path / "nameko"), _said(tmp_path / "bare")
    assert heard == {"heard": "ScoredAtDistrict", "data": SAID["data"]}
    assert read["data"] == SAID["data"]
    assert (
        read["event"].items()
        >= {
            "specversion": "1.0",
            "type": "ScoredAtDistrict",
            "source": "/vn/38/evaluation",
            "subject": SAID["subject"],
            "sequence": "1",
        }.items()
    )


def test_a_bare_client_that_was_away_misses_nothing(
    broker: servers.Broker, evaluation: Database, tmp_path: Path
) -> None:
    declare(topology({"reporting": ("evaluation",)}), broker.url)
    before = _start(tmp_path / "before", "examples/bare_amqp_client.py", broker.url, "registry")
    _until(lambda: _listeners(broker.url) == 1, tmp_path)
    before.kill()
    before.wait()

    _relay(evaluation, broker.url)
    after = _start(tmp_path / "after", "examples/bare_amqp_client.py", broker.url, "registry")

    try:
        _until(lambda: _said(tmp_path / "after"), tmp_path)
    finally:
        after.terminate()
        after.wait(timeout=20)
    assert _said(tmp_path / "after")[0]["data"] == SAID["data"]


def _news() -> outbox.News:
    contract = ScoredAtDistrict()
    return outbox.News(
        type="ScoredAtDistrict",
        subject=SAID["subject"],
        time=datetime(2024, 11, 5, 8, tzinfo=UTC),
        data=contract.dump(contract.load(SAID["data"])),
    )


def _relay(database: Database, broker_url: str) -> None:
    carrier = BrokerCarrier(broker_url, confirm_timeout=5)
    relay = Relay(database, carrier, source=source("38", "evaluation"), batch=200, poll=1)
    assert relay.empty_once() == 1
    carrier.close()


def _start(log: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=HOUSE,
        env=environment,
        stdout=log.with_suffix(".out").open("ab"),
        stderr=log.with_suffix(".err").open("ab"),
    )


def _listeners(broker_url: str) -> int:
    """How many of the two programs' queues have a consumer."""
    with Connection(broker_url) as connection:
        connection.connect()
    queues = ("registry", "evt-evaluation-ScoredAtDistrict--result_board.on_scored")
    return sum(consumers for _, consumers in depths(queues, broker_url).values())


def _said(log: Path) -> list[Any]:
    lines = log.with_suffix(".out").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def _until(holds: Any, folder: Path) -> None:
    end = time.monotonic() + 30
    while not holds():
        words = [path.read_text()[-1500:] for path in folder.glob("*.err")]
        assert time.monotonic() < end, f"it never held: {words}"
        time.sleep(0.1)
