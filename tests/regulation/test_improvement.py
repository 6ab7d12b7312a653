"""The nearest way to the next star: it gets there, and no shorter way does; seen against trying every way."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.criteria import CriteriaSet
from regulation.improvement import as_json, improvement
from regulation.nearest import nearest
from regulation.packs import pack
from regulation.rating import Rating, Sheet, rate
from tests.regulation.builders import a_criterion, a_part, a_set, set_data

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
    after = rated(
        criteria_set, choices | {step.criterion.code: step.options[0] for step in way.steps}
    )

    assert way.star is None or after.star >= way.star
    assert (way.star is None) == (before.star == 5)


@st.composite
def small_sets(draw: st.DrawFn) -> CriteriaSet:
    """A set of a few criteria with any points and minimums, small enough to try every way."""

    def criterion(code: str, most: int) -> dict[str, Any]:
        points = [*sorted(draw(st.sets(st.integers(0, most - 1), max_size=2))), most]
        stars = range(draw(st.integers(3, 6)), 6)
        asked = sorted(draw(st.sampled_from([p for p in points if p])) for _ in stars)
        return a_criterion(code, *points, gates=dict(zip(stars, asked, strict=True)))

    parts = []
    for section, (part, most) in enumerate({"A": 40, "B": 25, "C": 35}.items(), start=1):
        first = draw(st.integers(1, most - 1))
        both = [criterion(f"{section}.1", first), criterion(f"{section}.2", most - first)]
        parts.append(a_part(part, *both, section=str(section)))
    return a_set(set_data(parts=parts))


@settings(max_examples=60, deadline=None)
@given(criteria_set=small_sets(), data=st.data())
def test_no_other_way_changes_fewer_criteria_or_adds_fewer_points(
    criteria_set: CriteriaSet, data: st.DataObject
) -> None:
    members = data.draw(st.integers(1, 3))
    sheets = [
        Sheet(member=str(no), choices=data.draw(choices_of(criteria_set))) for no in range(members)
    ]
    agreeing = st.fixed_dictionaries(
        {}, optional={c.code: st.sampled_from(sorted(c.scale)) for c in criteria_set.criteria[:2]}
    )
    before = rate(criteria_set, sheets, pack=PACK, agreed=data.draw(agreeing))

    way = improvement(before, pack=PACK, criteria_set=criteria_set)

    if way.star is not None:
        gains = [max(s.points - before.criteria[s.criterion.code], 0) for s in way.steps]
        assert (len(way.steps), sum(gains)) == least_by_trying_all(before, way.star, criteria_set)


def least_by_trying_all(
    before: Rating, star: int, criteria_set: CriteriaSet
) -> tuple[int, Fraction]:
    """Criteria changed and points gained, over every combination of options that every member could tick."""
    missed = {miss.criterion for miss in before.gates_missed.get(star, ())}
    floor = {1: 0, 2: 30, 3: 50, 4: 70, 5: 90}[star]
    best = []
    for targets in product(
        *([None, *sorted(set(c.scale.values()))] for c in criteria_set.criteria)
    ):
        changed = [
            (c, to) for c, to in zip(criteria_set.criteria, targets, strict=True) if to is not None
        ]
        if missed - {c.code for c, _ in changed}:
            continue
        if any(to < c.gates.get(star, 0) for c, to in changed if c.code in missed):
            continue
        gain = sum(max(to - before.criteria[c.code], Fraction(0)) for c, to in changed)
        if before.mean + gain >= floor:
            best.append((len(changed), Fraction(gain)))
    return min(best)


@settings(max_examples=300, deadline=None)
@given(
    musts=st.lists(st.sets(st.integers(0, 9), min_size=1), max_size=3),
    mays=st.lists(st.sets(st.integers(1, 9), min_size=1), max_size=4),
    need=st.integers(0, 60),
)
def test_the_search_finds_what_trying_all_finds(
    musts: list[set[int]], mays: list[set[int]], need: int
) -> None:
    ways = product(*musts, *([None, *gains] for gains in mays))
    reaching = [way for way in ways if sum(gain or 0 for gain in way) >= need]

    if not reaching:
        with pytest.raises(ValueError, match="cannot be reached"):
            nearest([*map(tuple, musts)], [*map(tuple, mays)], need)
        return
    found = nearest([*map(tuple, musts)], [*map(tuple, mays)], need)

    assert len(found) == len(musts) + len(mays)
    assert all(gain in gains for gain, gains in zip(found, musts, strict=False))
    assert all(gain is None or gain in gains
               for gain, gains in zip(found[len(musts):], mays, strict=True))  # fmt: skip
    assert worth(found) == min(map(worth, reaching))


def worth(way: Iterable[int | None]) -> tuple[int, int]:
    gains = [gain for gain in way if gain is not None]
    return len(gains), sum(gains)


def test_a_missed_minimum_is_raised_no_further_than_it_asks() -> None:
    criteria_set = PACK.criteria_set("QD26-01")
    choices = {c.code: max(c.scale, key=lambda no: c.scale[no]) for c in criteria_set.criteria}
    before = rated(criteria_set, choices | {"3.4": 1})

    way = improvement(before, pack=PACK, criteria_set=criteria_set)

    assert [(step.criterion.code, step.points) for step in way.steps] == [("3.4", 2)]
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

    way = improvement(out, pack=PACK, criteria_set=criteria_set)

    assert (way.star, way.steps) == (None, ())
    assert "bị loại" in way.text.vi


def test_an_agreed_option_below_the_minimum_is_what_is_raised() -> None:
    criteria_set = PACK.criteria_set("QD26-01")
    best = {c.code: max(c.scale, key=lambda no: c.scale[no]) for c in criteria_set.criteria}
    sheets = [Sheet(member="a", choices=best)]
    before = rate(criteria_set, sheets, pack=PACK, agreed={"3.4": 1})

    way = improvement(before, pack=PACK, criteria_set=criteria_set)

    assert [(s.criterion.code, s.has, s.points) for s in way.steps] == [("3.4", 1, 2)]


def test_every_option_that_has_the_points_is_named() -> None:
    tourism = PACK.criteria_set("QD26-26")
    best = {c.code: max(c.scale, key=lambda no: c.scale[no]) for c in tourism.criteria}
    low = {c.code: 1 for c in tourism.criteria if c.code not in ("3.4", "3.5")}
    before = rated(tourism, best | low)

    steps = as_json(improvement(before, pack=PACK, criteria_set=tourism))["steps"]

    assert all("label" in each and each["options"] for each in steps)
    by_code = {each["criterion"]: each["options"] for each in steps}
    assert by_code.get("8", [2, 4]) == [2, 4]


def test_the_way_is_printed_with_what_each_step_has_and_asks_for() -> None:
    small = a_set()

    way = improvement(rated(small, {"1.1": 1, "3.1": 1}), pack=PACK, criteria_set=small)

    assert as_json(way) == {
        "star": 2,
        "steps": [
            {
                "criterion": "3.1",
                "has": "1",
                "points": 25,
                "options": [25],
                "label": None,
            },
        ],
        "text": {
            "vi": "Để đạt 2 sao: 3.1 Chữ: từ 1 lên 25 điểm.",
            "en": "To reach 2 stars: 3.1 Words: from 1 to 25 points.",
        },
    }


def test_a_step_is_printed_with_the_words_of_its_option() -> None:
    small = a_set()

    way = improvement(rated(small, {"2.1": 3, "3.1": 35}), pack=PACK, criteria_set=small)
    [step] = as_json(way)["steps"]

    assert step == {
        "criterion": "1.1",
        "has": "0",
        "points": 5,
        "options": [1],
        "label": {"vi": "Chữ", "en": "Words"},
    }


def test_from_five_stars_there_is_no_higher_one() -> None:
    small = a_set()

    way = improvement(rated(small, {"1.1": 3, "2.1": 3, "3.1": 35}), pack=PACK, criteria_set=small)

    assert (way.star, way.steps) == (None, ())
    assert way.text.vi == "Không có hạng sao cao hơn để đạt."
    assert way.text.en == "There is no higher star to reach."


def test_meeting_a_minimum_that_the_agreed_option_missed_adds_nothing_to_the_mean() -> None:
    small = a_set()
    sheets = [Sheet(member="a", choices={"1.1": 2, "2.1": 3, "3.1": 24})]  # 69 points
    before = rate(small, sheets, pack=PACK, agreed={"1.1": 1})

    way = improvement(before, pack=PACK, criteria_set=small)

    assert (before.star, way.star) == (3, 4)
    assert [(step.criterion.code, step.has, step.points) for step in way.steps] == [("1.1", 5, 40)]


def test_the_words_name_every_step_with_its_option() -> None:
    easy = a_criterion("1.1", 0, 1, 40, gates={3: 1, 4: 1, 5: 1})
    hard = a_criterion("2.1", 0, 25, gates={3: 25, 4: 25, 5: 25})
    rest = a_criterion("3.1", max=35, kind="points", options=[])
    parts = [
        a_part(part, criterion, section=part)
        for part, criterion in (("A", easy), ("B", hard), ("C", rest))
    ]
    small = a_set(set_data(parts=parts))
    sheets = [Sheet(member="a", choices={"2.1": 2, "3.1": 35}),
              Sheet(member="b", choices={"3.1": 35})]  # fmt: skip
    before = rate(small, sheets, pack=PACK)

    way = improvement(before, pack=PACK, criteria_set=small)

    assert (before.mean, before.star, way.star) == (Fraction("47.5"), 2, 3)
    assert way.text.vi == (
        "Để đạt 3 sao: 1.1 Chữ: từ 0 lên 1 điểm (Chữ); 2.1 Chữ: từ 12,5 lên 25 điểm (Chữ)."
    )
    assert way.text.en == (
        "To reach 3 stars: 1.1 Words: from 0 to 1 point (Words); "
        "2.1 Words: from 12.5 to 25 points (Words)."
    )
