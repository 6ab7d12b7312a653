from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from regulation.acting import Place, Role
from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.procedure import Outcome
from regulation.refusals import NotAllowed, UnknownLevel, UnknownPack
from services.certification.domain.case import Case
from services.certification.domain.certificate import NoCertificateBelowThreeStars
from services.certification.domain.refusals import (
    AlreadyDecided,
    NotAwaitingDecision,
    ScoreSuperseded,
    WrongLevel,
)
from services.certification.domain.standing import TRANSITIONS, Status
from tests.builders.certification import (
    COMMUNE,
    DECIDED_ON,
    DISTRICT,
    FIVE,
    FOUR,
    PROVINCE,
    SCORED_ON,
    THREE,
    TODAY,
    a_case,
    a_product,
    a_referred_case,
    a_result,
    a_ruling,
    a_score,
    an_actor,
    an_authority,
)

TWO = {"mean": "45", "star": 2}


@pytest.mark.parametrize(
    ("pack_id", "level", "score", "status", "deciding"),
    [
        ("QD1048-2019", "district", THREE, Status.WITH_COUNCIL, "province"),
        ("QD1048-2019", "province", THREE, Status.AWAITS_DECISION, "province"),
        ("QD1048-2019", "province", FIVE, Status.AWAITS_REFERRAL, "national"),
        ("QD148-2023", "district", THREE, Status.AWAITS_DECISION, "district"),
        ("QD148-2023", "district", FOUR, Status.WITH_COUNCIL, "province"),
        ("QD148-2023", "province", THREE, Status.AWAITS_DECISION, "district"),
        ("QD148-2023", "province", FOUR, Status.AWAITS_DECISION, "province"),
        ("QD148-2023", "province", FIVE, Status.AWAITS_REFERRAL, "national"),
        ("QD1489-2025", "province", THREE, Status.AWAITS_DECISION, "province"),
        ("QD26-2026", "province", FOUR, Status.AWAITS_DECISION, "province"),
        ("QD26-2026", "province", FIVE, Status.AWAITS_REFERRAL, "national"),
        ("QD26-2026", "province", TWO, Status.CLOSED, None),
        ("QD148-2023", "district", TWO, Status.CLOSED, None),
    ],
)
def test_the_pack_says_what_a_scored_dossier_awaits(pack_id, level, score, status, deciding):
    case = a_case(pack_id, level=level, **score)

    assert (case.status, case.level, case.star) == (status, deciding, score["star"])


def test_a_province_score_replaces_the_districts():
    case = a_case("QD148-2023", level="district", **FOUR)

    case.score_anew(a_score("QD148-2023", on=date(2024, 6, 20), **THREE))

    assert case.status is Status.AWAITS_DECISION
    assert (case.level, case.star, case.score.level) == ("district", 3, "province")
    assert case.last_on == date(2024, 6, 20)


def test_a_district_score_does_not_replace_the_provinces():
    case = a_case("QD148-2023", **FOUR)

    with pytest.raises(ScoreSuperseded):
        case.score_anew(a_score("QD148-2023", level="district", **THREE))

    assert case.star == 4


def test_a_council_may_score_again_until_somebody_has_acted():
    case = a_case(**TWO)

    case.score_anew(a_score(**FOUR))

    assert (case.status, case.star) == (Status.AWAITS_DECISION, 4)


def test_a_score_after_the_certificate_comes_too_late():
    case = a_case()
    case.certify(by=an_authority(), ruling=a_ruling(), serial=1, today=TODAY)

    with pytest.raises(AlreadyDecided):
        case.score_anew(a_score(**THREE))


def test_a_score_after_the_national_result_comes_too_late():
    case = a_referred_case()
    case.record_national_result(a_result(star=4, mean=Decimal(85)), by=an_authority(), today=TODAY)

    with pytest.raises(AlreadyDecided):
        case.score_anew(a_score(**FIVE))


@pytest.mark.parametrize(
    "score",
    [
        replace(a_score(), level="district"),
        replace(a_score(), outcome=Outcome(act="certify", level="district", star=3)),
        replace(a_score(), outcome=Outcome(act="refer", level=None, star=5)),
    ],
    ids=["no council", "no such level", "no level"],
)
def test_a_level_that_the_pack_does_not_know_is_refused(score):
    with pytest.raises(UnknownLevel):
        a_case().score_anew(score)


def test_a_score_under_no_known_pack_is_refused():
    product = replace(a_product(), pack_id="QD1-1999")

    with pytest.raises(UnknownPack):
        Case.open(id=uuid4(), product=product, score=a_score())


def test_a_decision_certifies_what_awaits_it():
    case = a_case()

    certificate = case.certify(by=an_authority(), ruling=a_ruling(), serial=7, today=TODAY)

    assert case.status is Status.CERTIFIED
    assert case.certificate_id == certificate.id
    assert case.last_on == DECIDED_ON
    assert (certificate.dossier_id, certificate.star) == (case.id, 4)


@pytest.mark.parametrize(
    ("pack_id", "score", "level", "area"),
    [
        ("QD1048-2019", THREE, "province", PROVINCE),
        ("QD148-2023", THREE, "district", DISTRICT),
        ("QD148-2023", FOUR, "province", PROVINCE),
        ("QD1489-2025", THREE, "province", PROVINCE),
        ("QD26-2026", FOUR, "province", PROVINCE),
    ],
)
def test_the_deciding_levels_own_authority_certifies_and_no_other(pack_id, score, level, area):
    others = {PROVINCE, DISTRICT, COMMUNE, "400", "01"} - {area}

    with pytest.raises(NotAllowed):
        a_case(pack_id, **score).certify(
            by=an_authority(*others), ruling=a_ruling(level=level), serial=1, today=TODAY
        )

    certificate = a_case(pack_id, **score).certify(
        by=an_authority(area), ruling=a_ruling(level=level), serial=1, today=TODAY
    )
    assert certificate.level == level


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUTHORITY])
def test_only_an_authority_certifies(role):
    with pytest.raises(NotAllowed):
        a_case().certify(by=an_actor(role, PROVINCE), ruling=a_ruling(), serial=1, today=TODAY)


def test_where_there_is_no_district_the_province_decides_for_it():
    place = Place(province=PROVINCE, district=None, commune=COMMUNE)
    case = a_case("QD148-2023", place=place, level="district", **THREE)

    certificate = case.certify(
        by=an_authority(PROVINCE), ruling=a_ruling(level="district"), serial=1, today=TODAY
    )

    assert certificate.level == "district"


def test_a_decision_of_another_level_is_refused():
    case = a_case("QD148-2023", **THREE)

    with pytest.raises(WrongLevel, match=f"level: dossier {case.id} awaits the district"):
        case.certify(by=an_authority(), ruling=a_ruling(), serial=1, today=TODAY)


@pytest.mark.parametrize(
    "case",
    [
        a_case("QD148-2023", level="district", **FOUR),
        a_case(**FIVE),
        a_case(**TWO),
        a_referred_case(),
    ],
    ids=lambda case: case.status.value,
)
def test_what_awaits_no_decision_is_not_certified(case):
    with pytest.raises(NotAwaitingDecision, match=f"{case.id} is {case.status.value}"):
        case.certify(by=an_authority(), ruling=a_ruling(), serial=1, today=TODAY)


def test_a_product_is_certified_once():
    case = a_case()
    case.certify(by=an_authority(), ruling=a_ruling(), serial=1, today=TODAY)

    with pytest.raises(NotAwaitingDecision):
        case.certify(by=an_authority(), ruling=a_ruling(), serial=2, today=TODAY)


def test_a_decision_does_not_precede_the_score():
    day_before = SCORED_ON - timedelta(days=1)

    with pytest.raises(DateBeforeLastAct, match="decided_on"):
        a_case().certify(by=an_authority(), ruling=a_ruling(on=day_before), serial=1, today=TODAY)


def test_a_decision_of_the_day_of_the_score_counts():
    certificate = a_case().certify(
        by=an_authority(), ruling=a_ruling(on=SCORED_ON), serial=1, today=SCORED_ON
    )

    assert certificate.issued_on == SCORED_ON


def test_a_decision_of_tomorrow_is_refused():
    with pytest.raises(DateInFuture):
        a_case().certify(
            by=an_authority(),
            ruling=a_ruling(on=TODAY + timedelta(days=1)),
            serial=1,
            today=TODAY,
        )


def test_an_outcome_below_three_stars_gets_no_certificate():
    case = a_case(outcome=Outcome(act="certify", level="province", star=2))

    with pytest.raises(NoCertificateBelowThreeStars):
        case.certify(by=an_authority(), ruling=a_ruling(), serial=1, today=TODAY)

    assert case.status is Status.AWAITS_DECISION


def test_a_certified_case_ends_there():
    assert TRANSITIONS[Status.CERTIFIED] == frozenset()
    assert set(TRANSITIONS) == set(Status)


def test_every_status_can_be_reached():
    reached = {to for ways in TRANSITIONS.values() for to in ways}

    assert reached == set(Status)


def test_a_case_has_the_id_of_its_dossier():
    dossier = uuid4()

    assert a_case(id=dossier).id == dossier
