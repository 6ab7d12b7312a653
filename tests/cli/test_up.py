"""`ocop up`: a whole instance in one process, which may be killed at any moment."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.settings import SERVICES
from tests.cli.calling import Ocop, assert_mistake
from tests.cli.running import Running, free_port, status_of

COMMUNE, PROVINCE = "14812", "38"
CLERK = ("--as", "clerk-7", "--grant", f"commune-officer@{COMMUNE}")
OFFICER = ("--as", "officer-1", "--grant", f"ocop-officer@{PROVINCE}")


class Instance:
    """An `ocop up` that may be started again and again on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.ocop = Ocop(folder / "data")
        self.port = free_port()
        self._log = folder / "up.log"
        self.running: Running | None = None

    def start(self) -> Running:
        seen = self._log.read_text().count('"ready"') if self._log.exists() else 0
        words = ("up", "--port", str(self.port))
        self.running = Running(self.ocop.settings, self._log, *words)
        self.running.until('"ready"', seen + 1)
        return self.running

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def select_an_idea(self) -> str:
        """Three acts over HTTP, the last of which says an event that three services hear."""
        subject, idea = uuid4(), uuid4()
        household = {"kind": "household", "legal_name": "Hộ mẫu", "public_name": "Hộ mẫu",
                     "representative": "Lê Văn Mẫu", "commune": COMMUNE}  # fmt: skip
        self._act("PUT", f"subjects/{subject}", household, CLERK)
        self._act("PUT", f"ideas/{idea}", {"subject_id": str(subject), "title": "Gốm mẫu"}, CLERK)
        self._act("POST", f"ideas/{idea}/select", {}, OFFICER)
        return str(idea)

    def _act(self, verb: str, path: str, body: object, who: tuple[str, ...]) -> None:
        minted = self.ocop("token", "--id", who[1], "--grant", who[3]).stdout.strip()
        there = ("--url", self.url(""), "--token", minted)
        self.ocop.json("act", "registration", verb, path, "--data", json.dumps(body), *there)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    made = Instance(tmp_path)
    yield made
    if made.running is not None:
        made.running.end(signal.SIGKILL)


def test_all_services_answer_behind_one_port(instance: Instance) -> None:
    instance.start()

    answers = {
        service: status_of(instance.url(f"/{service}/openapi.json")) for service in SERVICES
    }

    assert answers == dict.fromkeys(SERVICES, 200)
    assert status_of(instance.url("/")) == 200
    assert status_of(instance.url("/no-such-page")) == 404


def test_what_is_said_is_heard_and_accounted_for(instance: Instance) -> None:
    instance.start()

    idea = instance.select_an_idea()

    report = instance.ocop.json("audit", "--wait", "20")
    assert report["clean"]
    (event,) = instance.ocop.json("events", "show", idea)
    assert event["heard_by"] == ["evaluation", "certification", "reporting"]


def test_killed_at_any_moment_nothing_is_lost_or_done_twice(instance: Instance) -> None:
    ideas = []
    for _ in range(4):
        running = instance.start()
        ideas.append(instance.select_an_idea())
        running.end(signal.SIGKILL)  # the answer is out; its event may be anywhere

    instance.start()

    report = instance.ocop.json("audit", "--wait", "20")
    (selected,) = [each for each in report["events"] if each["type"] == "IdeaSelected"]
    assert selected["said"] == 4
    assert selected["heard"] == {"evaluation": 4, "certification": 4, "reporting": 4}
    assert report["clean"]


def test_told_to_end_it_ends_well(instance: Instance) -> None:
    running = instance.start()

    assert running.end(signal.SIGTERM) == 0
    assert running.said('"stopped"') == 1
    assert instance.start().end(signal.SIGINT) == 0


def test_a_data_folder_serves_one_instance(instance: Instance) -> None:
    running = instance.start()

    second = instance.ocop("up", "--port", str(free_port()))

    assert_mistake(second, "is in use", str(running.process.pid))


def test_a_port_that_is_taken_is_told_in_one_line(instance: Instance, tmp_path: Path) -> None:
    instance.start()

    log = tmp_path / "other.log"
    other = Running({}, log, "up", "--port", str(instance.port), "--data", str(tmp_path / "other"))

    assert other.process.wait(30) == 1
    assert f"cannot listen on 127.0.0.1:{instance.port}" in log.read_text().splitlines()[-1]


def test_it_is_refused_where_a_broker_is_set(tmp_path: Path) -> None:
    settings = {
        "OCOP_BROKER_URL": "amqp://localhost",
        "OCOP_DATABASE_URL": "sqlite:///{service}.sqlite",
    }

    assert_mistake(Ocop(tmp_path, **settings)("up"), "OCOP_BROKER_URL", "ocop serve all")
