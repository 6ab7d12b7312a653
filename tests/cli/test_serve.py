"""`ocop serve` and `ocop relay` on real servers: children that live as long as they should, and no longer."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis import outbox
from chassis.clock import now
from chassis.inbox import inbox
from chassis.outbox import News, say
from chassis.settings import read
from cli.house import House
from tests import servers
from tests.cli.calling import Ocop
from tests.cli.running import Running, free_port, status_of

pytestmark = pytest.mark.system


@pytest.fixture
def ocop(broker: servers.Broker, postgres: servers.Databases, tmp_path: Path) -> Ocop:
    """An instance on servers, set up; no process runs yet."""
    call = Ocop(
        tmp_path,
        OCOP_BROKER_URL=broker.url,
        OCOP_DATABASE_URL=postgres.template,
        OCOP_TOKEN_SECRET="a secret for these tests and no other",
        OCOP_PORT=str(free_port()),
    )
    assert call("migrate").exit_code == 0
    assert call("topology", "apply").exit_code == 0
    return call


@pytest.fixture
def serving(ocop: Ocop, tmp_path: Path) -> Iterator[Running]:
    """`ocop serve promotion reporting`, ready."""
    running = Running(ocop.settings, tmp_path / "serve.log", "serve", "promotion", "reporting")
    running.until('"ready"', 4)  # web, relay, two workers
    yield running
    running.end(signal.SIGKILL)


def speak(ocop: Ocop, count: int = 1) -> None:
    """Promotion says that products are listed."""
    house = House(read(ocop.settings), ("promotion",))
    with house.database("promotion").transaction() as session:
        say(session, [a_listing() for _ in range(count)])
    house.close()


def a_listing() -> News:
    dossier = str(uuid4())
    data = {"dossier_id": dossier, "certificate_id": str(uuid4()), "product_name": "Gốm mẫu",
            "star": 3, "province": "38", "district": None, "commune": "14812",
            "listed_on": "2026-10-01"}  # fmt: skip
    return News(type="ProductListed", subject=dossier, time=now(), data=data)


def soon(holds: Callable[[], bool], timeout: float = 40) -> bool:
    """Whether it comes true."""
    end = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def heard(ocop: Ocop) -> int:
    """How many events reporting has heard."""
    house = House(read(ocop.settings), ("reporting",))
    with house.database("reporting").reading() as session:
        found = session.scalar(select(func.count()).select_from(inbox)) or 0
    house.close()
    return found


def unsent(ocop: Ocop) -> int:
    """How much of promotion's news was not sent yet."""
    house = House(read(ocop.settings), ("promotion",))
    with house.database("promotion").reading() as session:
        found, _ = outbox.depth(session)
    house.close()
    return found


def children_of(pid: int) -> dict[int, str]:
    """Its child processes and their command lines."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True
    )
    pairs = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return {int(pid): command for pid, command in pairs if "<defunct>" not in command}


def child(serving: Running, word: str) -> int:
    (pid,) = [pid for pid, command in children_of(serving.process.pid).items() if word in command]
    return pid


def test_web_relay_and_workers_run_as_children(ocop: Ocop, serving: Running) -> None:
    speak(ocop)

    assert len(children_of(serving.process.pid)) == 4
    assert (
        status_of(f"http://127.0.0.1:{ocop.settings['OCOP_PORT']}/reporting/openapi.json") == 200
    )
    assert soon(lambda: heard(ocop) == 1)


def test_children_that_died_are_started_again(ocop: Ocop, serving: Running) -> None:
    words = ("cli.main web", "cli.main relay", "ReportingService", "PromotionService")
    before = {word: child(serving, word) for word in words}

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    serving.until('"ready"', 8)

    assert [word for word in words if child(serving, word) == before[word]] == []
    speak(ocop)
    assert soon(lambda: heard(ocop) == 1)


def test_told_to_end_it_ends_with_all_its_children(ocop: Ocop, serving: Running) -> None:
    pids = list(children_of(serving.process.pid))

    assert serving.end(signal.SIGTERM) == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_killed_it_leaves_no_orphans(ocop: Ocop, serving: Running) -> None:
    pids = list(children_of(serving.process.pid))

    serving.end(signal.SIGKILL)

    assert soon(lambda: not any(alive(pid) for pid in pids))


def test_children_that_refuse_their_settings_end_it(ocop: Ocop, tmp_path: Path) -> None:
    settings = dict(ocop.settings) | {"OCOP_JWKS_FILE": "/no/such/file"}

    running = Running(settings, tmp_path / "refused.log", "serve", "promotion")

    assert running.process.wait(60) == 2


def test_a_relay_told_to_end_ends_well(ocop: Ocop, tmp_path: Path) -> None:
    running = Running(ocop.settings, tmp_path / "relay.log", "relay", "all")
    running.until('"ready"')
    speak(ocop, 50)

    assert running.end(signal.SIGTERM) == 0
    assert running.said('"stopped"') == 1


def test_when_the_leading_relay_dies_another_takes_over(ocop: Ocop, tmp_path: Path) -> None:
    words = ("relay", "promotion")
    first = Running(ocop.settings, tmp_path / "first.log", *words)
    first.until('"ready"')
    speak(ocop)
    assert soon(lambda: unsent(ocop) == 0)
    second = Running(ocop.settings, tmp_path / "second.log", *words)
    second.until('"ready"')

    first.end(signal.SIGKILL)
    speak(ocop, 3)

    assert soon(lambda: unsent(ocop) == 0)
    assert second.end() == 0


def alive(pid: int) -> bool:
    """Whether it runs; one that nobody reaps is dead too."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
