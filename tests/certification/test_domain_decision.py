from datetime import timedelta
from uuid import uuid4

import pytest

from regulation.acting import Place
from regulation.days import DateInFuture
from regulation.refusals import NotAllowed
from services.certification.domain.certificate import Ruling
from services.certification.domain.decision import MoreThanOneAuthority
from tests.builders.certification import (
    DECIDED_ON,
    DISTRICT,
    PROVINCE,
    THREE,
    TODAY,
    a_case,
    a_decision,
    an_authority,
)


def test_a_decision_covers_its_batch_in_the_order_given():
    cases = [a_case(), a_case(), a_case()]

    decision = a_decision(*cases)

    assert decision.dossiers == tuple(case.id for case in cases)
    assert (decision.area, decision.province) == (PROVINCE, PROVINCE)


def test_its_ruling_names_the_decision():
    id = uuid4()

    ruling = a_decision(a_case(), id=id).ruling

    assert ruling == Ruling(number="81/QĐ-UBND", level="province", on=DECIDED_ON, decision_id=id)


def test_a_districts_decision_bears_the_districts_code():
    case = a_case("QD148-2023", level="district", **THREE)

    decision = a_decision(case, by=an_authority(DISTRICT), level="district")

    assert (decision.area, decision.province) == (DISTRICT, PROVINCE)


def test_one_foreign_dossier_spoils_the_batch():
    there = Place(province=PROVINCE, district="400", commune="16015")
    own = a_case("QD148-2023", level="district", **THREE)
    foreign = a_case("QD148-2023", level="district", place=there, **THREE)

    with pytest.raises(NotAllowed, match="400"):
        a_decision(own, foreign, by=an_authority(DISTRICT), level="district")


def test_two_authorities_do_not_sign_one_decision():
    there = Place(province=PROVINCE, district="400", commune="16015")
    one = a_case("QD148-2023", level="district", **THREE)
    other = a_case("QD148-2023", level="district", place=there, **THREE)

    with pytest.raises(MoreThanOneAuthority, match=str(other.id)):
        a_decision(one, other, by=an_authority(DISTRICT, "400"), level="district")


def test_a_decision_is_not_dated_ahead():
    with pytest.raises(DateInFuture, match="decided_on"):
        a_decision(a_case(), decided_on=TODAY + timedelta(days=1))
