"""A folder of source data compared with a pack of one small set: equal, and with a fault of each kind."""

import json
from dataclasses import replace

import pytest

from regulation.against import compare
from regulation.check import main
from regulation.packs import pack
from regulation.refusals import BrokenPack
from tests.regulation.builders import a_criterion, a_part, a_set, set_data

CODE = "SMALL"
PARTS = [
    a_part("A", a_criterion("1.1", 5, 20, 40, gates={3: 5, 4: 20, 5: 40}), section="1"),
    a_part("B", a_criterion("2.1", 0, 10, 25, knockout={"vi": "Loại", "en": "Out"}), section="2"),
    a_part("C", a_criterion("3.1", 10, 35, topic="local_labour"), section="3"),
]
PACK = replace(pack("QD26-2026"), sets={CODE: a_set(set_data(parts=PARTS))})


def data():
    """The small set as source data tell it."""

    def criterion(code, *points, gates=None):
        options = [{"no": no, "points": each} for no, each in enumerate(points, start=1)]
        told = {"code": code, "kind": "choice", "max": max(points), "options": options}
        return told | ({"gate_min_points": gates} if gates else {})

    def part(code, most, section, told):
        return {
            "code": code,
            "max": most,
            "sections": [{"code": section, "max": most, "criteria": [told]}],
        }

    return {
        "code": CODE,
        "sample_required": True,
        "parts": [
            part("A", 40, "1", criterion("1.1", 5, 20, 40, gates={"3": 5, "4": 20, "5": 40})),
            part("B", 25, "2", criterion("2.1", 0, 10, 25)),
            part("C", 35, "3", criterion("3.1", 10, 35)),
        ],
    }  # fmt: skip


FILES = {
    "star_gates_x.csv": "set_code,criterion_code,min_points_3star,min_points_4star,min_points_5star\n"
                        "SMALL,1.1,5,20,40\n",
    "knockouts_x.csv": "set_code,criterion_code\nSMALL,2.1\n",
    "disqualifiers_x.csv": "set_code,dossier_rejected_if_vi\nSMALL,Giả mạo hồ sơ\n",
    "criteria_sets_x.csv": "set_code,name_vi,criteria_count,option_count,max_A,max_B,max_C,total,gates_3star,"
                           "sum_min_points_5star\nSMALL,Chữ,3,8,40,25,35,100,1,40\n",
    "commune_report_mapping_x.csv": "set_code,local_labour_criterion,idea_origin_criterion\nSMALL,3.1,\n",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, data())
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def write(folder, *sets):
    (folder / "criteria_qd26.json").write_text(json.dumps({"sets": sets}), "utf-8")


def test_equal_figures_are_counted_and_nothing_differs(folder):
    comparison = compare(folder, [PACK])

    assert comparison.differences == []
    counted = comparison.compared["QD26-2026"]
    wanted = {
        "sets": 1,
        "criteria": 3,
        "options": 8,
        "gates": 1,
        "knock-outs": 1,
        "disqualifiers": 1,
        "topics": 2,
    }
    assert counted.items() >= wanted.items()  # fmt: skip


def test_other_points_are_named_with_the_option(folder):
    told = data()
    told["parts"][1]["sections"][0]["criteria"][0]["options"][1]["points"] = 11
    write(folder, told)

    assert compare(folder, [PACK]).differences == [
        "SMALL/2.1/2: options: the data say 11, the pack 10"
    ]


TOPICS = "commune_report_mapping_x.csv"


@pytest.mark.parametrize(
    ("file", "old", "new", "difference"),
    [
        (
            "star_gates_x.csv",
            "5,20,40",
            ",,40",
            "1.1: gates: the data say {5: 40}, the pack {3: 5,",
        ),
        ("star_gates_x.csv", "1.1", "2.1", "SMALL/1.1: gates: the data say None, the pack {3: 5,"),
        ("knockouts_x.csv", "2.1", "3.1", "2.1: knock-outs: the data say False, the pack True"),
        ("disqualifiers_x.csv", "Giả mạo hồ sơ", "", "the data say False, the pack True"),
        ("criteria_sets_x.csv", "3,8,40", "3,9,40", "SMALL/option_count: totals and counts: the"),
        (TOPICS, "3.1", "2.1", "topics: the data say ['2.1'], the pack ['3.1']"),
        (TOPICS, "SMALL", "OTHER", f"{TOPICS}: OTHER: no pack has this set"),
    ],
)
def test_a_figure_that_differs_is_named(folder, file, old, new, difference):
    content = (folder / file).read_text("utf-8")
    (folder / file).write_text(content.replace(old, new), "utf-8")

    assert any(difference in each for each in compare(folder, [PACK]).differences)


def test_a_set_that_the_data_lack_is_a_difference(folder):
    more = replace(PACK, sets={**PACK.sets, "OTHER": a_set(set_data(code="OTHER"))})

    differences = compare(folder, [more]).differences

    assert "criteria_qd26.json: OTHER: the data do not have this set" in differences


def test_a_criterion_that_the_pack_lacks_is_a_difference(folder):
    told = data()
    told["parts"][2]["sections"][0]["criteria"].append(
        {"code": "3.2", "kind": "choice", "max": 1, "options": []}
    )
    write(folder, told)
    codes = ["1.1", "2.1", "3.1"]

    assert compare(folder, [PACK]).differences == [
        f"SMALL: lists of criteria: the data say {[*codes, '3.2']}, the pack {codes}"
    ]


def test_a_file_that_is_missing_is_a_difference(folder):
    (folder / "knockouts_x.csv").unlink()

    assert compare(folder, [PACK]).differences == [f"{folder}: there is no knockouts_*.csv"]


def test_a_file_that_holds_something_else_is_refused(folder):
    (folder / "criteria_qd26.json").write_text('{"sets": [1]}', "utf-8")

    with pytest.raises(BrokenPack, match=r"criteria_qd26\.json: it does not hold criteria sets"):
        compare(folder, [PACK])


def test_the_command_prints_what_was_compared_and_fails_on_a_difference(folder, capsys):
    assert main(["--against", str(folder)]) == 1

    told = capsys.readouterr()
    assert "differences: " in told.out
    assert "SMALL: no pack has this set" in told.err


def test_without_a_folder_a_sound_shelf_says_nothing(capsys):
    assert main([]) == 0
    assert capsys.readouterr() == ("", "")
