"""Promise: under faults of every process the ledger ends with lost 0, doubled 0, disordered 0, stuck 0."""

import random
import signal
import subprocess
import time

import pytest

from tests.chassis.station import Station
from tests.promises.ledger import settle, talking

pytestmark = pytest.mark.system


def test_two_relays_and_three_workers_killed_and_frozen_keep_the_ledger_balanced(
    station: Station,
) -> None:
    chance = random.Random(2026)  # noqa: S311  a schedule, not a secret
    starts = [station.start_relay] * 2 + [station.start_worker] * 3
    running = [start() for start in starts]

    with talking(station.database):
        for _ in range(10):
            victim = chance.randrange(len(running))
            if chance.random() < 0.5:
                station.kill(running[victim])
                running[victim] = starts[victim]()
            else:
                _freeze(running[victim], chance.uniform(0.2, 0.8))
    ledger = settle(station)

    assert ledger.said > 500
    assert ledger.balanced, ledger


def _freeze(process: subprocess.Popen[bytes], seconds: float) -> None:
    process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    process.send_signal(signal.SIGCONT)
