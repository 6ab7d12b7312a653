from datetime import date
from fractions import Fraction

import pytest

from regulation.packs import pack, packs
from regulation.procedure import (
    Outcome,
    expires,
    extended_expiry,
    first_council,
    outcome,
    reevaluation_window,
)
from regulation.refusals import UnknownLevel

CERTIFY, REFER = "certify", "refer"
LEAST_MEAN = {3: 50, 4: 70, 5: 90}


@pytest.mark.parametrize(
    ("pack_id", "level"),
    [
        ("QD1048-2019", "district"),
        ("QD148-2023", "district"),
        ("QD1489-2025", "province"),
        ("QD26-2026", "province"),
    ],
)
def test_the_first_council_is_the_lowest(pack_id, level):
    assert first_council(pack(pack_id)) == level


@pytest.mark.parametrize(
    ("pack_id", "level", "mean", "star", "act", "to"),
    [
        ("QD1048-2019", "district", 55, 3, REFER, "province"),
        ("QD1048-2019", "district", 75, 4, REFER, "province"),
        ("QD1048-2019", "district", 92, 5, REFER, "province"),
        ("QD1048-2019", "province", 55, 3, CERTIFY, "province"),
        ("QD1048-2019", "province", 75, 4, CERTIFY, "province"),
        ("QD1048-2019", "province", 92, 5, REFER, "national"),
        ("QD148-2023", "district", 55, 3, CERTIFY, "district"),
        ("QD148-2023", "district", 75, 3, CERTIFY, "district"),
        ("QD148-2023", "district", 75, 4, REFER, "province"),
        ("QD148-2023", "district", 92, 5, REFER, "province"),
        ("QD148-2023", "province", 65, 3, CERTIFY, "district"),
        ("QD148-2023", "province", 75, 4, CERTIFY, "province"),
        ("QD148-2023", "province", 92, 5, REFER, "national"),
        ("QD1489-2025", "province", 55, 3, CERTIFY, "province"),
        ("QD1489-2025", "province", 75, 4, CERTIFY, "province"),
        ("QD1489-2025", "province", 92, 5, REFER, "national"),
        ("QD26-2026", "province", 55, 3, CERTIFY, "province"),
        ("QD26-2026", "province", 75, 4, CERTIFY, "province"),
        ("QD26-2026", "province", 92, 4, CERTIFY, "province"),
        ("QD26-2026", "province", 92, 5, REFER, "national"),
    ],
)
def test_what_follows_from_a_rating(pack_id, level, mean, star, act, to):
    result = outcome(pack(pack_id), level=level, rating_star=star, mean=Fraction(mean))

    assert result == Outcome(act=act, level=to, star=star)


@pytest.mark.parametrize("each", packs(), ids=lambda each: each.id)
@pytest.mark.parametrize("star", [0, 1, 2])
def test_up_to_two_stars_close_without_a_certificate(each, star):
    for level in each.councils:
        result = outcome(each, level=level, rating_star=star, mean=Fraction(49))

        assert result == Outcome(act="close", level=None, star=star)


@pytest.mark.parametrize("each", packs(), ids=lambda each: each.id)
@pytest.mark.parametrize("star", [3, 4, 5])
def test_every_star_ends_in_a_certificate_of_its_authority(each, star):
    level, seen = first_council(each), []
    while True:
        result = outcome(each, level=level, rating_star=star, mean=Fraction(LEAST_MEAN[star]))
        seen.append(level)
        if result.act == CERTIFY:
            break
        level = result.level

    assert result.level == each.authority(star)
    assert seen == sorted(seen, key=each.levels.index)


def test_a_national_result_under_five_stars_goes_back_to_the_province():
    result = outcome(pack("QD26-2026"), level="national", rating_star=4, mean=Fraction(89))

    assert result == Outcome(act=CERTIFY, level="province", star=4)


@pytest.mark.parametrize(
    ("pack_id", "level"), [("QD26-2026", "district"), ("QD26-2026", "commune")]
)
def test_a_level_without_a_council_has_no_outcome(pack_id, level):
    with pytest.raises(UnknownLevel, match=level):
        outcome(pack(pack_id), level=level, rating_star=3, mean=Fraction(60))


@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (date(2026, 8, 5), date(2029, 8, 5)),
        (date(2026, 12, 31), date(2029, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_certificate_lives_36_months(issued, end):
    assert expires(pack("QD26-2026"), issued) == end


@pytest.mark.parametrize(
    ("months", "issued", "end"),
    [
        (6, date(2025, 8, 31), date(2026, 2, 28)),
        (6, date(2027, 8, 31), date(2028, 2, 29)),
        (1, date(2026, 12, 31), date(2027, 1, 31)),
        (4, date(2026, 12, 31), date(2027, 4, 30)),
        (12, date(2026, 12, 1), date(2027, 12, 1)),
    ],
)
def test_months_end_at_the_latest_with_their_month(months, issued, end):
    class Months:
        validity_months = months

    assert expires(Months, issued) == end


def test_reevaluation_is_filed_180_to_120_days_before_the_end():
    first, last = reevaluation_window(pack("QD26-2026"), expires=date(2029, 8, 5))

    assert (first, last) == (date(2029, 2, 6), date(2029, 4, 7))


def test_where_no_window_is_known_there_is_none():
    assert reevaluation_window(pack("QD148-2023"), expires=date(2026, 8, 5)) is None


def test_a_certificate_caught_by_the_new_window_lives_180_days_longer_at_most():
    assert extended_expiry(pack("QD26-2026"), date(2026, 6, 30)) == date(2026, 12, 27)
    assert extended_expiry(pack("QD148-2023"), date(2026, 6, 30)) is None
