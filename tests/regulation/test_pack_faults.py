"""A pack that contradicts itself is refused with the path to the fault."""

import pytest

from regulation.packs import packs, read_shelf
from regulation.refusals import BrokenPack
from tests.regulation.builders import WORDS, a_shelf, rewrite

BANDS = [
    {"star": star, "low": low, "high": high}
    for star, low, high in [(1, 0, 30), (2, 30, 50), (3, 50, 70), (4, 70, 90), (5, 90, 100)]
]
PAPER = {"code": "M01", "who": "subject", "mandatory": True, "purposes": ["first"], **WORDS}
ROUND = {"level": "province", "no": 1, "requests_before": "04-30", "done_before": "06-30"}


def broken(shelf):
    with pytest.raises(BrokenPack) as refusal:
        every_set(shelf)
    return str(refusal.value)


def every_set(shelf):
    return [criteria_set for each in read_shelf(shelf) for criteria_set in each.sets.values()]


def test_a_sound_pack_is_read_from_any_shelf(tmp_path):
    (each,) = read_shelf(a_shelf(tmp_path))

    assert (each.id, list(each.sets)) == ("QD148-2023", ["QD148-PARTS"])
    assert each not in packs()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"id": "QD149-2023"}, "id is QD149-2023, its folder is QD148-2023"),
        ({"levels": "province"}, "levels is 'province', a list is expected"),
        ({"valid_from": "2023"}, "valid_from is '2023', a date is expected"),
        ({"validity_months": None}, "validity_months is None, a whole number is expected"),
        ({"fee": 100}, "'fee' is not a field here"),
        ({"bands": BANDS[1:]}, "bands: they must run from 1 star at 0 points to 5 stars"),
        ({"bands": []}, "bands: they must run from 1 star at 0 points to 5 stars"),
        (
            {"bands": [*BANDS[:3], BANDS[3] | {"low": 71}, BANDS[4]]},
            "bands/4: it does not start where 3 stars end",
        ),
        ({"parts": {"A": 40, "B": 25}}, "parts: they add up to 65 points, the bands end at 100"),
        ({"councils": []}, "councils: name those of the province"),
        ({"councils": ["province", "national"]}, "councils: name those of the province"),
        ({"councils": ["region"]}, "councils: region is not among the levels"),
        ({"certifies": {3: "region"}}, "certifies: region is not among the levels"),
        ({"certifies": {3: 4}}, "certifies: 3 is 4, text is expected"),
        ({"revokes": {3: "region"}}, "revokes: region is not among the levels"),
        ({"referral": {"district": 70}}, "referral: it does not say when province refers"),
        ({"referral": {"district": "many"}}, "referral district is 'many', points are expected"),
        (
            {"evaluates_again": {"region": "province"}},
            "evaluates_again: region is not among the levels",
        ),
        ({"evaluates_again": {"national": "commune"}}, "evaluates_again: commune has no council"),
        ({"evaluates_again": {"national": 1}}, "evaluates_again: national is 1, text is expected"),
        ({"rounds": [ROUND | {"level": "region"}]}, "rounds: region is not among the levels"),
        ({"rounds": [ROUND | {"done_before": "02-30"}]}, "1: done_before is '02-30', month-day"),
        ({"rounds": [ROUND | {"done_before": 630}]}, "1: done_before is 630, text is expected"),
        ({"components": [PAPER, PAPER]}, "components: M01 stands twice"),
        ({"components": [PAPER | {"who": "mayor"}]}, "components/M01: nobody is called mayor"),
        ({"components": [PAPER | {"purposes": []}]}, "components/M01: purposes are of first"),
        ({"components": [PAPER | {"purposes": ["fun"]}]}, "components/M01: purposes are of first"),
        ({"components": [PAPER | {"mandatory": 1}]}, "M01: mandatory is 1, true or false"),
        ({"sources": {"stars": "Art. 3"}}, "sources: stars is not a field here"),
        ({"reevaluation": {"opens": 180}}, "reevaluation: closes is missing"),
        ({"number_forms": {"product": "{serial}"}}, "number_forms: registration is missing"),
        ({"transition": {"finish_by": {"first": "soon"}, **WORDS}}, "finish_by: first is"),
        ({"unknown": [{"vi": "Không rõ"}]}, "unknown 1: en is missing"),
    ],
)
def test_a_broken_pack_is_refused_with_the_path_to_its_fault(tmp_path, changes, fault):
    message = broken(a_shelf(tmp_path, **changes))

    assert message.startswith("QD148-2023/pack: ")
    assert fault in message


def test_a_pack_does_not_end_before_it_begins(tmp_path):
    shelf = a_shelf(tmp_path)
    path = shelf / "QD148-2023" / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("2026-07-21", "2020-07-21"), "utf-8")

    assert broken(shelf) == "QD148-2023/pack: valid_to lies before valid_from"


def test_a_pack_is_amended_by_one_on_the_shelf(tmp_path):
    shelf = a_shelf(tmp_path)
    rewrite(shelf / "QD148-2023" / "pack.yaml", amended_by="QD1489-2025")

    assert "amended_by names QD1489-2025, no such pack" in broken(shelf)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"code": "QD148-01"}, "code is QD148-01, its file is QD148-PARTS"),
        ({"parts": [], "complete": True}, "it is marked complete and has no parts"),
        ({"colour": "red"}, "'colour' is not a field here"),
    ],
)
def test_a_broken_set_is_refused_with_the_path_to_its_fault(tmp_path, changes, fault):
    shelf = a_shelf(tmp_path)
    rewrite(shelf / "QD148-2023" / "sets" / "QD148-PARTS.yaml", **changes)

    assert broken(shelf) == f"QD148-2023/QD148-PARTS: {fault}"


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("topic", "weather", "A: weather is not a topic of the commune"),
        ("evidence", ["EV-99"], "A: evidence EV-99 is not a component of the dossier"),
    ],
)
def test_a_criterion_refers_only_to_what_its_pack_has(tmp_path, field, value, fault):
    shelf = a_shelf(tmp_path)
    path = shelf / "QD148-2023" / "sets" / "QD148-PARTS.yaml"
    (each,) = read_shelf(shelf)
    assert each.criteria_set("QD148-PARTS").complete

    text = path.read_text("utf-8").replace(
        "kind: points", f"kind: points\n      {field}: {value}", 1
    )
    path.write_text(text, "utf-8")

    assert broken(shelf) == f"QD148-2023/QD148-PARTS: {fault}"


def test_parts_of_a_set_have_the_points_of_their_pack(tmp_path):
    shelf = a_shelf(tmp_path, parts={"A": 35, "B": 25, "C": 40})

    assert "its parts have {'A': 40, 'B': 25, 'C': 35} points" in broken(shelf)


def test_sets_are_read_only_when_asked_for(tmp_path):
    shelf = a_shelf(tmp_path)
    (shelf / "QD148-2023" / "sets" / "QD148-PARTS.yaml").write_text("{", "utf-8")

    (each,) = read_shelf(shelf)

    assert "QD148-PARTS" in each.sets
    with pytest.raises(BrokenPack, match="QD148-2023/QD148-PARTS: cannot be read"):
        each.criteria_set("QD148-PARTS")
