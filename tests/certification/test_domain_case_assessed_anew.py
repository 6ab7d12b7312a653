"""A national result below five stars is not recognised: the province's council scores once more."""

from datetime import date, timedelta

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed
from services.certification.domain.case import NewAssessmentWasOrdered
from services.certification.domain.refusals import (
    NoNationalResult,
    NoNewAssessment,
    NotAwaitingDecision,
    ScoreSuperseded,
)
from services.certification.domain.standing import Status
from tests.builders.certification import (
    DECIDED_ON,
    DISTRICT,
    FIVE,
    FOUR,
    ORDERED_ON,
    TODAY,
    a_case,
    a_case_assessed_anew,
    a_lower_case,
    a_referred_case,
    a_result,
    a_ruling,
    a_score,
    an_authority,
    an_order,
)


def orders(case, *, by=None, **changes):
    case.order_new_assessment(an_order(**changes), by=by or an_authority(), today=TODAY)


@pytest.mark.parametrize(("star", "mean"), [(4, "85"), (3, "60"), (2, "40"), (0, "10")])
def test_what_fell_short_at_the_ministry_is_before_the_provinces_council_again(star, mean):
    case = a_lower_case(star=star, mean=mean)

    orders(case)

    assert (case.status, case.level, case.awaits) == (Status.WITH_COUNCIL, "province", "council")
    assert case.last_on == ORDERED_ON
    assert case.news[-1] == NewAssessmentWasOrdered(
        case=case, level="province", course=case.earlier[0]
    )


def test_what_was_found_before_stays_on_record():
    case = a_lower_case()
    score, referral, national = case.score, case.referral, case.national

    orders(case)

    (course,) = case.earlier
    assert (course.score, course.referral, course.national) == (score, referral, national)
    assert course.order == an_order()
    assert (case.referral, case.national) == (None, None)


def test_the_new_score_counts_and_is_decided_at_the_province():
    case = a_case_assessed_anew()

    case.score_anew(a_score(**FOUR, on=ORDERED_ON))
    certificate = case.certify(
        by=an_authority(), ruling=a_ruling(on=ORDERED_ON), serial=1, today=TODAY
    )

    assert (certificate.level, certificate.star) == ("province", 4)
    assert (case.status, case.score.mean) == (Status.CERTIFIED, FOUR["mean"])


def test_five_stars_again_may_be_referred_again_and_ordered_again():
    case = a_case_assessed_anew()
    case.score_anew(a_score(**FIVE, on=ORDERED_ON))

    case.refer(by=an_authority(), decision_number="96", on=ORDERED_ON, today=TODAY)
    case.record_national_result(
        a_result(star=4, mean=85, on=TODAY), by=an_authority(), today=TODAY
    )
    orders(case, on=TODAY, decision_number="97")

    assert [each.order.decision_number for each in case.earlier] == ["95/QĐ-UBND", "97"]
    assert case.status is Status.WITH_COUNCIL


def test_a_national_result_may_still_be_recognised_instead():
    case = a_lower_case()

    assert case.awaits == "recognition"


def certified():
    case = a_lower_case()
    case.recognise_national_result(
        by=an_authority(), decision_number="90", serial=1, on=ORDERED_ON, today=TODAY
    )
    return case


def withdrawn():
    case = a_lower_case()
    case.withdraw(on=ORDERED_ON)
    return case


def of_five_stars():
    case = a_referred_case()
    case.record_national_result(a_result(), by=an_authority(), today=TODAY)
    return case


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (a_case, NoNationalResult),
        (lambda: a_case(**FIVE), NoNationalResult),
        (a_referred_case, NoNationalResult),
        (a_case_assessed_anew, NoNationalResult),
        (certified, NotAwaitingDecision),
        (withdrawn, NotAwaitingDecision),
        (of_five_stars, NotAwaitingDecision),
        (lambda: a_lower_case("QD148-2023"), NoNewAssessment),
        (lambda: a_lower_case("QD1489-2025"), NoNewAssessment),
        (lambda: a_lower_case("QD1048-2019"), NoNewAssessment),
    ],
    ids=["scored", "candidate", "referred", "ordered", "recognised", "withdrawn", "five stars",
         "148/2023", "1489/2025", "1048/2019"],
)  # fmt: skip
def test_an_order_out_of_turn_or_without_a_rule_of_the_pack_changes_nothing(make, refusal):
    case = make()
    before = (case.status, case.earlier, case.national, list(case.news))

    with pytest.raises(refusal):
        orders(case)

    assert (case.status, case.earlier, case.national, case.news) == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"on": DECIDED_ON - timedelta(days=1)}, DateBeforeLastAct),
        ({"on": TODAY + timedelta(days=1)}, DateInFuture),
        ({"by": an_authority("01")}, NotAllowed),
        ({"by": an_authority(DISTRICT)}, NotAllowed),
    ],
    ids=["before the result", "in the future", "foreign province", "district"],
)
def test_an_unfit_order_changes_nothing(changes, refusal):
    case = a_lower_case()

    with pytest.raises(refusal):
        orders(case, **changes)

    assert (case.status, case.earlier) == (Status.CLOSED, ())


def test_the_score_that_counted_before_does_not_come_back():
    case = a_case_assessed_anew()
    before = case.earlier[0].score

    with pytest.raises(ScoreSuperseded):
        case.score_anew(before)

    assert case.status is Status.WITH_COUNCIL


def test_a_dossier_may_be_withdrawn_while_it_is_assessed_anew():
    case = a_case_assessed_anew()

    case.withdraw(on=date(2024, 6, 30))

    assert (case.status, case.awaits) == (Status.WITHDRAWN, None)
