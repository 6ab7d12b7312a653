"""`ocop regulation import`: a set that an operator adds, from its file to the register and back out of a backup."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from chassis.settings import read
from cli.demo import plan
from cli.demo.command import _walk
from cli.demo.office import Office, ocop_officer
from cli.embedded import Embedded
from cli.house import House
from tests.builders.added_sets import CODE, only_the_published_law, shown_set, written
from tests.cli.calling import Ocop, assert_mistake

PACK = "QD148-2023"


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    with only_the_published_law():
        yield


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    return Ocop(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, shown_set())


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Ocop:
    """A sample year through the real API, in which every other dossier is filed under the added set."""
    folder = tmp_path_factory.mktemp("year")
    made = Ocop(folder / "data")
    assert made("regulation", "import", PACK, str(written(folder, shown_set()))).exit_code == 0
    sample = plan.read("ba-huyen-2024")
    products = (
        replace(each, criteria_set=CODE) if each.number % 2 else each for each in sample.products
    )
    house = House(read(made.settings))
    house.migrate()
    with Embedded(house):
        _walk(replace(sample, products=tuple(products)), house, Console(quiet=True))
    house.close()
    return made


def held(year: Ocop, path: str) -> Any:
    house = House(read(year.settings))
    try:
        return Office(house, "test").read(path, ocop_officer("38"))
    finally:
        house.close()


def home(ocop: Ocop) -> Path:
    return ocop.data / "law" / PACK


def test_dossiers_are_filed_rated_and_certified_under_the_added_set(year: Ocop) -> None:
    rated = held(year, "/evaluation/assessments?limit=200")

    sets = {each["criteria_set"] for each in rated}
    assert sets == {CODE, "QD148-PARTS"}
    stars = {each["star"] for each in rated if each["criteria_set"] == CODE}
    assert {3, 4, 5} & stars


def test_every_result_is_recomputed_to_the_same(year: Ocop) -> None:
    told = year.json("rating", "recompute", "--all")

    assert told["recomputed"] > 10
    assert told["different"] == []


def test_a_stored_result_that_comes_out_otherwise_is_a_fault(year: Ocop, tmp_path: Path) -> None:
    tampered = Ocop(Path(shutil.copytree(year.data, tmp_path / "copy")))
    with sqlite3.connect(tampered.data / "evaluation.sqlite") as database:
        (id_, kept), *_ = database.execute(
            "SELECT id, conclusion FROM assessments WHERE conclusion IS NOT NULL AND conclusion <> 'null'"
        )
        told = json.loads(kept)
        told["result"]["mean"] = "99"
        database.execute(
            "UPDATE assessments SET conclusion = ? WHERE id = ?", (json.dumps(told), id_)
        )

    found = tampered.json("rating", "recompute", "--all", status=1)

    assert [UUID(each).hex for each in found["different"]] == [UUID(id_).hex]


def test_what_was_rated_by_the_added_set_is_simulated_and_part_totals_are_left_out(
    year: Ocop,
) -> None:
    rated = held(year, "/evaluation/assessments?limit=200")
    detailed = [
        each for each in rated if each["criteria_set"] == CODE and each["star"] is not None
    ]

    told = year.json("regulation", "simulate", "QD26-2026")

    assert told["assessments"] == len(detailed) > 0


def test_the_set_is_shown_as_it_was_given_and_compared(year: Ocop) -> None:
    assert year.json("regulation", "show", PACK, CODE) == shown_set()

    told = year.json("regulation", "diff", PACK, "QD26-2026")
    (kin,) = [each for each in told["sets"] if each["before"] == CODE]
    assert (kin["after"], kin["changes"]) == ("QD26-01", [])


def test_a_lost_set_comes_back_only_with_the_same_results(year: Ocop, tmp_path: Path) -> None:
    lost = Ocop(year.data, OCOP_LAW=str(tmp_path))
    others = shown_set()
    criteria = [c for p in others["parts"] for s in p["sections"] for c in s["criteria"]]
    for option in (o for c in criteria if not c["minimums"] for o in c["options"][:-1]):
        option["points"] = 0

    refused = lost("regulation", "import", PACK, str(written(tmp_path, others)), "--dry-run")
    same = lost("regulation", "import", PACK, str(written(tmp_path, shown_set())), "--dry-run")

    assert_mistake(refused, f"{CODE} is not the set by which", "the result differs")
    assert same.exit_code == 0, same.output


def test_a_backup_brings_the_added_sets_along(year: Ocop, tmp_path: Path) -> None:
    assert year("backup", str(tmp_path / "backup")).exit_code == 0
    restored = Ocop(tmp_path / "restored")

    result = restored("restore", str(tmp_path / "backup"), "--verify")

    assert result.exit_code == 0, result.output
    assert restored.json("rating", "recompute", "--all")["different"] == []


def test_a_dry_run_writes_nothing(ocop: Ocop, file: Path) -> None:
    told = ocop.json("regulation", "import", PACK, str(file), "--dry-run")

    assert told["written"] is False
    assert told["sets"][0]["state"] == "new"
    assert not home(ocop).exists()


def test_the_template_can_be_imported_as_it_is_printed(ocop: Ocop, tmp_path: Path) -> None:
    (tmp_path / "set.yaml").write_text(ocop("regulation", "template").stdout, "utf-8")

    result = ocop("regulation", "import", PACK, str(tmp_path / "set.yaml"))

    assert result.exit_code == 0, result.output
    assert "Start every process" in result.stdout
    assert sorted(path.name for path in home(ocop).iterdir()) == ["QD148-01.yaml", "SEALED"]


def test_one_fault_keeps_all_files_out(ocop: Ocop, file: Path, tmp_path: Path) -> None:
    bad = written(tmp_path, shown_set("QD148-02", group="XX"), "bad.json")

    result = ocop("regulation", "import", PACK, str(file), str(bad))

    assert_mistake(result, f"{PACK}/QD148-02: group XX is none of")
    assert not home(ocop).exists()


def test_a_pack_whose_sets_are_known_takes_no_others(ocop: Ocop, file: Path) -> None:
    assert_mistake(ocop("regulation", "import", "QD26-2026", str(file)), "has its criteria sets")
    assert_mistake(ocop("regulation", "import", "QD1-1900", str(file)), "there is no rule pack")


def test_a_changed_set_stops_the_start_and_is_told_by_the_doctor(ocop: Ocop, file: Path) -> None:
    assert ocop("regulation", "import", PACK, str(file)).exit_code == 0
    path = home(ocop) / f"{CODE}.yaml"
    path.write_text(path.read_text("utf-8").replace("points: 3", "points: 2"), "utf-8")

    for words in (("up",), ("rate", "--pack", PACK, "--set", CODE, "--sheets", "-")):
        assert_mistake(ocop(*words, given="{}"), "QD148-01.yaml: differs from the seal")
    findings = ocop.json("doctor", status=1)["findings"]

    (told,) = [each for each in findings if each["about"] == "added criteria sets"]
    assert told["state"] == "fault"
    assert "differs from the seal" in told["seen"]


def test_a_worker_refuses_a_changed_set_in_one_line(ocop: Ocop, file: Path) -> None:
    assert ocop("regulation", "import", PACK, str(file)).exit_code == 0
    with (home(ocop) / f"{CODE}.yaml").open("a") as added:
        added.write("# changed\n")

    ended = subprocess.run(
        [sys.executable, "-m", "chassis.wire.runner"],
        env=dict(os.environ) | ocop.settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    (told,) = ended.stderr.splitlines()
    assert told.startswith("ocop: ")
    assert f"{CODE}.yaml: differs from the seal" in told


def test_a_deleted_set_is_mended_by_importing_it_again(ocop: Ocop, file: Path) -> None:
    assert ocop("regulation", "import", PACK, str(file)).exit_code == 0
    (home(ocop) / f"{CODE}.yaml").unlink()

    assert_mistake(ocop("regulation", "show", PACK), "differs from the seal")
    assert ocop("regulation", "import", PACK, str(file)).exit_code == 0
    assert CODE in ocop("regulation", "show", PACK).stdout


def test_a_changed_set_is_mended_by_importing_it_again(ocop: Ocop, file: Path) -> None:
    assert ocop("regulation", "import", PACK, str(file)).exit_code == 0
    path = home(ocop) / f"{CODE}.yaml"
    path.write_text("code: QD148-01\n", "utf-8")

    assert ocop("regulation", "import", PACK, str(file)).exit_code == 0
    assert ocop.json("regulation", "show", PACK, CODE) == shown_set()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ocop = Ocop(tmp_path, OCOP_LAW=str(tmp_path / "nowhere"))

    assert_mistake(ocop("regulation", "show", PACK), "OCOP_LAW: must be a folder that is there")
