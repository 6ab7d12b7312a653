"""Members declare, score blind, and their sheets open together."""

from datetime import timedelta

import pytest

from regulation.acting import Role
from regulation.refusals import NotAllowed, UnknownCriterion, UnknownOption
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.bench import ChairAbsent, MemberInConflict, NoQuorum
from services.evaluation.domain.council import (
    Council,
    Member,
    NotAMember,
    OnSpread,
    Requirement,
    Seat,
)
from services.evaluation.domain.refusals import (
    AdvisoryReportMissing,
    ConflictOfInterest,
    ConflictStands,
    NotAdmitted,
    NotDeclared,
    NotSeated,
    SheetsOpen,
    SupplementOutstanding,
)
from services.evaluation.domain.sheet import SheetLocked
from tests.builders.evaluation import (
    ADMITTED,
    AT,
    TODAY,
    a_council,
    a_declared,
    a_member,
    a_product,
    a_report,
    a_secretary,
    a_sheet,
    an_actor,
    an_admitted,
    an_assessment,
    an_opened,
    declares,
    sheets,
)


def attends(assessment: Assessment, council: Council, *present: str) -> None:
    assessment.attend(council, present, by=a_secretary(), on=ADMITTED, today=TODAY)


def test_a_member_scores_only_what_is_in_a_round() -> None:
    with pytest.raises(NotAdmitted):
        an_assessment().require_may_score(a_council(), a_member(1))


def test_a_member_declares_before_he_scores() -> None:
    assessment, council = an_admitted()
    with pytest.raises(NotDeclared):
        assessment.require_may_score(council, a_member(2))

    declares(assessment, council, "member-2")

    assert assessment.require_may_score(council, a_member(2)).id == "member-2"


def test_a_regulation_may_ask_for_no_declaration() -> None:
    assessment, council = an_admitted(a_council(requires=frozenset()))

    assessment.require_may_score(council, a_member(2))


def test_a_member_in_conflict_takes_no_part() -> None:
    assessment, council = an_admitted()

    declares(assessment, council, "member-2", conflict=True)

    with pytest.raises(ConflictOfInterest):
        assessment.require_may_score(council, a_member(2))


def test_a_conflict_may_be_found_later_but_is_not_taken_back() -> None:
    assessment, council = a_declared()

    declares(assessment, council, "member-2", conflict=True)

    with pytest.raises(ConflictStands):
        declares(assessment, council, "member-2", conflict=False)


def test_who_declares_the_same_again_changes_nothing() -> None:
    assessment, council = an_admitted()
    declares(assessment, council, "member-2")
    first = assessment.interests.declared["member-2"]

    assessment.declare(
        council,
        by=a_member(2),
        conflict=False,
        ground="other words",
        at=AT + timedelta(days=1),
    )

    assert assessment.interests.declared["member-2"] is first


def test_a_member_is_blocked_without_being_asked_where_the_council_knows_his_interest() -> None:
    product = a_product()
    interested = Member(
        id="interested", role=Seat.MEMBER, interests=frozenset({product.subject_id})
    )
    council = a_council(3, more=[interested])
    assessment, _ = an_admitted(council, subject_id=product.subject_id)

    with pytest.raises(ConflictOfInterest):
        assessment.require_may_score(council, an_actor(Role.MEMBER, id="interested"))
    assert "interested" not in assessment.bench(council).sitting


def test_a_member_who_acts_for_the_subject_is_in_conflict_whatever_he_says() -> None:
    assessment, council = an_admitted()
    producer = an_actor(Role.MEMBER, id="member-2", producer=str(assessment.product.subject_id))
    with pytest.raises(ConflictOfInterest):
        assessment.require_may_score(council, producer)

    said = assessment.declare(council, by=producer, conflict=False, ground=None, at=AT)

    assert (said.conflict, said.ground, said.by_data) == (True, "same-subject", True)
    assert "member-2" not in assessment.bench(council).sitting


def test_nobody_declares_who_does_not_score() -> None:
    assessment, council = an_admitted(a_council(more=[Member(id="sec", role=Seat.SECRETARY)]))

    with pytest.raises(NotAMember):
        declares(assessment, council, "sec")
    with pytest.raises(NotAllowed):
        assessment.declare(council, by=a_secretary(), conflict=False, ground=None, at=AT)


def test_a_regulation_may_ask_for_the_advisory_report_first() -> None:
    requires = frozenset({Requirement.ADVISORY_REPORT, Requirement.DECLARATIONS})
    assessment, council = a_declared(a_council(requires=requires))
    with pytest.raises(AdvisoryReportMissing):
        assessment.require_may_score(council, a_member(1))

    assessment.advise(a_report(), by=a_secretary(), today=TODAY)

    assessment.require_may_score(council, a_member(1))


def test_nobody_scores_while_a_supplement_is_outstanding() -> None:
    assessment, council = a_declared()

    assessment.ask_supplement("a", by=a_secretary(), on=ADMITTED, today=TODAY)

    with pytest.raises(SupplementOutstanding):
        assessment.require_may_score(council, a_member(1))


def test_a_substitute_scores_only_in_the_place_of_a_member_who_does_not() -> None:
    substitute = Member(id="stand-in", role=Seat.MEMBER, substitute_for="member-2")
    assessment, council = a_declared(a_council(3, more=[substitute]))
    who = an_actor(Role.MEMBER, id="stand-in")
    with pytest.raises(NotSeated):
        assessment.require_may_score(council, who)

    declares(assessment, council, "member-2", conflict=True)

    assessment.require_may_score(council, who)


def test_a_draft_is_changed_until_it_is_submitted() -> None:
    assessment, sheet = an_assessment(), a_sheet(1, submitted=False)

    sheet.fill_in({"A": 12}, assessment.criteria_set)
    sheet.fill_in({"B": 3}, assessment.criteria_set)
    sheet.submit(at=AT)

    assert sheet.choices == {"B": 3}
    with pytest.raises(SheetLocked):
        sheet.fill_in({"B": 4}, assessment.criteria_set)
    with pytest.raises(SheetLocked):
        sheet.submit(at=AT)
    assert sheet.choices == {"B": 3}


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [({"D": 1}, UnknownCriterion), ({"A": 41}, UnknownOption), ({"A": True}, UnknownOption)],
)
def test_a_sheet_is_filled_in_on_the_dossiers_set(
    choices: dict[str, int], refusal: type[Exception]
) -> None:
    sheet = a_sheet(1, submitted=False)
    before = dict(sheet.choices)

    with pytest.raises(refusal):
        sheet.fill_in(choices, an_assessment().criteria_set)

    assert sheet.choices == before


def test_the_sheets_open_together_with_the_last_one() -> None:
    assessment, council = a_declared()

    assessment.open_if_complete(council, sheets(2))
    after_two = assessment.status
    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, submitted=False)])
    after_a_draft = assessment.status
    assessment.open_if_complete(council, sheets(3))

    assert (after_two, after_a_draft) == (Status.SCORING, Status.SCORING)
    assert assessment.status is Status.OPENED
    (opening,) = assessment.openings
    assert opening.members == ("member-1", "member-2", "member-3")


def test_nobody_scores_once_the_sheets_are_open() -> None:
    assessment, council, _ = an_opened()

    with pytest.raises(SheetsOpen):
        assessment.require_may_score(council, a_member(1))


def test_a_member_in_conflict_is_not_waited_for() -> None:
    assessment, council = a_declared(a_council(4))
    declares(assessment, council, "member-4", conflict=True)

    assessment.open_if_complete(council, sheets(3))

    assert assessment.openings[0].members == ("member-1", "member-2", "member-3")


def test_a_sheet_of_a_member_in_conflict_does_not_count() -> None:
    assessment, council = a_declared(a_council(4))
    declares(assessment, council, "member-4", conflict=True)

    assessment.open_if_complete(council, [*sheets(3), a_sheet(4, A=0)])

    assert assessment.openings[0].spread == 0


def test_sheets_stay_closed_without_a_quorum() -> None:
    assessment, council = a_declared(a_council(3))
    declares(assessment, council, "member-3", conflict=True)

    assessment.open_if_complete(council, sheets(2))

    assert assessment.status is Status.SCORING
    assert assessment.openings == ()


def test_sheets_stay_closed_while_a_supplement_is_outstanding() -> None:
    assessment, council = a_declared()
    assessment.ask_supplement("a", by=a_secretary(), on=ADMITTED, today=TODAY)

    assessment.open_if_complete(council, sheets(3))

    assert assessment.status is Status.SCORING


def test_who_is_absent_is_not_waited_for() -> None:
    assessment, council = a_declared(a_council(4))

    attends(assessment, council, "member-1", "member-2", "member-3")
    assessment.open_if_complete(council, sheets(3))

    assert assessment.status is Status.OPENED


def test_who_is_not_present_does_not_score() -> None:
    assessment, council = a_declared(a_council(4))

    attends(assessment, council, "member-1", "member-2", "member-3")

    with pytest.raises(NotSeated):
        assessment.require_may_score(council, a_member(4))


def test_a_meeting_without_quorum_or_chair_is_none() -> None:
    assessment, council = a_declared(a_council(4))

    with pytest.raises(NoQuorum):
        attends(assessment, council, "member-1", "member-2")
    with pytest.raises(ChairAbsent):
        attends(assessment, council, "member-2", "member-3", "member-4")
    assert assessment.present is None


def test_nobody_in_conflict_is_present() -> None:
    assessment, council = a_declared(a_council(4))
    declares(assessment, council, "member-4", conflict=True)

    with pytest.raises(MemberInConflict):
        attends(assessment, council, "member-1", "member-2", "member-3", "member-4")


def test_attendance_is_settled_once_the_sheets_are_open() -> None:
    assessment, council, _ = an_opened(a_council(4))

    attends(assessment, council, "member-4", "member-3", "member-2", "member-1")

    with pytest.raises(SheetsOpen):
        attends(assessment, council, "member-1", "member-2", "member-3")


def test_a_spread_over_the_limit_opens_a_new_round_of_sheets() -> None:
    assessment, council = a_declared()

    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=20)])

    assert assessment.status is Status.SCORING
    assert assessment.sheet_round == 2
    (opening,) = assessment.openings
    assert (opening.round, opening.spread, opening.rescore) == (1, 11, True)
    assessment.require_may_score(council, a_member(1))


def test_a_spread_at_the_limit_does_not() -> None:
    assessment, council = a_declared()

    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=21)])

    assert assessment.status is Status.OPENED
    assert assessment.openings[0].spread == 10


def test_the_next_round_of_sheets_opens_by_itself() -> None:
    assessment, council = a_declared()
    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=20)])

    assessment.open_if_complete(council, sheets(3))

    assert assessment.status is Status.OPENED
    assert [opening.round for opening in assessment.openings] == [1, 2]
    assert assessment.sheet_round == 2


def test_a_regulation_may_only_note_the_spread() -> None:
    assessment, council = a_declared(a_council(on_spread=OnSpread.NOTE))

    assessment.open_if_complete(council, [*sheets(2), a_sheet(3, A=0)])

    assert assessment.status is Status.OPENED
    assert assessment.openings[0].spread == 31
