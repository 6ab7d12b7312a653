"""`ocop backup` and `ocop restore`: what comes back is what was there, at one moment, or nothing is touched."""

import hashlib
import json
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.cli.calling import Ocop, assert_mistake
from tests.cli.conftest import wait_until
from tests.cli.mailroom import Mailroom
from tests.cli.running import Running


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Ocop:
    """An embedded instance with a sample year in it."""
    made = Ocop(tmp_path_factory.mktemp("year"))
    assert made("demo", "ba-huyen-2024", "--json").exit_code == 0
    return made


@pytest.fixture(params=["backup.tar", "backup"])
def backup(request: pytest.FixtureRequest, year: Ocop, tmp_path: Path) -> Path:
    """A backup of it, as a tar file and as a folder."""
    path = tmp_path / str(request.param)
    result = year("backup", str(path))
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Ocop:
    """An instance with nothing in it."""
    return Ocop(tmp_path / "restored")


def manifest(backup: Path) -> dict[str, object]:
    if backup.is_dir():
        return dict(json.loads((backup / "manifest.json").read_text()))
    with tarfile.open(backup) as tar:
        return dict(json.load(tar.extractfile("manifest.json")))  # type: ignore[arg-type]  # it is a file


def test_a_restored_instance_answers_as_the_first_one_did(
    year: Ocop, backup: Path, empty: Ocop
) -> None:
    result = empty("restore", str(backup), "--verify")

    assert result.exit_code == 0, result.output
    assert "is what the backup says" in result.stderr
    assert empty.json("audit") == year.json("audit")
    assert _evidence(empty) == _evidence(year) != []


def test_a_backup_tells_what_is_in_it(year: Ocop, backup: Path) -> None:
    told = manifest(backup)

    services = told["services"]
    assert (told["province"], told["kind"]) == ("38", "sqlite")
    assert services["registration"]["rows"]["dossiers"] == 18  # type: ignore[index]  # a mapping
    assert services["registration"]["outbox_position"] > 0  # type: ignore[index]  # a mapping
    assert services["registration"]["migrations"]["chassis"] >= "0002"  # type: ignore[index]  # a mapping
    assert all(len(file["sha256"]) == 64 for file in told["files"].values())  # type: ignore[attr-defined]  # a mapping
    assert backup.stat().st_mode & 0o077 == 0


def test_an_instance_that_holds_anything_is_not_written_over(year: Ocop, backup: Path) -> None:
    before = year.json("audit")

    assert_mistake(year("restore", str(backup)), "holds data already", "--force")
    forced = year("restore", str(backup), "--force", "--verify")

    assert forced.exit_code == 0, forced.output
    assert year.json("audit") == before


def test_a_damaged_backup_touches_nothing(year: Ocop, empty: Ocop, tmp_path: Path) -> None:
    year("backup", str(tmp_path / "backup"))
    victim = next((tmp_path / "backup" / "evidence").glob("??/*"))
    victim.write_bytes(b"something else")

    result = empty("restore", str(tmp_path / "backup"))

    assert result.exit_code == 1
    assert "damaged: evidence/" in result.stderr
    assert list(empty.data.glob("*.sqlite")) == []


@pytest.mark.parametrize("left", [0.3, 0.9])
def test_a_backup_that_was_cut_short_touches_nothing(
    year: Ocop, empty: Ocop, tmp_path: Path, left: float
) -> None:
    whole = tmp_path / "whole.tar"
    year("backup", str(whole))
    content = whole.read_bytes()
    (tmp_path / "cut.tar").write_bytes(content[: int(len(content) * left)])

    result = empty("restore", str(tmp_path / "cut.tar"))

    assert result.exit_code in (1, 2)
    assert len(result.stderr.splitlines()) == 1
    assert list(empty.data.glob("*.sqlite")) == []


def test_a_dry_run_only_checks(backup: Path, empty: Ocop) -> None:
    result = empty("restore", str(backup), "--dry-run")

    assert result.exit_code == 0
    assert "is whole, and fits" in result.stdout
    assert list(empty.data.glob("*.sqlite")) == []


def test_a_backup_that_does_not_fit_is_refused(year: Ocop, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    year("backup", str(path))
    other = Ocop(tmp_path / "other", OCOP_PROVINCE="91")
    same = Ocop(tmp_path / "same")

    wrong_province = other("restore", str(path))
    told = json.loads((path / "manifest.json").read_text())
    told["services"]["evaluation"]["migrations"]["evaluation"] = "9999"
    (path / "manifest.json").write_text(json.dumps(told))
    too_new = same("restore", str(path))

    assert_mistake(wrong_province, "province 38", "serves 91")
    assert_mistake(too_new, "evaluation 9999", "newer")


def test_nothing_that_is_there_is_written_over_by_a_backup(year: Ocop, backup: Path) -> None:
    assert_mistake(year("backup", str(backup)), "is there already")


def test_a_backup_under_load_is_of_one_moment(tmp_path: Path) -> None:
    """Nothing is heard in it that was not said in it, and nothing was sent in it that was not heard."""
    room = Mailroom(tmp_path / "busy")
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            room.say(room.way(f"Sản phẩm {number}").submitted())
            room.carry()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        taken = [room.ocop("backup", str(tmp_path / f"{turn}.tar")) for turn in range(5)]
    finally:
        stop.set()
        thread.join()
        room.close()

    assert [each.exit_code for each in taken] == [0] * 5
    for turn in range(5):
        restored = Ocop(tmp_path / f"restored-{turn}")
        assert restored("restore", str(tmp_path / f"{turn}.tar")).exit_code == 0
        lines = restored.json("audit", status=restored("audit").exit_code)["events"]
        assert sum(line["strangers"] + line["lost"] for line in lines) == 0
        shutil.rmtree(restored.data)


def test_until_all_databases_are_being_read_none_can_be_written_to(tmp_path: Path) -> None:
    room = Mailroom(tmp_path / "busy")
    taken: list[int] = []
    last = sqlite3.connect(room.ocop.data / "reporting.sqlite", isolation_level=None)
    first = sqlite3.connect(
        room.ocop.data / "registration.sqlite", isolation_level=None, timeout=0
    )
    last.execute("BEGIN IMMEDIATE")

    thread = threading.Thread(
        target=lambda: taken.append(room.ocop("backup", str(tmp_path / "b.tar")).exit_code)
    )
    thread.start()
    wait_until(lambda: _is_locked(first))
    last.rollback()
    thread.join()

    assert taken == [0]
    assert not _is_locked(first)
    room.close()


def _is_locked(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    connection.rollback()
    return False


@pytest.fixture
def province(
    broker: servers.Broker, postgres: servers.Databases, tmp_path: Path
) -> Iterator[Mailroom]:
    """An instance on servers."""
    made = Mailroom(tmp_path / "data", **on(broker, postgres))
    assert made.ocop("topology", "apply").exit_code == 0
    yield made
    made.close()


def on(broker: servers.Broker, postgres: servers.Databases) -> dict[str, str]:
    return {
        "OCOP_BROKER_URL": broker.url,
        "OCOP_DATABASE_URL": postgres.template,
        "OCOP_TOKEN_SECRET": "a secret for the restore drill alone",
    }


@pytest.mark.system
@pytest.mark.timeout(300)
def test_the_restore_drill_on_servers(
    province: Mailroom,
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path: Path,
) -> None:
    """A year's data, and nothing else than the backup: other databases, another broker, another data folder."""
    demo = province.ocop("demo", "ba-huyen-2024", "--on", "broker", "--json")
    taken = province.ocop("backup", str(tmp_path / "b.tar"))

    with broker_server.vhost() as vhost, postgres_server.databases() as databases:
        anew = Mailroom(tmp_path / "anew", **on(vhost, databases))
        restored = anew.ocop("restore", str(tmp_path / "b.tar"), "--verify")
        audits = [each.ocop.json("audit") for each in (province, anew)]
        again = anew.ocop("restore", str(tmp_path / "b.tar"))
        forced = anew.ocop("restore", str(tmp_path / "b.tar"), "--force", "--verify")
        anew.close()

    assert demo.exit_code == 0, demo.output
    assert taken.exit_code == 0, taken.output
    assert restored.exit_code == 0, restored.output
    assert audits[1] == audits[0]
    assert audits[1]["clean"]
    assert_mistake(again, "holds data already")
    assert forced.exit_code == 0, forced.output


@pytest.mark.system
def test_what_was_on_the_broker_is_heard_after_the_restore_on_a_new_broker(
    province: Mailroom,
    broker_server: servers.BrokerServer,
    postgres_server: servers.PostgresServer,
    tmp_path: Path,
) -> None:
    for number in range(10):
        way = province.way(f"Sản phẩm {number}")
        province.say(way.submitted(), way.verified())
    province.carry()
    worker = Running(province.ocop.settings, tmp_path / "worker.log", "worker", "evaluation")
    wait_until(lambda: province.heard("evaluation") == 20)
    worker.end()
    taken = province.ocop("backup", str(tmp_path / "b.tar"))
    refused = province.ocop("restore", str(tmp_path / "b.tar"), "--force")

    with broker_server.vhost() as vhost, postgres_server.databases() as databases:
        anew = Mailroom(tmp_path / "anew", **on(vhost, databases))
        anew.ocop("topology", "apply")
        restored = anew.ocop("restore", str(tmp_path / "b.tar"))
        processes = [
            Running(anew.ocop.settings, tmp_path / f"{name}.log", name, "all")
            for name in ("relay", "worker")
        ]
        wait_until(lambda: anew.heard() == 20)
        wait_until(lambda: anew.heard("certification") == 20)
        for process in processes:
            process.end()
        effects = [anew.count("reporting", "events"), anew.count("evaluation", "inbox")]
        anew.close()

    assert taken.exit_code == 0, taken.output
    assert_mistake(refused, "ocop.", "messages of another time")
    assert restored.exit_code == 0, restored.output
    assert effects == [20, 20]


def _evidence(ocop: Ocop) -> list[str]:
    files = sorted((ocop.data / "evidence").glob("??/*"))
    assert all(hashlib.sha256(file.read_bytes()).hexdigest() == file.name for file in files)
    return [file.name for file in files]
