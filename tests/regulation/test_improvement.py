"""The nearest way to the next star: it gets there, and no shorter way does."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.criteria import CriteriaSet
from regulation.improvement import improvement
from regulation.packs import pack
from regulation.rating import Rating, Sheet, rate

PACK = pack("QD26-2026")
SETS = sorted(PACK.sets)


def rated(criteria_set: CriteriaSet, choices: dict[str, int]) -> Rating:
    return rate(criteria_set, [Sheet(member="a", choices=choices)], pack=PACK)


def choices_of(criteria_set: CriteriaSet) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries(
        {c.code: st.sampled_from(sorted(c.scale)) for c in criteria_set.criteria}
    )


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_steps_lead_to_the_star_that_they_promise(data: st.DataObject) -> None:
    criteria_set = PACK.criteria_set(data.draw(st.sampled_from(SETS)))
    choices = data.draw(choices_of(criteria_set))
    before = rated(criteria_set, choices)

    way = improvement(before, pack=PACK, criteria_set=criteria_set)
    after = rated(criteria_set, choices | {step.criterion: step.option for step in way.steps})

    assert way.star is None or after.star >= way.star
    assert (way.star is None) == (before.star == 5)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_fewer_criteria_would_not_do(data: st.DataObject) -> None:
    criteria_set = PACK.criteria_set("QD26-01")
    choices = data.draw(choices_of(criteria_set))
    before = rated(criteria_set, choices)
    way = improvement(before, pack=PACK, criteria_set=criteria_set)
    best = {c.code: max(c.scale, key=lambda no: c.scale[no]) for c in criteria_set.criteria}

    if way.star is None or not 1 <= len(way.steps) <= 3:
        return
    fewer = [
        rated(criteria_set, choices | {code: best[code] for code in some}).star
        for some in combinations(best, len(way.steps) - 1)
    ]

    assert all(star < way.star for star in fewer)


def test_a_missed_minimum_is_raised_no_further_than_it_asks() -> None:
    criteria_set = PACK.criteria_set("QD26-01")
    choices = {c.code: max(c.scale, key=lambda no: c.scale[no]) for c in criteria_set.criteria}
    before = rated(criteria_set, choices | {"3.4": 1})

    way = improvement(before, pack=PACK, criteria_set=criteria_set)

    assert [(step.criterion, step.points) for step in way.steps] == [("3.4", 2)]
    assert way.star == 4
    assert "3.4" in way.text.vi
    assert "to 2 points" in way.text.en


def test_nothing_is_above_five_stars() -> None:
    criteria_set = PACK.criteria_set("QD26-01")
    choices = {c.code: max(c.scale, key=lambda no: c.scale[no]) for c in criteria_set.criteria}

    way = improvement(rated(criteria_set, choices), pack=PACK, criteria_set=criteria_set)

    assert (way.star, way.steps) == (None, ())


@pytest.mark.parametrize("ground", ["forged-dossier"])
def test_a_product_that_is_out_is_not_advised(ground: str) -> None:
    criteria_set = PACK.criteria_set("QD26-01")
    out = rate(
        criteria_set,
        [Sheet(member="a", choices={})],
        pack=PACK,
        knockouts=[ground],
    )

    assert improvement(out, pack=PACK, criteria_set=criteria_set).star is None
