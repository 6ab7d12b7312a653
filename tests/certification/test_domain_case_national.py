from datetime import date, timedelta
from decimal import Decimal

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed
from services.certification.domain.case import NationalResultWasRecorded, ProductWasReferred
from services.certification.domain.certificate import NoCertificateBelowThreeStars
from services.certification.domain.refusals import (
    NoNationalResult,
    NotAwaitingDecision,
    NotAwaitingReferral,
    NotReferred,
    ResultAlreadyRecorded,
)
from services.certification.domain.score import MeanOutOfRange, StarAboveMean
from services.certification.domain.standing import Status
from tests.builders.certification import (
    DECIDED_ON,
    DISTRICT,
    FIVE,
    PROVINCE,
    SCORED_ON,
    TODAY,
    a_case,
    a_referred_case,
    a_result,
    a_ruling,
    an_authority,
)

TWO = {"mean": "45", "star": 2}


def test_the_province_refers_a_five_star_candidate():
    case = a_case(**FIVE)

    case.refer(by=an_authority(), decision_number="7/QĐ-UBND", on=DECIDED_ON, today=TODAY)

    assert (case.status, case.awaits) == (Status.REFERRED, "national-result")
    assert case.news == [ProductWasReferred(case=case, referral=case.referral)]


@pytest.mark.parametrize("case", [a_case(), a_referred_case(), a_case(**TWO)],
                         ids=lambda case: case.status.value)  # fmt: skip
def test_only_a_candidate_is_referred_and_only_once(case):
    with pytest.raises(NotAwaitingReferral):
        case.refer(by=an_authority(), decision_number="7", on=DECIDED_ON, today=TODAY)


def test_a_district_refers_nothing_to_the_ministry():
    case = a_case("QD148-2023", **FIVE)

    with pytest.raises(NotAllowed):
        case.refer(by=an_authority(DISTRICT), decision_number="7", on=DECIDED_ON, today=TODAY)


def test_a_referral_does_not_precede_the_score():
    with pytest.raises(DateBeforeLastAct):
        a_case(**FIVE).refer(
            by=an_authority(), decision_number="7", on=date(2024, 6, 9), today=TODAY
        )


def test_five_national_stars_await_the_ministrys_decision():
    case = a_referred_case()

    case.record_national_result(a_result(), by=an_authority(), today=TODAY)

    assert (case.status, case.level, case.star) == (Status.AWAITS_DECISION, "national", 5)
    assert case.news[-1] == NationalResultWasRecorded(case=case, result=a_result())


def test_the_province_enters_the_ministrys_decision():
    case = a_referred_case()
    case.record_national_result(a_result(), by=an_authority(), today=TODAY)

    certificate = case.certify(
        by=an_authority(PROVINCE), ruling=a_ruling(level="national"), serial=3, today=TODAY
    )

    assert (certificate.level, certificate.star) == ("national", 5)


def test_a_national_result_below_five_stars_closes_the_case():
    case = a_referred_case()

    case.record_national_result(a_result(star=4, mean=Decimal("88.1")), by=an_authority(),
                                today=TODAY)  # fmt: skip

    assert (case.status, case.star, case.awaits) == (Status.CLOSED, 4, "recognition")
    assert case.certificate_id is None


def test_the_province_may_recognise_the_lower_star():
    case = a_referred_case()
    case.record_national_result(a_result(star=4, mean=Decimal("88.1")), by=an_authority(),
                                today=TODAY)  # fmt: skip

    certificate = case.recognise_national_result(
        by=an_authority(), decision_number="99/QĐ-UBND", serial=4, on=TODAY, today=TODAY
    )

    assert (case.status, case.awaits) == (Status.CERTIFIED, None)
    assert (certificate.level, certificate.star, certificate.issued_on) == ("province", 4, TODAY)


def test_the_level_that_certifies_a_star_recognises_it():
    case = a_referred_case("QD148-2023")
    case.record_national_result(a_result(star=3, mean=Decimal(60)), by=an_authority(),
                                today=TODAY)  # fmt: skip
    given = {"decision_number": "99", "serial": 1, "on": TODAY, "today": TODAY}

    with pytest.raises(NotAllowed):
        case.recognise_national_result(by=an_authority(PROVINCE), **given)

    assert case.recognise_national_result(by=an_authority(DISTRICT), **given).level == "district"


def test_two_national_stars_are_not_recognised():
    case = a_referred_case()
    case.record_national_result(a_result(star=2, mean=Decimal(45)), by=an_authority(), today=TODAY)

    with pytest.raises(NoCertificateBelowThreeStars):
        case.recognise_national_result(
            by=an_authority(), decision_number="99", serial=1, on=TODAY, today=TODAY
        )

    assert case.awaits == "new-assessment"


def test_two_national_stars_await_nothing_where_the_pack_has_nothing_assessed_anew():
    case = a_referred_case("QD148-2023")

    case.record_national_result(a_result(star=2, mean=Decimal(45)), by=an_authority(), today=TODAY)

    assert (case.status, case.awaits) == (Status.CLOSED, None)


def test_without_a_national_result_there_is_nothing_to_recognise():
    with pytest.raises(NoNationalResult):
        a_case(**TWO).recognise_national_result(
            by=an_authority(), decision_number="99", serial=1, on=TODAY, today=TODAY
        )


def test_five_national_stars_are_decided_and_not_recognised():
    case = a_referred_case()
    case.record_national_result(a_result(), by=an_authority(), today=TODAY)

    with pytest.raises(NotAwaitingDecision):
        case.recognise_national_result(
            by=an_authority(), decision_number="99", serial=1, on=TODAY, today=TODAY
        )


def test_a_recognition_does_not_precede_the_national_result():
    case = a_referred_case()
    case.record_national_result(a_result(star=4, mean=Decimal(80)), by=an_authority(), today=TODAY)

    with pytest.raises(DateBeforeLastAct):
        case.recognise_national_result(
            by=an_authority(), decision_number="99", serial=1, on=SCORED_ON, today=TODAY
        )


def test_a_national_result_needs_a_referral():
    with pytest.raises(NotReferred):
        a_case(**FIVE).record_national_result(a_result(), by=an_authority(), today=TODAY)


@pytest.mark.parametrize("star", [4, 5])
def test_a_national_result_is_recorded_once(star):
    case = a_referred_case()
    case.record_national_result(a_result(star=star), by=an_authority(), today=TODAY)

    with pytest.raises(ResultAlreadyRecorded):
        case.record_national_result(a_result(), by=an_authority(), today=TODAY)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"mean": Decimal("100.1")}, MeanOutOfRange),
        ({"mean": Decimal(-1), "star": 1}, MeanOutOfRange),
        ({"mean": Decimal("89.9999")}, StarAboveMean),
        ({"on": DECIDED_ON - timedelta(days=1)}, DateBeforeLastAct),
        ({"on": TODAY + timedelta(days=1)}, DateInFuture),
    ],
)
def test_an_unfit_national_result_changes_nothing(changes, refusal):
    case = a_referred_case()
    case.news.clear()

    with pytest.raises(refusal):
        case.record_national_result(a_result(**changes), by=an_authority(), today=TODAY)

    assert (case.status, case.national, case.news) == (Status.REFERRED, None, [])


def test_a_foreign_province_records_no_result():
    with pytest.raises(NotAllowed):
        a_referred_case().record_national_result(a_result(), by=an_authority("01"), today=TODAY)
