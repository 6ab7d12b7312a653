"""SIGKILL of any process at any moment, then a start: nothing lost, nothing done twice."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.system.province import OCOP, Province

pytestmark = pytest.mark.system

PLAN = "ba-huyen-2024"


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    return bare | dict(settings)


def demo(settings: Mapping[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*OCOP, "demo", PLAN, "--json", *words],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(settings: Mapping[str, str], *words: str) -> dict[str, Any]:
    """The table of a demo that runs to its end."""
    out, err = demo(settings, *words).communicate(timeout=240)
    assert out, err[-3000:]
    table: dict[str, Any] = json.loads(out)
    return table


def audit(settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*OCOP, "audit", "--json"], env=environment(settings), capture_output=True, text=True
    )


def embedded(folder: Path) -> dict[str, str]:
    return {"OCOP_DATA": str(folder), "OCOP_PROVINCE": "38"}


@pytest.mark.timeout(600)
def test_embedded_killed_again_and_again_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    undisturbed = finished(embedded(tmp_path / "calm"))
    settings = embedded(tmp_path / "killed")
    chance = random.Random(2024)  # noqa: S311  a schedule, not a secret

    for _ in range(8):
        process = demo(settings)
        time.sleep(1.2 + chance.random() * 1.5)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    survived = finished(settings)

    assert survived == undisturbed
    checked = audit(settings)
    assert checked.returncode == 0, checked.stdout[-3000:]


@pytest.mark.timeout(900)
def test_any_process_on_the_broker_may_be_killed(province: Province) -> None:
    chance = random.Random(38)  # noqa: S311  a schedule, not a secret
    names = [f"{kind} {service}" for service in SERVICES_AT_WORK for kind in ("worker", "relay")]
    province.start(*names)
    process = demo(province.environment, "--on", "broker", "--attach")
    kills = 0

    while kills < 12:
        time.sleep(chance.random() * 1.5)
        if kills % 4 == 3:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            process = demo(province.environment, "--on", "broker", "--attach")
        else:
            name = chance.choice(names)
            province.kill(name)
            province.start(name)
        kills += 1
    process.kill()
    process.communicate()
    table = finished(province.environment, "--on", "broker", "--attach")

    assert table["total"]["result"] == {"3": 12, "4": 0, "5": 2}
    checked = province.run("audit", "--json", "--wait", "30", check=False)
    assert checked.returncode == 0, checked.stdout[-3000:]


SERVICES_AT_WORK = ("registration", "evaluation", "certification", "promotion", "reporting")
