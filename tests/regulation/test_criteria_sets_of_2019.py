"""The 26 sets of Decision 1048/2019, as second-hand data give them."""

import pytest

from regulation.packs import pack

OLD = pack("QD1048-2019")
SETS = [OLD.criteria_set(code) for code in OLD.sets]
NOT_COMPLETE = ["QD1048-03", "QD1048-10", "QD1048-16", "QD1048-19"]


def test_the_rice_set_and_three_that_lack_two_points_are_listed_but_not_complete():
    assert [each.code for each in SETS if not each.complete] == NOT_COMPLETE
    assert all(each.incomplete_because for each in SETS if not each.complete)


@pytest.mark.parametrize("each", [s for s in SETS if s.complete], ids=lambda each: each.code)
def test_parts_are_35_25_and_40_points(each):
    assert {part.code: part.max for part in each.parts} == {"A": 35, "B": 25, "C": 40}


def test_no_minimums_of_781_are_known():
    assert not any(each.gates for each in SETS)


@pytest.mark.parametrize("each", SETS, ids=lambda each: each.code)
def test_the_communes_findings_reach_their_criteria(each):
    found = {criterion.topic: criterion.code for criterion in each.criteria if criterion.topic}
    asked = {"local_material": "1.1", "local_labour": "3.3"}
    if each.code == "QD1048-26":
        asked = {"local_labour": "3.3"}
    if each.code == "QD1048-03":
        asked = {}

    assert found == asked
