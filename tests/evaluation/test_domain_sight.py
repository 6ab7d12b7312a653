"""Who sees what of an assessment."""

from dataclasses import replace

import pytest

from regulation.acting import Actor, Role
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.news import MembersWereCleared
from services.evaluation.domain.refusals import (
    ConflictOfInterest,
    NotDeclared,
    OutsideArea,
    SheetsNotOpen,
)
from services.evaluation.domain.sight import Sight, require_sees_sheets, sight
from tests.builders.evaluation import (
    PROVINCE,
    a_council,
    a_declared,
    a_member,
    a_product,
    a_secretary,
    a_sheet,
    an_actor,
    an_admitted,
    an_assessment,
    an_opened,
    declares,
    members,
    sheets,
)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.OCOP_OFFICER, Role.AUTHORITY])
@pytest.mark.parametrize("area", ["399", PROVINCE])
def test_officials_of_the_district_and_its_province_see_the_procedure(
    role: Role, area: str
) -> None:
    assessment, council = an_admitted()

    assert sight(assessment, council, an_actor(role, area)) is Sight.OFFICIAL


@pytest.mark.parametrize(
    "who",
    [
        a_secretary("401"),
        a_member(9),
        an_actor(Role.PRODUCER),
        an_actor(Role.OPERATOR, PROVINCE),
        an_actor(Role.COMMUNE_OFFICER, "15871"),
    ],
)
def test_others_see_nothing(who: Actor) -> None:
    assessment, council = an_admitted()

    with pytest.raises(OutsideArea):
        sight(assessment, council, who)


def test_before_a_round_no_member_sees_anything() -> None:
    with pytest.raises(OutsideArea):
        sight(an_assessment(), None, a_member(1))


def test_a_member_sees_the_dossier_only_after_declaring() -> None:
    assessment, council = an_admitted()
    before = sight(assessment, council, a_member(1))

    declares(assessment, council, "member-1")

    assert before is Sight.BRIEF
    assert sight(assessment, council, a_member(1)) is Sight.MEMBER


def test_a_member_in_conflict_sees_no_more_than_before() -> None:
    assessment, council = an_admitted()

    declares(assessment, council, "member-1", conflict=True)

    assert sight(assessment, council, a_member(1)) is Sight.BRIEF


def test_a_member_who_holds_an_office_besides_sees_as_a_member() -> None:
    assessment, council = an_admitted()
    both = an_actor(Role.MEMBER, id="member-1", **{"ocop-officer": "399"})

    assert sight(assessment, council, both) is Sight.BRIEF


@pytest.mark.parametrize(
    "who", [a_member(1), a_secretary(), an_actor(Role.AUTHORITY), an_actor(Role.OCOP_OFFICER)]
)
def test_nobody_sees_sheets_before_they_open(who: Actor) -> None:
    assessment, council = a_declared()

    with pytest.raises(SheetsNotOpen):
        require_sees_sheets(assessment, council, who)


def test_members_and_officials_see_sheets_once_they_are_open() -> None:
    assessment, council, _ = an_opened()

    require_sees_sheets(assessment, council, a_member(1))
    require_sees_sheets(assessment, council, a_secretary())


def test_a_first_round_of_sheets_stays_open_while_members_score_again() -> None:
    assessment, council = a_declared()

    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=0)])

    require_sees_sheets(assessment, council, a_member(1))


def test_a_member_in_conflict_never_sees_the_sheets() -> None:
    assessment, council = a_declared(a_council(4))
    declares(assessment, council, "member-4", conflict=True)
    assessment.open_if_complete(council, sheets(3))

    with pytest.raises(ConflictOfInterest):
        require_sees_sheets(assessment, council, a_member(4))


def test_a_member_who_has_not_declared_never_sees_the_sheets() -> None:
    assessment, council = an_admitted(a_council(4))
    for number in (1, 2, 3):
        declares(assessment, council, f"member-{number}")
    assessment.present = ("member-1", "member-2", "member-3")
    assessment.open_if_complete(council, sheets(3))

    with pytest.raises(NotDeclared):
        require_sees_sheets(assessment, council, a_member(4))


def told(assessment: Assessment) -> list[tuple[str, ...]]:
    """Whom each piece of news names as cleared; what was told before is out of the way."""
    said = [news.cleared for news in assessment.news if isinstance(news, MembersWereCleared)]
    assessment.news.clear()
    return said


def test_who_sits_over_a_dossier_is_told_with_nobody_cleared_when_it_comes_before_them() -> None:
    assessment, _ = an_admitted()

    assert told(assessment) == [()]


def test_a_member_is_cleared_by_declaring_no_conflict_and_that_is_told_once() -> None:
    assessment, council = an_admitted()
    told(assessment)

    declares(assessment, council, "member-2")
    first = told(assessment)
    declares(assessment, council, "member-2")

    assert (first, told(assessment)) == ([("member-2",)], [])


def test_a_conflict_declared_later_takes_the_clearing_back() -> None:
    assessment, council = an_admitted()
    declares(assessment, council, "member-2")
    told(assessment)

    declares(assessment, council, "member-2", conflict=True)

    assert told(assessment) == [()]


def test_who_is_in_conflict_is_never_cleared_and_nothing_is_told() -> None:
    assessment, council = an_admitted()
    told(assessment)

    declares(assessment, council, "member-2", conflict=True)

    assert told(assessment) == []


def test_an_interest_that_the_council_knows_keeps_a_member_from_being_cleared() -> None:
    product = a_product()
    knows = replace(members(3)[1], interests=frozenset({product.subject_id}))
    council = a_council(members=(members(3)[0], knows, members(3)[2]))
    assessment, _ = an_admitted(council, subject_id=product.subject_id)
    told(assessment)

    declares(assessment, council, "member-2")

    assert told(assessment) == []


def test_where_no_declaration_is_asked_for_those_without_a_known_interest_are_cleared() -> None:
    assessment, _ = an_admitted(a_council(requires=frozenset()))

    assert told(assessment) == [("member-1", "member-2", "member-3")]


def test_an_assessment_from_before_anything_was_told_tells_with_the_next_declaration() -> None:
    assessment, council = a_declared()
    assessment.interests.told = None
    told(assessment)

    declares(assessment, council, "member-1")

    assert told(assessment) == [("member-1", "member-2", "member-3")]
