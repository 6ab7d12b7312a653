"""`ocop rate`: the shape that is printed, and every mistake in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Ocop, assert_mistake

PACK = ("--pack", "QD26-2026", "--set", "QD26-01")


@pytest.fixture
def ocop(tmp_path: Path) -> Ocop:
    return Ocop(tmp_path)


def rated(ocop: Ocop, sheets: Any, *words: str) -> Any:
    given = json.dumps(sheets)
    result = ocop("rate", *PACK, "--sheets", "-", "--json", *words, given=given)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def some_sheets(*choices: dict[str, int], **more: Any) -> dict[str, Any]:
    members = [{"member": f"m{n}", "choices": each} for n, each in enumerate(choices)]
    return {"sheets": members} | more


def test_the_answer_has_the_public_shape(ocop: Ocop) -> None:
    answer = rated(ocop, some_sheets({"1.1": 3}))

    assert set(answer) == {
        "mean", "parts", "band", "gates_missed", "knocked_out", "star", "reason"
    }  # fmt: skip
    assert set(answer["parts"]) == {"A", "B", "C"}
    assert set(answer["reason"]) == {"vi", "en"}


def test_the_smallest_changes_that_reach_the_next_star_are_told_when_asked_for(ocop: Ocop) -> None:
    from regulation.packs import pack

    scales = pack("QD26-2026").criteria_set("QD26-01").scales
    best = {code: max(scale, key=lambda no: scale[no]) for code, scale in scales.items()}

    way = rated(ocop, some_sheets(best | {"3.4": 1}), "--improvement")["improvement"]

    assert way["star"] == 4
    (step,) = way["steps"]
    assert (step["criterion"], step["has"], step["points"], step["options"]) == (
        "3.4",
        "1",
        2,
        [2],
    )
    assert "HTX xếp loại khá" in step["label"]["vi"]
    assert "Để đạt 4 sao: 3.4" in way["text"]["vi"]
    assert "To reach 4 stars: 3.4" in way["text"]["en"]


def test_people_are_told_without_asking(ocop: Ocop) -> None:
    sheets = json.dumps(some_sheets({"1.1": 3}))

    told = ocop("rate", *PACK, "--sheets", "-", given=sheets).stdout

    assert "To reach 2 stars:" in told
    assert "Để đạt 2 sao:" in told


def test_a_mean_that_does_not_end_has_four_decimals(ocop: Ocop) -> None:
    answer = rated(ocop, some_sheets({"1.1": 3}, {"1.1": 3}, {"1.1": 1}))

    _, point, decimals = answer["mean"].partition(".")
    assert point == "."
    assert len(decimals) >= 4


def test_a_knocked_out_product_has_no_star(ocop: Ocop) -> None:
    from regulation.packs import pack

    code = next(iter(pack("QD26-2026").criteria_set("QD26-01").knockouts))

    answer = rated(ocop, some_sheets({"1.1": 3}, knockouts=[code]))

    assert answer["knocked_out"] is True
    assert answer["star"] == 0


def test_what_the_council_agreed_decides_a_minimum(ocop: Ocop) -> None:
    apart = rated(ocop, some_sheets({}))
    (code, *_) = apart["gates_missed"]["3"]
    from regulation.packs import pack

    best = max(pack("QD26-2026").criteria_set("QD26-01").scales[code])

    agreed = rated(ocop, some_sheets({}, agreed={code: best}))

    assert code not in agreed["gates_missed"]["3"]
    assert agreed["mean"] == apart["mean"]


def test_people_read_the_reason_in_both_languages(ocop: Ocop) -> None:
    result = ocop("rate", *PACK, "--sheets", "-", given=json.dumps(some_sheets({"1.1": 3})))

    assert result.exit_code == 0
    assert "lies in the band" in result.stdout
    assert "thuộc khung" in result.stdout


def test_sheets_are_read_from_a_file(ocop: Ocop, tmp_path: Path) -> None:
    path = tmp_path / "sheets.json"
    path.write_text(json.dumps(some_sheets({"1.1": 3})))

    result = ocop("rate", *PACK, "--sheets", str(path), "--json")

    assert json.loads(result.stdout)["band"] == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{", "not a JSON document"),
        ("[]", "Invalid input type"),
        ('{"sheets": []}', "no score sheet"),
        ("{}", "sheets: Missing data"),
        ('{"sheets": [{"choices": {}}]}', "sheets.0.member: Missing data"),
        ('{"sheets": [{"member": "a", "choices": {"9.9": 1}}]}', "no criterion '9.9'"),
        ('{"sheets": [{"member": "a", "choices": {"1.1": 77}}]}', "criterion 1.1 was given 77"),
        ('{"sheets": [{"member": "a", "choices": {"1.1": "3"}}]}', "Not a valid integer"),
        ('{"sheets": [{"member": "a", "choices": {"1.1": 1.5}}]}', "Not a valid integer"),
        ('{"sheets": [{"member": "a"}, {"member": "a"}]}', "two score sheets"),
        ('{"sheets": [{"member": "a"}], "knockouts": ["none"]}', "no knock-out 'none'"),
        ('{"sheets": [{"member": "a"}], "agreed": {"9.9": 1}}', "no criterion '9.9'"),
        ('{"sheets": [{"member": "a"}], "knockout": []}', "knockout: Unknown field"),
    ],
)
def test_sheets_that_cannot_be_rated_are_refused_in_one_line(
    ocop: Ocop, given: str, says: str
) -> None:
    result = ocop("rate", *PACK, "--sheets", "-", given=given)

    assert_mistake(result, says)


def test_a_pack_or_set_that_does_not_exist_is_refused(ocop: Ocop) -> None:
    given = json.dumps(some_sheets({}))

    no_pack = ocop("rate", "--pack", "X", "--set", "QD26-01", "--sheets", "-", given=given)
    no_set = ocop("rate", "--pack", "QD26-2026", "--set", "X", "--sheets", "-", given=given)

    assert_mistake(no_pack, "no rule pack 'X'")
    assert_mistake(no_set, "no criteria set 'X'")


def test_a_file_that_is_not_there_is_refused(ocop: Ocop) -> None:
    assert_mistake(ocop("rate", *PACK, "--sheets", "/no/such/file"), "/no/such/file")
