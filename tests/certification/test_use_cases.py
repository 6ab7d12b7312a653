from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.outbox import outbox
from chassis.rows import AlreadyExists
from services.certification import use_cases
from services.certification.domain.decision import DecisionNumberTaken
from services.certification.domain.refusals import NotAwaitingDecision, UnknownCase
from services.certification.domain.standing import Status
from services.certification.storage import SqlCases, SqlCertificates, SqlDecisions, SqlSerials
from services.certification.storage.tables import CertificateRow, DecisionRow, serials
from tests.builders.certification import (
    DECIDED_ON,
    FIVE,
    TODAY,
    a_case,
    a_referred_case,
    a_result,
    an_authority,
)


def keep(database, *cases):
    with database.transaction() as session:
        for case in cases:
            SqlCases(session).save(case)
    return cases


def decide(database, cases, **changes):
    given = {
        "decision_id": uuid4(),
        "by": an_authority(),
        "number": "81/QĐ-UBND",
        "level": "province",
        "decided_on": DECIDED_ON,
        "signed_by_office": "UBND tỉnh (mẫu)",
        "dossiers": [case.id for case in cases],
        "today": TODAY,
    }
    with database.transaction() as session:
        return use_cases.decide(
            SqlCases(session),
            SqlDecisions(session),
            SqlCertificates(session),
            SqlSerials(session),
            **given | changes,
        )


def national_result(database, case, **changes):
    given = {"result": a_result(), "decision_number": "3/QĐ-BNNMT", "by": an_authority()}
    with database.transaction() as session:
        return use_cases.record_national_result(
            SqlCases(session),
            SqlCertificates(session),
            SqlSerials(session),
            dossier_id=case.id,
            today=TODAY,
            **given | changes,
        )


def said(database):
    with database.reading() as session:
        return list(session.scalars(select(outbox.c.type).order_by(outbox.c.position)))


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_one_decision_certifies_a_batch(database):
    cases = keep(database, *(a_case() for _ in range(3)))

    decision, issued = decide(database, cases)

    assert [certificate.number for certificate in issued] == [
        "0001/GCN-OCOP-38-2024",
        "0002/GCN-OCOP-38-2024",
        "0003/GCN-OCOP-38-2024",
    ]
    assert [certificate.dossier_id for certificate in issued] == list(decision.dossiers)
    with database.reading() as session:
        found = SqlCases(session).several(decision.dossiers)
    assert {case.status for case in found} == {Status.CERTIFIED}
    assert said(database) == ["CertifiedAtProvince"] * 3


def test_the_next_decision_counts_on(database):
    first, second = keep(database, a_case(), a_case())
    decide(database, [first])

    _, issued = decide(database, [second], number="82/QĐ-UBND")

    assert issued[0].number == "0002/GCN-OCOP-38-2024"


def test_one_dossier_that_awaits_nothing_stops_the_whole_batch(database):
    good, pending, late = keep(database, a_case(), a_case(**FIVE), a_case())

    with pytest.raises(NotAwaitingDecision, match=str(pending.id)):
        decide(database, [good, pending, late])

    with database.reading() as session:
        assert SqlCases(session).get(good.id).status is Status.AWAITS_DECISION
    assert said(database) == []
    assert [count(database, table) for table in (CertificateRow, DecisionRow, serials)] == [0] * 3


def test_an_unknown_dossier_stops_the_whole_batch(database):
    (good,) = keep(database, a_case())
    strange = uuid4()

    with pytest.raises(UnknownCase, match=str(strange)):
        decide(database, [good], dossiers=[good.id, strange])

    assert said(database) == []


def test_a_batch_that_was_refused_leaves_no_gap_in_the_numbers(database):
    good, pending = keep(database, a_case(), a_case(**FIVE))
    with pytest.raises(NotAwaitingDecision):
        decide(database, [good, pending])

    _, issued = decide(database, [good])

    assert issued[0].number == "0001/GCN-OCOP-38-2024"


def test_the_same_decision_again_is_refused_as_such(database):
    cases = keep(database, a_case())
    decision, _ = decide(database, cases)

    with pytest.raises(AlreadyExists):
        decide(database, cases, decision_id=decision.id)


def test_another_decision_of_that_number_is_refused_as_such(database):
    one, other = keep(database, a_case(), a_case())
    decide(database, [one])

    with pytest.raises(DecisionNumberTaken):
        decide(database, [other])


def test_fifty_dossiers_are_one_transaction(database):
    cases = keep(database, *(a_case() for _ in range(50)))

    _, issued = decide(database, cases)

    assert issued[-1].number == "0050/GCN-OCOP-38-2024"
    assert Counter(said(database)) == {"CertifiedAtProvince": 50}


def test_five_national_stars_with_a_decision_are_certified_at_once(database):
    (case,) = keep(database, a_referred_case())

    found, certificate = national_result(database, case)

    assert (found.status, found.certificate_id) == (Status.CERTIFIED, certificate.id)
    assert (certificate.level, certificate.decision_number) == ("national", "3/QĐ-BNNMT")
    assert said(database) == ["ReferredNational", "NationalResultRecorded", "CertifiedNational"]


def test_five_national_stars_may_await_the_ministrys_decision(database):
    (case,) = keep(database, a_referred_case())

    found, certificate = national_result(database, case, decision_number=None)
    _, issued = decide(database, [found], level="national", number="3/QĐ-BNNMT")

    assert certificate is None
    assert (issued[0].level, issued[0].star) == ("national", 5)
    assert said(database)[-1] == "CertifiedNational"


def test_a_lower_national_result_is_certified_only_when_recognised(database):
    (case,) = keep(database, a_referred_case())

    _, at_once = national_result(database, case, result=a_result(star=4, mean=Decimal(80)))
    before = said(database)
    with database.transaction() as session:
        _, later = use_cases.recognise_national_result(
            SqlCases(session),
            SqlCertificates(session),
            SqlSerials(session),
            dossier_id=case.id,
            by=an_authority(),
            decision_number="90/QĐ-UBND",
            on=date(2024, 6, 30),
            today=TODAY,
        )

    assert at_once is None
    assert before == ["ReferredNational", "NationalResultRecorded"]
    assert (later.star, later.decision_number) == (4, "90/QĐ-UBND")
    assert said(database)[-1] == "CertifiedAtProvince"
