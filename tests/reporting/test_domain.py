import pytest

from regulation.acting import Role
from regulation.refusals import NotAllowed, UnknownUnit
from services.reporting.domain import (
    AreaOutsideProvince,
    DuplicateArea,
    NotAPlanningArea,
    Stage,
    Target,
    UnfitYear,
    plan,
)
from tests.builders.visitor import an_actor

OFFICER = an_actor(Role.OCOP_OFFICER, "38")
THREE = {3: 5, 4: 2, 5: 0}


def planned(year, *areas, by=OFFICER):
    return plan(year, "Kế hoạch mẫu", [(area, THREE) for area in areas], province="38", by=by)


def test_a_plan_is_made_for_districts_while_there_are_any():
    made = planned(2024, "395", "401")

    assert made.targets == (
        Target(area="395", level="district", stars=THREE),
        Target(area="401", level="district", stars=THREE),
    )


def test_a_plan_is_made_for_communes_afterwards():
    assert [target.level for target in planned(2026, "14797").targets] == ["commune"]


def test_in_the_year_of_the_change_a_plan_may_name_both():
    levels = [target.level for target in planned(2025, "395", "14797").targets]

    assert levels == ["district", "commune"]


@pytest.mark.parametrize(
    ("year", "area", "refusal"),
    [
        (2024, "15583", NotAPlanningArea),
        (2024, "38", NotAPlanningArea),
        (2026, "38", NotAPlanningArea),
        (2024, "999", UnknownUnit),
        (2026, "395", UnknownUnit),
        (2024, "412", AreaOutsideProvince),
        (2026, "00004", AreaOutsideProvince),
    ],
    ids=["a commune of a district", "a province", "a province now", "no unit", "a former district",
         "a district elsewhere", "a commune elsewhere"],
)  # fmt: skip
def test_a_row_that_is_no_planning_area_of_the_province_is_refused_by_its_number(
    year, area, refusal
):
    good = "395" if year == 2024 else "14797"

    with pytest.raises(refusal, match=r"^rows\.1\.area: "):
        planned(year, good, area)


def test_an_area_twice_is_refused_by_its_number():
    with pytest.raises(DuplicateArea, match=r"^rows\.2\.area: 395 "):
        planned(2024, "395", "401", "395")


@pytest.mark.parametrize("year", [2017, 2101, 10**12])
def test_a_year_without_the_programme_has_no_plan(year):
    with pytest.raises(UnfitYear):
        planned(year, "395")


@pytest.mark.parametrize(
    "stranger",
    [an_actor(Role.OCOP_OFFICER, "395"), an_actor(Role.AUTHORITY, "38")],
    ids=["a district's agency", "another role"],
)
def test_only_the_province_s_agency_plans(stranger):
    with pytest.raises(NotAllowed):
        planned(2024, "395", by=stranger)


def test_every_stage_is_named_once_in_the_order_of_a_dossier_s_way():
    assert [stage.value for stage in Stage] == [
        "submitted", "verified", "returned", "withdrawn", "scored", "closed", "referred",
        "certified", "revoked", "expired",
    ]  # fmt: skip
