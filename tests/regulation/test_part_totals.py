"""Decisions 148/2023 and 1489/2025: no detailed sets were found, councils enter part totals."""

import pytest

from regulation.packs import pack
from regulation.rating import rate
from regulation.refusals import UnknownOption
from tests.regulation.builders import a_sheet

PARTS = [("QD148-2023", "QD148-PARTS"), ("QD1489-2025", "QD1489-PARTS")]
each_pack = pytest.mark.parametrize(("pack_id", "code"), PARTS)


@each_pack
def test_the_set_takes_the_points_of_each_part(pack_id, code):
    criteria = pack(pack_id).criteria_set(code).criteria

    assert [(c.code, c.kind, c.max) for c in criteria] == [
        ("A", "points", 40),
        ("B", "points", 25),
        ("C", "points", 35),
    ]


@each_pack
def test_part_totals_are_rated(pack_id, code):
    law = pack(pack_id)
    sheets = [
        a_sheet("Lan", {"A": 30, "B": 20, "C": 25}),
        a_sheet("Minh", {"A": 28, "B": 19, "C": 26}),
    ]

    rating = rate(law.criteria_set(code), sheets, pack=law)

    assert (rating.mean, rating.star) == (74, 4)
    assert rating.parts == {"A": 29, "B": pytest.approx(19.5), "C": pytest.approx(25.5)}


@each_pack
@pytest.mark.parametrize("choices", [{"A": 41}, {"B": -1}, {"C": 36}])
def test_no_part_takes_more_than_it_has(pack_id, code, choices):
    law = pack(pack_id)

    with pytest.raises(UnknownOption, match="it takes 0 to"):
        rate(law.criteria_set(code), [a_sheet("Lan", choices)], pack=law)
