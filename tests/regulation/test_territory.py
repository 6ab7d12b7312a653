from collections import Counter
from datetime import date

import pytest

from regulation.refusals import UnknownUnit
from regulation.territory import territory

LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
TWO_TIERS = date(2025, 7, 1)
THANH_HOA = "38"


def levels(on):
    units = territory(on)
    provinces = units.provinces()
    below = [child for each in provinces for child in units.children(each.code)]
    last = [child for each in below for child in units.children(each.code)]
    return Counter(unit.level for unit in [*provinces, *below, *last])


def test_until_june_2025_there_are_provinces_districts_and_communes():
    assert levels(LAST_DAY_OF_DISTRICTS) == {"province": 63, "district": 705, "commune": 10_599}


def test_from_july_2025_there_are_provinces_and_communes():
    assert levels(TWO_TIERS) == {"province": 34, "commune": 3_321}


@pytest.mark.parametrize(("on", "units"), [(LAST_DAY_OF_DISTRICTS, 11_367), (TWO_TIERS, 3_355)])
def test_every_unit_hangs_on_a_province(on, units):
    assert sum(levels(on).values()) == len(territory(on)) == units


def test_a_commune_of_before_stands_under_its_district():
    chain = territory(date(2024, 3, 1)).chain("14758")

    assert [unit.level for unit in chain] == ["commune", "district", "province"]
    assert chain[-1].name == "Tỉnh Thanh Hóa"


def test_a_commune_of_today_stands_under_its_province():
    chain = territory(date(2026, 6, 1)).chain("00070")

    assert [unit.name for unit in chain] == ["Phường Hoàn Kiếm", "Thành phố Hà Nội"]


@pytest.mark.parametrize("on", [LAST_DAY_OF_DISTRICTS, TWO_TIERS])
def test_every_chain_ends_at_a_province_and_codes_are_as_long_as_their_level_asks(on):
    units = territory(on)
    digits = {"province": 2, "district": 3, "commune": 5}
    for province in units.provinces():
        for child in units.children(province.code):
            for unit in (child, *units.children(child.code)):
                assert units.chain(unit.code)[-1] == province
                assert len(unit.code) == digits[unit.level]


@pytest.mark.parametrize(
    ("on", "districts", "communes"),
    [(date(2023, 6, 1), 27, 559), (TWO_TIERS, 0, 166)],
)
def test_thanh_hoa_before_and_after(on, districts, communes):
    units = territory(on)
    below = units.children(THANH_HOA)
    last = [unit for each in below for unit in units.children(each.code)]
    counted = Counter(unit.level for unit in [*below, *last])

    assert (counted["district"], counted["commune"]) == (districts, communes)


def test_a_district_is_unknown_once_districts_are_gone():
    district = territory(LAST_DAY_OF_DISTRICTS).children(THANH_HOA)[0]

    with pytest.raises(UnknownUnit, match=district.code):
        territory(TWO_TIERS).unit(district.code)


def test_an_unknown_unit_has_no_children():
    with pytest.raises(UnknownUnit) as refusal:
        territory(TWO_TIERS).children("99")
    assert refusal.value.slug == "unknown-unit"


def test_units_know_the_bounds_of_their_era():
    before, now = territory(LAST_DAY_OF_DISTRICTS).unit("38"), territory(TWO_TIERS).unit("38")

    assert (before.valid_from, before.valid_to) == (None, LAST_DAY_OF_DISTRICTS)
    assert (now.valid_from, now.valid_to) == (TWO_TIERS, None)


def test_an_era_is_read_once():
    assert territory(date(2019, 1, 1)) is territory(LAST_DAY_OF_DISTRICTS)
