"""`ocop queues`: in one table what waits where and since when; embedded, and beside real queues."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.cli.conftest import wait_until
from tests.cli.mailroom import Mailroom
from tests.cli.running import Running


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    """An embedded instance."""
    made = Mailroom(tmp_path)
    yield made
    made.close()


def lines(room: Mailroom) -> dict[str, Any]:
    return {line["service"]: line for line in room.ocop.json("queues")}


def test_an_instance_without_mail_has_nothing_waiting(room: Mailroom) -> None:
    found = lines(room)

    assert list(found) == list(room.house.services)
    assert all(
        line["outbox"] == line["parked"] == line["dead"] == 0 and line["outbox_age"] is None
        for line in found.values()
    )


def test_what_waits_is_counted_with_its_age(room: Mailroom) -> None:
    way = room.way("Chè lam")
    room.say(way.submitted(), received_on=None)
    room.say(way.verified())
    room.carry()
    room.say(way.withdrawn())

    found = lines(room)

    assert found["registration"]["outbox"] == 1
    assert found["registration"]["outbox_age"] >= 0
    assert (found["reporting"]["dead"], found["reporting"]["parked"]) == (1, 1)
    assert found["reporting"]["dead_age"] >= 0
    assert found["reporting"]["waiting"] is None
    assert "registration" in room.ocop("queues").stdout


def test_watching_tells_rates_until_it_is_interrupted(room: Mailroom) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    words = ("queues", "--watch", "--json", "--every", "0.3")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words],
        env=bare | dict(room.ocop.settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()

    room.say(room.way("Chè lam").submitted())
    room.carry()
    told = [json.loads(process.stdout.readline()) for _ in range(5)]
    process.send_signal(signal.SIGINT)

    rates = [line["rate"] for each in told for line in each if line["service"] == "reporting"]
    assert max(rates) > 0
    assert min(rates) == 0
    assert process.wait(10) == 0


@pytest.mark.system
def test_queues_are_told_with_the_age_of_their_oldest_event(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path
) -> None:
    room = Mailroom(
        tmp_path, OCOP_BROKER_URL=broker.url, OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET="a secret for the tests of queues alone",
    )  # fmt: skip
    assert room.ocop("topology", "apply").exit_code == 0
    room.say(room.way("Chè lam").submitted(), room.way("Mắm tép").submitted())
    room.carry()
    time.sleep(1.1)
    before = lines(room)["reporting"]

    worker = Running(room.ocop.settings, tmp_path / "worker.log", "worker", "reporting")
    worker.until("listening")
    wait_until(lambda: room.heard() == 2)
    after = lines(room)["reporting"]
    worker.end()
    room.close()

    assert (before["waiting"], before["workers"]) == (2, 0)
    assert 1 <= before["waiting_age"] < 60
    assert (after["waiting"], after["waiting_age"], after["workers"]) == (0, None, 1)
    assert (after["retry"], after["dead_queue"]) == (0, 0)
