"""Printed names of administrative units, as codes."""

from datetime import date

import pytest

from cli.importing.areas import AmbiguousUnit, commune, planning_area, planning_areas
from regulation.refusals import UnknownUnit


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("380", "380"),
        ("Thành phố Thanh Hóa", "380"),
        ("TP. Thanh Hoá", "380"),
        ("TP Thanh Hóa", "380"),
        ("THANH HÓA", "380"),
        ("Thị xã Bỉm Sơn", "381"),
        ("Thị xã Bim Sơn", "381"),
        ("TX.Bỉm Sơn", "381"),
        ("Thọ Xuân", "395"),
        ("Huyện  Thọ Xuân", "395"),
    ],
)
def test_a_district_is_found_as_it_is_printed(printed: str, code: str) -> None:
    assert planning_area(printed, province="38", year=2024) == code


def test_a_plan_is_made_for_districts_while_there_are_any() -> None:
    assert len(planning_areas("38", 2024)) == 27
    assert len(planning_areas("38", 2026)) == 166


def test_every_planning_area_is_found_by_its_name() -> None:
    for year in (2024, 2026):
        found = {
            planning_area(name, province="38", year=year) for name in planning_areas("38", year)
        }

        assert len(found) == len(planning_areas("38", year))


def test_a_unit_of_another_province_is_unknown() -> None:
    with pytest.raises(UnknownUnit):
        planning_area("001", province="38", year=2024)


def test_a_name_that_several_communes_have_asks_for_more() -> None:
    with pytest.raises(AmbiguousUnit, match="14776, 14812: give the code"):
        commune("Phường Ba Đình", province="38", on=date(2024, 5, 1))


def test_the_unit_above_tells_them_apart() -> None:
    code = commune("Phường Ba Đình, TX Bỉm Sơn", province="38", on=date(2024, 5, 1))

    assert code == "14812"
