"""The 26 sets of Decision 26/2026, Annex II, against what was counted in its text."""

from collections import Counter

import pytest

from regulation.packs import pack

TODAY = pack("QD26-2026")
SETS = [TODAY.criteria_set(code) for code in TODAY.sets]
CRITERIA = [criterion for each in SETS for criterion in each.criteria]
each_set = pytest.mark.parametrize("each", SETS, ids=lambda each: each.code)

# sum of the least points asked at 3, 4 and 5 stars, set by set
LEAST_POINTS = {
    1: (10, 37, 43), 2: (10, 40, 52), 3: (10, 37, 47), 4: (10, 41, 52), 5: (12, 42, 50),
    6: (12, 41, 48), 7: (11, 42, 51), 8: (11, 41, 50), 9: (11, 41, 50), 10: (11, 40, 49),
    11: (12, 38, 43), 12: (12, 43, 48), 13: (12, 34, 39), 14: (11, 34, 39), 15: (11, 41, 46),
    16: (10, 31, 41), 17: (11, 39, 44), 18: (9, 31, 36), 19: (9, 32, 37), 20: (9, 32, 37),
    21: (8, 29, 38), 22: (7, 27, 36), 23: (9, 43, 51), 24: (7, 29, 47), 25: (8, 39, 49),
    26: (1, 5, 5),
}  # fmt: skip


def test_there_are_787_criteria_with_2579_options_and_386_gates():
    assert len(CRITERIA) == 787
    assert sum(len(criterion.options) for criterion in CRITERIA) == 2_579
    assert sum(bool(criterion.gates) for criterion in CRITERIA) == 386


def test_22_boxes_are_yes_or_no_without_options_in_print():
    implied = [criterion for criterion in CRITERIA if criterion.implied]

    assert len(implied) == 22
    assert all([option.points for option in each.options] == [0, 1] for each in implied)


def test_378_criteria_give_points_for_their_lowest_option():
    lowest = [min(criterion.scale.values()) for criterion in CRITERIA]

    assert sum(points > 0 for points in lowest) == 378


def test_six_groups_hold_26_sets():
    assert Counter(each.group for each in SETS) == {
        "I": 13, "II": 4, "III": 3, "IV": 2, "V": 3, "VI": 1,
    }  # fmt: skip


@each_set
def test_parts_are_40_25_and_35_points(each):
    assert {part.code: part.max for part in each.parts} == {"A": 40, "B": 25, "C": 35}


@each_set
def test_the_least_points_at_each_star_are_those_counted_in_the_annex(each):
    least = [sum(points for _, points in gates) for _, gates in each.gates]

    assert tuple(least) == LEAST_POINTS[int(each.code[-2:])]


@each_set
def test_only_tourism_hands_in_no_samples(each):
    assert (each.samples == 0) == (each.group == "VI")


@each_set
def test_the_communes_findings_reach_their_criteria(each):
    found = {criterion.topic: criterion.code for criterion in each.criteria if criterion.topic}
    asked = {"local_labour": "3.3", "idea_origin": "2.1"}
    if each.group != "VI":
        asked |= {"local_material": "1.1", "local_identity": "5.3"}

    assert found == asked


def test_every_set_but_tourism_has_grounds_that_reject_the_whole_dossier():
    assert [each.code for each in SETS if not each.disqualifiers] == ["QD26-26"]


def test_tea_and_coffee_have_a_heading_between_section_and_criterion():
    nested = {each.code for each in SETS if any(c.group for c in each.criteria)}

    assert nested == {"QD26-11", "QD26-13"}


def test_three_tourism_criteria_choose_between_two_lists():
    cases = [c.code for c in CRITERIA if any(option.case for option in c.options)]

    assert cases == ["8", "9", "15"]


def test_every_kind_of_evidence_proves_some_option():
    proofs = {code for c in CRITERIA for no in c.scale for code in c.proof(no)}
    kinds = {each.code for each in TODAY.components if each.code.startswith("EV-")}

    assert kinds - proofs == {"EV-15"}  # awards speak for a product, no option demands them


@pytest.mark.parametrize(
    ("code", "no", "proof"),
    [
        ("10", 1, ("EV-02",)),  # the site's food-safety certificate
        ("10", 2, ("EV-14",)),  # a national quality system
        ("2.3", 2, ()),  # the label itself
        ("2.3", 3, ("EV-13",)),  # an electronic traceability code
        ("5.1", 4, ("EV-10",)),
        ("5.1", 5, ("EV-10", "EV-13")),
        ("3.5", 1, ("EV-07",)),
        ("9", 1, ("EV-11", "EV-12")),  # a product standard comes with test reports
        ("1.2", 1, ()),  # no points, nothing to prove
    ],
)
def test_an_option_needs_the_papers_that_prove_it_and_no_others(code, no, proof):
    assert TODAY.criteria_set("QD26-01").criterion(code).proof(no) == proof


def test_what_the_transcript_may_have_lost_is_said_with_the_set():
    doubtful = {each.code for each in SETS if each.unknown}

    assert doubtful == {"QD26-03", "QD26-07", "QD26-21", "QD26-22", "QD26-23"}
