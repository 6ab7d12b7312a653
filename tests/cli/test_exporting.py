"""`ocop export`: every row once, in a file that a person or a program opens, whole or not there."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import update

from chassis.settings import read
from cli.house import House
from services.reporting.storage import dossiers
from tests.builders.voices import Voices, Way
from tests.cli.calling import Ocop, assert_mistake


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    found = Ocop(tmp_path)
    assert found("migrate").exit_code == 0
    return found


@pytest.fixture
def house(ocop: Ocop) -> House:
    """A year with three dossiers, one of them certified."""
    house = House(read(ocop.settings))
    voices = Voices()
    for number in range(3):
        Way(voices, f"Chè mẫu {number}").submitted()
    Way(voices, "Chè mẫu 0").certified()
    house.hearer("reporting").hear(voices.said)
    house.hearer("promotion").hear(voices.said)
    return house


def test_every_dossier_is_a_line_of_csv(ocop: Ocop, house: House) -> None:
    result = ocop("export", "dossiers")

    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert result.exit_code == 0, result.output
    assert sorted(row["product_name"] for row in rows) == [f"Chè mẫu {n}" for n in range(3)]
    assert [row["certificate_number"] for row in rows].count("") == 2


def test_a_stage_and_a_year_narrow_it(ocop: Ocop, house: House, tmp_path: Path) -> None:
    out = tmp_path / "certified.jsonl"

    result = ocop("export", "dossiers", "--year", "2024", "--stage", "certified",
                  "--format", "jsonl", "--out", str(out))  # fmt: skip

    assert f"{out}: 1 rows" in result.stdout
    [line] = out.read_text().splitlines()
    assert json.loads(line)["product_name"] == "Chè mẫu 0"


def test_excel_opens_it_and_reckons_with_no_text(ocop: Ocop, house: House, tmp_path: Path) -> None:
    with house.database("reporting").transaction() as session:
        session.execute(update(dossiers).values(producer="=1+1"))
    out = tmp_path / "all.csv"

    ocop("export", "dossiers", "--format", "excel", "--out", str(out))

    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert {row["producer"] for row in csv.DictReader(raw.decode("utf-8-sig").splitlines())} == {
        "'=1+1"
    }


def test_only_what_is_listed_is_in_the_catalogue(ocop: Ocop, house: House) -> None:
    assert ocop("export", "catalogue", "--format", "jsonl").stdout == ""


def test_a_year_without_the_programme_is_a_mistake(ocop: Ocop) -> None:
    assert_mistake(ocop("export", "dossiers", "--year", "1999"), "--year")


def test_an_export_that_fails_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "all.csv"

    result = Ocop(tmp_path)("export", "dossiers", "--out", str(out))

    assert result.exit_code != 0
    assert list(tmp_path.glob("all.csv*")) == []
