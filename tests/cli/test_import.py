"""`ocop import`: all rows or none, every rule applied, every error beside its row."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from chassis.settings import read
from cli.house import House
from tests.cli.calling import Ocop, assert_mistake

DOSSIER = {
    "kind": "household",
    "legal_name": "Hộ mẫu A",
    "public_name": "Hộ mẫu A",
    "representative": "Lê Văn Mẫu",
    "phone": "",
    "tax_code": "",
    "commune": "Phường Hạc Thành",
    "product_name": "Chè mẫu",
    "criteria_set": "QD26-11",
    "purpose": "",
    "pack": "QD26-2026",
    "on": "2026-10-01",
}


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    """An instance whose registration and reporting are migrated."""
    call = Ocop(tmp_path / "data")
    assert call("migrate", "registration", "reporting").exit_code == 0
    return call


def a_csv(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    written = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(written[0]))
        writer.writeheader()
        writer.writerows(written)
    return path


def a_workbook(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    written = list(rows)
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, list(written[0]))
        for number, row in enumerate(written, start=1):
            sheet.write_row(number, 0, list(row.values()))
    return path


def a_dossier(**changes: str) -> dict[str, Any]:
    return DOSSIER | changes


def count(ocop: Ocop, service: str, table: str) -> int:
    house = House(read(ocop.settings))
    with house.database(service).reading() as session:
        found = session.scalar(text(f"SELECT count(*) FROM {table}"))
    house.close()
    return int(found or 0)


def test_every_row_becomes_a_subject_an_idea_and_a_dossier(ocop: Ocop, tmp_path: Path) -> None:
    rows = [a_dossier(), a_dossier(product_name="Rau mẫu", criteria_set="QD26-01"),
            a_dossier(legal_name="Hộ mẫu B")]  # fmt: skip

    answer = ocop.json("import", "dossiers", str(a_csv(tmp_path / "d.csv", rows)))

    assert answer == {"rows": 3, "right": 3, "imported": 3, "refused": [], "errors": None}
    assert count(ocop, "registration", "dossiers") == 3
    assert count(ocop, "registration", "subjects") == 2
    assert count(ocop, "registration", "ideas WHERE status = 'selected'") == 3
    assert count(ocop, "registration", "outbox WHERE type = 'IdeaSelected'") == 3


def test_one_wrong_row_keeps_all_out_and_is_named(ocop: Ocop, tmp_path: Path) -> None:
    rows = [a_dossier(), a_dossier(legal_name="Hộ B", criteria_set="QD26-99")]

    answer = ocop.json("import", "dossiers", str(a_csv(tmp_path / "d.csv", rows)), status=2)

    assert answer["imported"] == 0
    assert answer["refused"] == [{"row": 3, "error": "QD26-2026 has no criteria set 'QD26-99'"}]
    assert count(ocop, "registration", "subjects") == 0
    assert count(ocop, "registration", "outbox") == 0


def test_only_the_good_rows_come_in_when_asked_for(ocop: Ocop, tmp_path: Path) -> None:
    rows = [a_dossier(), a_dossier(legal_name="Hộ B", criteria_set="QD26-99")]
    file = str(a_csv(tmp_path / "d.csv", rows))

    answer = ocop.json("import", "dossiers", file, "--only-good", status=2)

    assert answer["imported"] == 1
    assert count(ocop, "registration", "dossiers") == 1
    assert count(ocop, "registration", "subjects") == 1  # nothing is left of the refused row


def test_the_workbook_of_errors_can_be_mended_and_imported(ocop: Ocop, tmp_path: Path) -> None:
    file = a_csv(tmp_path / "d.csv", [a_dossier(), a_dossier(commune="Xã Nào Đó")])

    ocop("import", "dossiers", str(file))

    heading, line = (
        CalamineWorkbook.from_path(tmp_path / "d.errors.xlsx").get_sheet_by_index(0).to_python()
    )
    assert heading[:2] == ["row", "error"]
    assert line[0] == 3
    assert "Xã Nào Đó" in line[1]
    assert heading[2:] == list(DOSSIER)
    mended = dict(zip(heading, line, strict=True)) | {"commune": "Phường Hạc Thành"}
    assert (
        ocop.json("import", "dossiers", str(a_workbook(tmp_path / "m.xlsx", [mended])))["imported"]
        == 1
    )


def test_a_dry_run_does_everything_and_keeps_nothing(ocop: Ocop, tmp_path: Path) -> None:
    file = str(a_csv(tmp_path / "d.csv", [a_dossier()]))

    answer = ocop.json("import", "dossiers", file, "--dry-run")

    assert (answer["right"], answer["imported"]) == (1, 0)
    assert count(ocop, "registration", "dossiers") == 0


def test_the_same_file_again_brings_nothing_in_twice(ocop: Ocop, tmp_path: Path) -> None:
    file = str(a_csv(tmp_path / "d.csv", [a_dossier()]))
    ocop("import", "dossiers", file)

    again = ocop.json("import", "dossiers", file, status=2)

    assert again["imported"] == 0
    assert count(ocop, "registration", "dossiers") == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "castle"}, "kind"),
        ({"legal_name": ""}, "legal_name"),
        ({"tax_code": "12"}, "tax_code"),
        ({"commune": "99999"}, "no unit '99999'"),
        ({"pack": "QD148-2023"}, "QD148-2023"),
        ({"pack": "X"}, "no rule pack 'X'"),
        ({"purpose": "second"}, "purpose"),
        ({"on": "01/10/2026"}, "no day"),
        ({"on": "2099-01-01"}, "future"),
    ],
)
def test_every_rule_applies_to_a_row(
    ocop: Ocop, tmp_path: Path, changes: dict[str, str], says: str
) -> None:
    file = str(a_csv(tmp_path / "d.csv", [a_dossier(**changes)]))

    answer = ocop.json("import", "dossiers", file, status=2)

    assert says in answer["refused"][0]["error"]
    assert count(ocop, "registration", "subjects") == 0


def test_rows_of_one_subject_must_agree_about_it(ocop: Ocop, tmp_path: Path) -> None:
    rows = [a_dossier(), a_dossier(product_name="Rau mẫu", representative="Lê Thị Khác")]

    answer = ocop.json("import", "dossiers", str(a_csv(tmp_path / "d.csv", rows)), status=2)

    assert (
        answer["refused"][0]["error"]
        == "representative: row 2 says 'Lê Văn Mẫu' of the same subject"
    )


TARGETS = [
    {"area": "TP. Thanh Hoá", "3": 3, "4": 1, "5": 1},
    {"area": "Bỉm Sơn", "3": 3, "4": 0, "5": 0},
    {"area": "395", "3": 5, "4": 2, "5": 0},
]


@pytest.mark.parametrize("write", [a_csv, a_workbook])
def test_targets_are_entered_by_code_or_by_name_as_printed(
    ocop: Ocop, tmp_path: Path, write: Any
) -> None:
    file = write(tmp_path / f"t.{'csv' if write is a_csv else 'xlsx'}", TARGETS)

    answer = ocop.json("import", "targets", str(file), "--year", "2024", "--source", "QĐ mẫu")

    assert answer["imported"] == 3
    plan = ocop.json("act", "reporting", "GET", "/targets/2024")
    assert plan["source"] == "QĐ mẫu"
    assert {row["area"]: row["stars"] for row in plan["rows"]} == {
        "380": {"3": 3, "4": 1, "5": 1},
        "381": {"3": 3, "4": 0, "5": 0},
        "395": {"3": 5, "4": 2, "5": 0},
    }


def test_the_sums_of_a_printed_plan_must_add_up(ocop: Ocop, tmp_path: Path) -> None:
    right = [*TARGETS, {"area": "Tổng cộng", "3": 11, "4": 3, "5": 1}]
    wrong = [*TARGETS, {"area": "Tổng cộng", "3": 12, "4": 3, "5": 1}]

    taken = ocop.json("import", "targets", str(a_csv(tmp_path / "a.csv", right)), "--year", "2024")
    refused = ocop.json(
        "import", "targets", str(a_csv(tmp_path / "b.csv", wrong)), "--year", "2024", status=2
    )

    assert taken["imported"] == 3
    assert refused["refused"] == [
        {"row": 5, "error": "3: the sum is 12, but the rows add up to 11"}
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"area": "Xã Không Có", "3": 1, "4": 0, "5": 0}, "Xã Không Có"),
        ({"area": "382", "3": "ba", "4": 0, "5": 0}, "no whole number"),
        ({"area": "382", "3": -1, "4": 0, "5": 0}, "no whole number"),
        ({"area": "382", "3": "1.5", "4": 0, "5": 0}, "no whole number"),
        ({"area": "380", "3": 1, "4": 0, "5": 0}, "has a row already"),
        ({"area": "001", "3": 1, "4": 0, "5": 0}, "001"),
    ],
)
def test_a_wrong_target_is_named_by_its_row(
    ocop: Ocop, tmp_path: Path, row: dict[str, Any], says: str
) -> None:
    file = a_csv(tmp_path / "t.csv", [*TARGETS, row])

    answer = ocop.json("import", "targets", str(file), "--year", "2024", status=2)

    (refused,) = answer["refused"]
    assert refused["row"] == 5
    assert says in refused["error"]
    assert_mistake(ocop("act", "reporting", "GET", "/targets/2024"), "no targets")


@pytest.mark.parametrize("what", ["dossiers", "targets"])
def test_a_template_has_the_headings_that_an_import_reads(
    ocop: Ocop, tmp_path: Path, what: str
) -> None:
    file = tmp_path / "template.xlsx"

    ocop("import", "template", what, str(file), "--year", "2026")
    read_ = (
        ocop.json("import", what, str(file), "--year", "2026")
        if what == "targets"
        else ocop.json("import", what, str(file))
    )

    assert read_["refused"] == []
    assert read_["rows"] == (166 if what == "targets" else 0)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("broken.xlsx", b"PK\x03\x04 no more", "cannot be read as a workbook"),
        ("broken.csv", b"area,3,4,5\n\xff\xfe\xfa,1,1,1\n", "cannot be read as CSV"),
        ("empty.csv", b"", "is empty"),
        ("other.csv", b"name,price\n", "the column area is missing"),
        ("twice.csv", b"area,3,4,5,area\n", "area is there twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(
    ocop: Ocop, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert_mistake(ocop("import", "targets", str(tmp_path / name), "--year", "2024"), says)


def test_a_csv_with_semicolons_is_read(ocop: Ocop, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "\ufeffĐơn vị;3 sao;4 sao;5 sao\nThọ Xuân;5;2;0\n", encoding="utf-8"
    )

    answer = ocop.json("import", "targets", str(tmp_path / "t.csv"), "--year", "2024")

    assert answer["imported"] == 1
