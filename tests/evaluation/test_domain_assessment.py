"""How a dossier goes through a council, up to its sheets."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from regulation.acting import Actor, Place, Role
from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed, UnknownCriteriaSet, UnknownPack
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.council import Council, CouncilNotValid
from services.evaluation.domain.facts import ExtraTest, SiteVisit
from services.evaluation.domain.levels import assessment_id, open_assessment
from services.evaluation.domain.refusals import (
    AlreadyAdmitted,
    AssessmentEnded,
    NoSupplementAsked,
    OtherCouncil,
    SheetsOpen,
    SupplementOutstanding,
)
from services.evaluation.domain.round import RoundOver
from tests.builders.evaluation import (
    ADMITTED,
    NEW,
    OLD,
    PROVINCE,
    TODAY,
    VERIFIED,
    a_council,
    a_member,
    a_product,
    a_report,
    a_round,
    a_secretary,
    an_actor,
    an_admitted,
    an_assessment,
    an_opened,
)

DAY = timedelta(days=1)


def admits(
    assessment: Assessment, council: Council, *, by: Actor | None = None, on: date = ADMITTED
) -> None:
    assessment.admit(council, a_round(council), by=by or a_secretary(), on=on, today=TODAY)


def test_the_packs_first_council_is_the_districts_under_148() -> None:
    assessment = an_assessment(OLD)

    assert (assessment.level, assessment.area, assessment.status) == (
        "district",
        "399",
        Status.WAITING,
    )


def test_the_packs_first_council_is_the_provinces_under_26() -> None:
    assessment = an_assessment(NEW)

    assert (assessment.level, assessment.area) == ("province", PROVINCE)


def test_where_districts_are_gone_the_province_scores_first() -> None:
    assessment = an_assessment(OLD, place=Place(province="38", district=None, commune="16012"))

    assert assessment.level == "province"


def test_one_dossier_has_one_assessment_per_level() -> None:
    product = a_product()

    first, again = (open_assessment(product, pack_id=OLD) for _ in range(2))

    assert first.id == again.id == assessment_id(product.dossier_id, "district")
    assert first.id != assessment_id(product.dossier_id, "province")


def test_a_dossier_under_no_known_pack_or_set_comes_before_no_council() -> None:
    with pytest.raises(UnknownPack):
        open_assessment(a_product(), pack_id="QD7-1999")
    with pytest.raises(UnknownCriteriaSet):
        open_assessment(a_product(criteria_set="QD26-01"), pack_id=OLD)


def test_a_secretary_takes_a_dossier_into_a_round() -> None:
    assessment, council = an_assessment(), a_council()
    round_ = a_round(council)

    assessment.admit(council, round_, by=a_secretary(), on=ADMITTED, today=TODAY)

    assert assessment.status is Status.SCORING
    assert (assessment.council_id, assessment.round_id) == (council.id, round_.id)
    assert assessment.admitted_on == ADMITTED


@pytest.mark.parametrize("by", [a_member(1), a_secretary("401"), an_actor(Role.OCOP_OFFICER)])
def test_nobody_else_takes_a_dossier_into_a_round(by: Actor) -> None:
    with pytest.raises(NotAllowed):
        admits(an_assessment(), a_council(), by=by)


def test_a_dossier_is_taken_into_a_round_once() -> None:
    assessment, council = an_admitted()

    with pytest.raises(AlreadyAdmitted):
        admits(assessment, council)


@pytest.mark.parametrize("changes", [{"area": "401"}, {"level": "province", "area": PROVINCE}])
def test_a_dossier_comes_before_the_council_of_its_own_level_and_area(
    changes: dict[str, str],
) -> None:
    with pytest.raises(OtherCouncil):
        admits(an_assessment(), a_council(**changes))


def test_a_council_past_its_validity_takes_nothing_in() -> None:
    with pytest.raises(CouncilNotValid):
        admits(an_assessment(), a_council(valid_to=ADMITTED - DAY))


def test_a_round_that_has_ended_takes_nothing_in() -> None:
    with pytest.raises(RoundOver):
        admits(an_assessment(), a_council(), on=date(2024, 6, 16))


def test_acts_run_forward_in_time() -> None:
    with pytest.raises(DateBeforeLastAct, match=str(VERIFIED)):
        admits(an_assessment(), a_council(), on=VERIFIED - DAY)
    with pytest.raises(DateInFuture):
        an_assessment().admit(
            council := a_council(),
            a_round(council),
            by=a_secretary(),
            on=ADMITTED,
            today=ADMITTED - DAY,
        )


def test_the_advisory_team_reports_with_its_site_visit_and_tests() -> None:
    assessment = an_assessment()
    report = a_report(
        conforms=False,
        site_visit=SiteVisit(on=VERIFIED, finding="Xưởng sạch (mẫu)"),
        tests=(ExtraTest(name="Histamin", result="đạt"),),
    )

    assessment.advise(report, by=an_actor(Role.OCOP_OFFICER), today=TODAY)

    assert assessment.report == report
    assert assessment.last_on == report.on


def test_a_later_report_takes_the_place_of_an_earlier() -> None:
    assessment = an_assessment()
    assessment.advise(a_report(conforms=False), by=a_secretary(), today=TODAY)

    assessment.advise(a_report(number="6/BC-TTV"), by=a_secretary(), today=TODAY)

    assert assessment.report is not None
    assert assessment.report.number == "6/BC-TTV"


@pytest.mark.parametrize(
    "by", [a_member(1), an_actor(Role.AUTHORITY), an_actor(Role.OCOP_OFFICER, PROVINCE)]
)
def test_only_the_areas_secretary_and_agency_prepare_a_dossier(by: Actor) -> None:
    with pytest.raises(NotAllowed):
        an_assessment().advise(a_report(), by=by, today=TODAY)


def test_the_clock_stands_still_until_a_supplement_has_come() -> None:
    assessment = an_assessment()

    assessment.ask_supplement("Phiếu kiểm nghiệm", by=a_secretary(), on=VERIFIED, today=TODAY)
    stopped = assessment.preparation.awaits_supplement
    assessment.receive_supplement(by=a_secretary(), on=ADMITTED, today=TODAY)

    assert stopped
    assert not assessment.preparation.awaits_supplement
    (supplement,) = assessment.supplements
    assert (supplement.asked_on, supplement.received_on) == (VERIFIED, ADMITTED)


def test_one_supplement_is_asked_at_a_time_and_received_once() -> None:
    assessment = an_assessment()
    with pytest.raises(NoSupplementAsked):
        assessment.receive_supplement(by=a_secretary(), on=ADMITTED, today=TODAY)
    assessment.ask_supplement("a", by=a_secretary(), on=VERIFIED, today=TODAY)

    with pytest.raises(SupplementOutstanding):
        assessment.ask_supplement("b", by=a_secretary(), on=VERIFIED, today=TODAY)
    with pytest.raises(SupplementOutstanding):
        assessment.advise(a_report(), by=a_secretary(), today=TODAY)


def test_nothing_is_prepared_any_more_once_sheets_have_opened() -> None:
    assessment, _, _ = an_opened()

    with pytest.raises(SheetsOpen):
        assessment.advise(replace(a_report(), on=TODAY), by=a_secretary(), today=TODAY)
    with pytest.raises(SheetsOpen):
        assessment.ask_supplement("a", by=a_secretary(), on=TODAY, today=TODAY)


def test_nothing_happens_to_a_withdrawn_dossier() -> None:
    assessment, council = an_admitted()

    assessment.withdraw()

    with pytest.raises(AssessmentEnded):
        admits(assessment, council)
    with pytest.raises(AssessmentEnded):
        assessment.advise(a_report(), by=a_secretary(), today=TODAY)
    with pytest.raises(AssessmentEnded):
        assessment.attend(council, ["member-1"], by=a_secretary(), on=TODAY, today=TODAY)
    with pytest.raises(AssessmentEnded):
        assessment.require_may_score(council, a_member(1))
