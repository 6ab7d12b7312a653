"""The model of delivery holds, and finds what each planted fault would do: so it is able to."""

import shutil
import subprocess

import pytest

from tests.house.house import ROOT
from tests.servers.machine import NoServer, install


@pytest.fixture(scope="module", autouse=True)
def _spin() -> None:
    if shutil.which("spin") and shutil.which("cc"):
        return
    try:
        install("spin", "gcc", "libc6-dev")
    except NoServer as reason:
        pytest.skip(str(reason))


def check(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "bin" / "model", *words], capture_output=True, text=True)


@pytest.mark.parametrize(
    ("what", "events", "faults"), [("safety", 3, 1), ("safety", 2, 1), ("liveness", 2, 1)]
)
def test_nothing_is_lost_doubled_disordered_or_stuck(what: str, events: int, faults: int) -> None:
    done = check(what, f"-DEVENTS={events}", f"-DFAULTS={faults}")

    assert done.returncode == 0, done.stdout[-3000:]
    assert "errors: 0" in done.stdout


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (
            "TWO_WRITES",
            "said==state",
        ),  # state and event in two commits: a fact that nobody hears of
        ("MARK_FIRST", "effects[1]==1"),  # marked before it was confirmed: lost
        ("ACK_FIRST", "effects[1]==1"),  # acknowledged before the commit: lost
        ("NO_INBOX", "effects[e]==0"),  # delivered again: done twice
        ("NO_PARKING", "e==(last+1)"),  # heard as it arrives: out of order
        ("NO_LOCK", "effects[1]==1"),  # two workers read before either has written: stuck
    ],
)
def test_a_planted_fault_is_found(planted: str, found: str) -> None:
    done = check("safety", f"-D{planted}")

    assert done.returncode == 1
    assert "assertion violated" in done.stdout
    assert found in done.stdout


def test_a_relay_that_is_busy_for_ever_with_one_event_is_found_by_the_lack_of_progress() -> None:
    planted = ("-DEVENTS=2", "-DNEVER_MARK")

    assert check("safety", *planted).returncode == 0
    done = check("liveness", *planted)

    assert done.returncode == 1
    assert "acceptance cycle" in done.stdout
