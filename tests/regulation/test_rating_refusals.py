import pytest

from regulation import refusals
from regulation.packs import pack
from regulation.rating import rate
from tests.regulation.builders import a_set, a_sheet

TODAY = pack("QD26-2026")


def refused(kind, sheets=None, *, criteria_set=None, law=TODAY, **options):
    with pytest.raises(kind) as refusal:
        rate(criteria_set or a_set(), sheets or [a_sheet()], pack=law, **options)
    return str(refusal.value)


def test_without_sheets_there_is_nothing_to_rate():
    with pytest.raises(refusals.NoSheets) as refusal:
        rate(a_set(), [], pack=TODAY)
    assert refusal.value.slug == "no-sheets"
    assert str(refusal.value) == "there is no score sheet to rate by"


def test_a_member_hands_in_one_sheet():
    message = refused(refusals.DuplicateMember, [a_sheet("Lan"), a_sheet("Minh"), a_sheet("Lan")])

    assert message == "Lan has handed in two score sheets"


def test_an_unknown_criterion_is_refused():
    message = refused(refusals.UnknownCriterion, [a_sheet("Lan", {"9.9": 1})])

    assert message == "SMALL has no criterion '9.9'"


@pytest.mark.parametrize("choice", [0, 4, -1, True, False, 1.0, "1", None])
def test_what_is_no_option_is_refused(choice):
    message = refused(refusals.UnknownOption, [a_sheet("Lan", {"1.1": choice})])

    assert message == f"criterion 1.1 was given {choice!r}; its options are 1, 2, 3"


@pytest.mark.parametrize("points", [-1, 36, True, 1.5])
def test_points_beyond_a_criterion_are_refused(points):
    message = refused(refusals.UnknownOption, [a_sheet("Lan", {"3.1": points})])

    assert message == f"criterion 3.1 was given {points!r}; it takes 0 to 35 whole points"


@pytest.mark.parametrize("code", ["1.1", "9.9", "late"])
def test_what_cannot_knock_out_is_refused(code):
    message = refused(refusals.UnknownKnockout, knockouts=[code])

    assert message == f"SMALL has no knock-out {code!r}"


def test_an_agreed_option_must_exist():
    refused(refusals.UnknownOption, agreed={"1.1": 7})
    refused(refusals.UnknownCriterion, agreed={"9.9": 1})


def test_nothing_is_rated_by_a_set_whose_points_are_not_known():
    old = pack("QD1048-2019")

    message = refused(
        refusals.IncompleteCriteriaSet, criteria_set=old.criteria_set("QD1048-03"), law=old
    )

    assert message.startswith("QD1048-03 cannot be used: ")


def test_a_set_is_rated_under_its_own_decision_only():
    message = refused(refusals.UnknownCriteriaSet, law=pack("QD148-2023"))

    assert message == "QD148-2023 has no criteria set 'SMALL'"


def test_every_refusal_has_a_slug_of_its_own():
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type)]

    assert len({kind.slug for kind in kinds}) == len(kinds)
