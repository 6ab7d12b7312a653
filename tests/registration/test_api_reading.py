"""What a producer and the offices read of a dossier over HTTP: its sheet, its checklist, its acts."""

import pytest

from chassis.acts import FIRST
from tests.builders.registration import (
    ERAS,
    NOW,
    a_producer,
    an_officer,
    best,
    the_agency,
)

each_era = pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
TICKED = best(NOW.pack.criteria_set("QD26-11")) | {"3.4": 1}


@pytest.fixture
def sheet(desk):
    """A sheet of 2026 for tea, ticked at its best but for one gate; nothing is attached."""
    path = f"/dossiers/{desk.draft()}"
    desk.act("PUT", f"{path}/self-assessment", an_officer(), {"choices": TICKED})
    return desk.act("GET", f"{path}/self-assessment", an_officer())


@each_era
def test_the_sheet_is_the_whole_tree_of_the_set(desk, era):
    path = f"/dossiers/{desk.draft(era)}/self-assessment"
    criteria_set = era.pack.criteria_set(era.criteria_set)

    shown = desk.act("GET", path, an_officer())

    criteria = [
        criterion
        for part in shown["parts"]
        for section in part["sections"]
        for criterion in section["criteria"]
    ]
    assert [each["code"] for each in criteria] == [each.code for each in criteria_set.criteria]
    assert [len(each["options"]) for each in criteria] == [
        len(each.options) for each in criteria_set.criteria
    ]
    assert {part["code"]: part["max"] for part in shown["parts"]} == dict(era.pack.parts)
    assert shown["missing"]["self_assessment"] is True
    assert shown["missing"]["criteria"] == [each.code for each in criteria_set.criteria]
    assert all(each["choice"] is None and each["points"] == 0 for each in criteria)


def test_options_have_words_in_both_languages(sheet):
    option = sheet["parts"][0]["sections"][0]["criteria"][0]["options"][0]

    assert set(option) == {"no", "points", "label", "case", "evidence"}
    assert all(option["label"][lang] for lang in ("vi", "en"))


def test_own_ticks_are_shown_with_their_points_and_totals(sheet):
    part = sheet["parts"][0]
    growth = next(
        criterion
        for section in part["sections"]
        for criterion in section["criteria"]
        if criterion["code"] == "3.4"
    )

    assert (growth["choice"], growth["points"], growth["gates"]) == (1, 1, {"4": 2, "5": 2})
    assert part["points"] == sum(section["points"] for section in part["sections"]) == 39
    assert [part["points"] for part in sheet["parts"]] == [39, 25, 35]


def test_the_single_sheet_is_rated_and_missed_gates_are_told(sheet):
    assert sheet["rating"]["mean"] == "99"
    assert (sheet["rating"]["band"], sheet["rating"]["star"]) == (5, 3)
    assert sheet["gates_missed"] == [
        {"star": 4, "criterion": "3.4", "needs": 2, "has": 1},
        {"star": 5, "criterion": "3.4", "needs": 2, "has": 1},
    ]


def test_the_way_to_the_next_star_is_told(sheet):
    way = sheet["improvement"]

    assert way["star"] == 4
    assert [(each["criterion"], each["points"]) for each in way["steps"]] == [("3.4", 2)]
    assert way["text"]["vi"].startswith("Để đạt 4 sao: 3.4 Tăng trưởng sản xuất kinh doanh")


def test_what_is_missing_before_filing_is_told(sheet):
    assert sheet["missing"] == {
        "components": ["M01", "M02", "SAMPLE", "EV-01"],
        "self_assessment": False,
        "criteria": [],
    }


def test_papers_that_ticks_need_are_asked_for_until_they_are_attached(desk, sheet):
    dossier = desk.act("GET", "/dossiers", an_officer())[0]["id"]
    wanted = {each["component"] for each in sheet["evidence_wanted"]}
    sha256 = desk.upload().get_json()["sha256"]
    path = f"/dossiers/{dossier}"

    desk.act("PUT", f"{path}/components/EV-04", an_officer(), {"evidence": [sha256]})

    again = desk.act("GET", f"{path}/self-assessment", an_officer())["evidence_wanted"]
    assert "EV-04" in wanted
    assert {each["component"] for each in again} == wanted - {"EV-04"}


def test_each_option_says_which_papers_it_needs_and_what_is_wanted_has_a_name(sheet):
    by_code = {
        criterion["code"]: criterion
        for part in sheet["parts"]
        for section in part["sections"]
        for criterion in section["criteria"]
    }

    needs = {option["no"]: option["evidence"] for option in by_code["9"]["options"]}
    assert needs == {1: ["EV-02"], 2: ["EV-14"], 3: ["EV-14"]}
    of_quality = [each for each in sheet["evidence_wanted"] if each["criterion"] == "9"]
    assert [each["component"] for each in of_quality] == ["EV-14"]
    assert of_quality[0]["title"]["vi"] == "Hệ thống quản lý chất lượng tiên tiến"


def test_part_totals_have_a_sheet_too(desk):
    path = f"/dossiers/{desk.draft(ERAS['QD148-2023'])}/self-assessment"
    desk.act("PUT", path, an_officer(), {"choices": {"A": 30, "B": 20, "C": 21}})

    shown = desk.act("GET", path, an_officer())

    criterion = shown["parts"][0]["sections"][0]["criteria"][0]
    assert (criterion["kind"], criterion["choice"], criterion["options"]) == ("points", 30, [])
    assert (shown["rating"]["mean"], shown["rating"]["star"]) == ("71", 4)
    assert shown["evidence_wanted"] == []


@each_era
def test_the_checklist_names_every_component_and_what_is_held(desk, era):
    path = f"/dossiers/{desk.draft(era)}"
    missing = desk.act("GET", path, an_officer())["missing"]
    sha256 = desk.upload().get_json()["sha256"]
    desk.act("PUT", f"{path}/components/{missing[0]}", an_officer(), {"evidence": [sha256]})

    components = desk.act("GET", f"{path}/checklist", an_officer())["components"]

    assert [each["code"] for each in components if each["held"]] == missing[:1]
    assert [c["code"] for c in components if c["mandatory"] and not c["held"]] == missing[1:]
    assert all(each["title"]["vi"] and each["title"]["en"] for each in components)


def test_the_acts_of_a_dossier_are_a_chain_for_the_offices(desk):
    path = f"/dossiers/{desk.submitted()}"

    acts = desk.act("GET", f"{path}/acts", the_agency())

    assert [each["number"] for each in acts] == list(range(1, len(acts) + 1))
    assert [acts[0]["act"], acts[-1]["act"]] == ["open-dossier", "submit"]
    assert [each["previous"] for each in acts] == [FIRST, *(each["hash"] for each in acts[:-1])]
    last = acts[-1]
    assert (last["actor"], last["role"]) == ("a-commune-officer", "commune-officer")
    assert last["rulepack"] == "QD26-2026"
    assert last["grounds"] == {
        "registration_number": "01-01/PĐK-38-14758-2026",
        "on": "2026-07-01",
    }


def test_the_sheet_and_the_checklist_are_the_producers_to_read_and_the_acts_are_not(desk):
    path = f"/dossiers/{desk.draft()}"
    producer = a_producer(desk.act("GET", path, an_officer())["subject_id"])

    seen = [
        desk.send("GET", f"{path}/{page}", producer).status_code
        for page in ("self-assessment", "checklist", "acts")
    ]

    assert seen == [200, 200, 403]
