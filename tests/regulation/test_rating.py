from fractions import Fraction

import pytest

from regulation.packs import pack
from regulation.rating import Sheet, as_json, rate
from tests.regulation.builders import a_set, a_sheet, of_points, top_marks

TODAY = pack("QD26-2026")
VEGETABLES = TODAY.criteria_set("QD26-01")
BY_PARTS = pack("QD148-2023")
PARTS = BY_PARTS.criteria_set("QD148-PARTS")
BEST = {"1.1": 3, "2.1": 3, "3.1": 35}


def council(*totals):
    return [of_points(points, member=f"member {no}") for no, points in enumerate(totals)]


def rated(*totals):
    return rate(PARTS, council(*totals), pack=BY_PARTS)


def small(*choices, **options):
    sheets = [a_sheet(f"member {no}", each) for no, each in enumerate(choices)]
    return rate(a_set(), sheets, pack=TODAY, **options)


def vegetables(**changes):
    """A sheet of top marks for vegetables, some criteria ticked otherwise (1.1 as c1_1)."""
    named = {code[1:].replace("_", "."): choice for code, choice in changes.items()}
    return rate(
        VEGETABLES, [Sheet(member="Lan", choices=top_marks(VEGETABLES) | named)], pack=TODAY
    )


@pytest.mark.parametrize(
    ("totals", "star"),
    [
        ([0], 1),
        ([29, 30], 1),
        ([30], 2),
        ([49, 50, 50], 2),
        ([50], 3),
        ([69, 70, 70, 70], 3),
        ([70], 4),
        ([69, 71], 4),
        ([89, 90, 90, 90, 90, 90, 90, 90, 90], 4),
        ([90], 5),
        ([100], 5),
    ],
)
def test_the_band_is_read_on_the_unrounded_mean(totals, star):
    assert rated(*totals).band == rated(*totals).star == star


@pytest.mark.parametrize(
    ("totals", "mean", "star"),
    [
        ([66] * 16 + [67] * 9, "66.36", 3),  # Lộc Bình district, 10/2023
        ([63] * 7 + [64] * 18, "63.72", 3),  # Lộc Bình district, 10/2023
        ([80, 81], "80.5", 4),  # Cần Thơ 2020
        ([90, 91, 91, 91], "90.75", 5),  # national round, 01/2024
        ([94], "94", 5),  # Thanh Hóa 2020
    ],
)
def test_real_means_of_councils_get_their_stars(totals, mean, star):
    rating = rated(*totals)

    assert (as_json(rating)["mean"], rating.star) == (mean, star)


def test_nothing_ticked_is_no_points_even_where_the_lowest_option_has_some():
    rating = small({})

    assert (rating.mean, rating.criteria["1.1"], rating.band, rating.star) == (0, 0, 1, 1)


def test_means_are_exact_per_criterion_section_and_part():
    rating = small(BEST, {"1.1": 2, "2.1": 3, "3.1": 35}, {"1.1": 2, "2.1": 1})

    assert rating.mean == Fraction(100 + 80 + 20, 3)
    assert rating.criteria == {
        "1.1": Fraction(80, 3), "2.1": Fraction(50, 3), "3.1": Fraction(70, 3),
    }  # fmt: skip
    assert rating.sections == {"1": Fraction(80, 3), "2": Fraction(50, 3), "3": Fraction(70, 3)}
    assert rating.parts == {"A": Fraction(80, 3), "B": Fraction(50, 3), "C": Fraction(70, 3)}


def test_members_totals_and_their_spread_are_kept():
    rating = small(BEST, {"1.1": 2, "2.1": 3, "3.1": 35})

    assert rating.member_totals == {"member 0": 100, "member 1": 80}
    assert rating.spread == 20


def test_top_marks_are_five_stars():
    rating = vegetables()

    assert (rating.mean, rating.band, rating.star) == (100, 5, 5)
    assert rating.gates_missed == {}


def test_a_gate_of_five_stars_holds_a_product_at_four():
    rating = vegetables(c1_3=2)

    assert (rating.mean, rating.band, rating.star) == (99, 5, 4)
    assert list(rating.gates_missed) == [5]


def test_a_gate_of_four_stars_holds_a_product_at_three():
    rating = vegetables(c3_4=1)

    assert (rating.mean, rating.band, rating.star) == (99, 5, 3)
    assert [miss.criterion for miss in rating.gates_missed[4]] == ["3.4"]
    assert [miss.criterion for miss in rating.gates_missed[5]] == ["3.4"]


def test_a_gate_of_three_stars_holds_a_product_at_two_without_a_certificate():
    rating = vegetables(c9=1, c2_2=2)

    assert (rating.band, rating.star) == (5, 2)
    assert [miss.criterion for miss in rating.gates_missed[3]] == ["2.2"]


def test_gates_do_not_lift_a_product_above_its_band():
    gated = {
        code: top_marks(VEGETABLES)[code] for _, gates in VEGETABLES.gates for code, _ in gates
    }

    rating = rate(VEGETABLES, [Sheet(member="Lan", choices=gated)], pack=TODAY)

    assert rating.gates_missed == {}
    assert rating.star == rating.band < 5


def test_a_missed_gate_says_what_is_there_and_what_is_asked():
    rating = small(BEST, {"1.1": 2, "2.1": 3, "3.1": 35})

    (miss,) = rating.gates_missed[5]
    assert (miss.criterion, miss.has, miss.needs) == ("1.1", 30, 40)


def test_the_mean_of_the_members_decides_a_gate():
    assert 4 not in small(*[{"1.1": 2, "2.1": 3, "3.1": 35}] * 3).gates_missed
    assert 4 in small(*[{"1.1": 2}] * 8, {"1.1": 1}).gates_missed


def test_an_option_the_council_agreed_on_decides_its_gate_and_leaves_the_mean():
    divided = [BEST, {"1.1": 2, "2.1": 3, "3.1": 35}]

    by_mean, agreed = small(*divided), small(*divided, agreed={"1.1": 3})

    assert (by_mean.star, agreed.star) == (4, 5)
    assert by_mean.mean == agreed.mean == 90


def test_an_option_agreed_on_can_also_hold_back():
    rating = small(BEST, agreed={"1.1": 1})

    assert (rating.mean, rating.star) == (100, 3)
    assert rating.gates_missed[4][0].has == 5


@pytest.mark.parametrize("code", ["2.1", "forged-dossier"])
def test_a_knock_out_leaves_no_star_whatever_the_mean(code):
    rating = small(BEST, knockouts=[code])

    assert (rating.band, rating.star, rating.knocked_out) == (5, 0, True)
    assert rating.knockouts == (code,)


def test_a_knock_out_named_twice_counts_once():
    assert small(BEST, knockouts=["2.1", "2.1"]).knockouts == ("2.1",)


def test_what_is_printed_has_the_promised_shape():
    printed = as_json(
        small(BEST, {"1.1": 2, "2.1": 3, "3.1": 34}, {"1.1": 3, "2.1": 2, "3.1": 35})
    )

    assert printed == {
        "mean": "88",
        "parts": {"A": "33.3333", "B": "20", "C": "34.6667"},
        "band": 4,
        "gates_missed": {"5": ["1.1"]},
        "knocked_out": False,
        "star": 4,
        "reason": {
            "vi": "Điểm trung bình 88 thuộc khung 4 sao (từ 70 đến dưới 90 điểm).",
            "en": "The mean of 88 points lies in the band of 4 stars (70 to under 90).",
        },
    }


def test_a_mean_just_under_a_band_is_not_printed_as_if_it_were_in_it():
    rating = rated(*[70] * 29_999, 69)

    assert (as_json(rating)["mean"], rating.star) == ("69.99997", 3)


def test_the_reason_names_the_gates_and_by_how_much_they_were_missed():
    reason = small(BEST, {"1.1": 2, "2.1": 3, "3.1": 35}, {"1.1": 3, "2.1": 3, "3.1": 35}).reason

    assert reason.en == (
        "The mean of 93.3333 points lies in the band of 5 stars (90 to 100). "
        "It stays at 4 stars, short of the minimums for 5 stars in 1.1 (has 33.3333, needs 40)."
    )
    assert reason.vi == (
        "Điểm trung bình 93,3333 thuộc khung 5 sao (từ 90 đến 100 điểm). "
        "Chỉ xếp 4 sao vì chưa đạt điểm tối thiểu của 5 sao ở tiêu chí 1.1 (đạt 33,3333, cần 40)."
    )


def test_the_reason_of_a_knock_out_names_its_ground():
    reason = small(BEST, knockouts=["forged-dossier"]).reason

    assert reason.en == (
        "The product is knocked out: forged-dossier (Words). Its mean of 100 points is not ranked."
    )
    assert reason.vi.startswith("Sản phẩm bị loại: forged-dossier (Chữ).")


def test_the_reason_speaks_of_the_next_star_only():
    reason = vegetables(c1_3=2, c3_4=1).reason

    assert "minimums for 4 stars in 3.4 (has 1, needs 2)." in reason.en
    assert "1.3" not in reason.en


def test_a_rating_names_the_law_and_the_set_that_it_was_made_by():
    rating = vegetables()

    assert (rating.pack, rating.criteria_set) == ("QD26-2026", "QD26-01")
