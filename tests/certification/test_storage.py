from datetime import date
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from chassis.migrating import downgrade, migrate, missing
from chassis.outbox import outbox
from chassis.rows import AlreadyExists
from services.certification.domain.certificate import UnknownCertificate
from services.certification.domain.decision import DecisionNumberTaken, UnknownDecision
from services.certification.domain.refusals import NotAwaitingDecision, UnknownCase
from services.certification.storage import SqlCases, SqlCertificates, SqlDecisions, SqlSerials
from services.certification.storage.tables import Base
from tests.builders.certification import (
    DISTRICT,
    THREE,
    TODAY,
    a_case,
    a_case_assessed_anew,
    a_certificate,
    a_decision,
    a_referred_case,
    a_result,
    a_ruling,
    an_authority,
)


def saved(database, repository, aggregate):
    with database.transaction() as session:
        repository(session).save(aggregate)
    return aggregate


def read(database, repository, id):
    with database.reading() as session:
        return repository(session).get(id)


def a_case_with_a_lower_national_result():
    case = a_referred_case()
    result = a_result(star=4, mean=Decimal("88.10"))
    case.record_national_result(result, by=an_authority(), today=TODAY)
    return case


def a_certified_case():
    case = a_case()
    case.certify(by=an_authority(), ruling=a_ruling(), serial=1, today=TODAY)
    return case


@pytest.mark.parametrize(
    "make",
    [
        a_case,
        a_referred_case,
        a_case_with_a_lower_national_result,
        a_certified_case,
        a_case_assessed_anew,
        lambda: a_case("QD148-2023", level="district", **THREE),
        lambda: a_case(mean="12", star=1),
    ],
    ids=["scored", "referred", "national", "certified", "assessed anew", "district", "closed"],
)
def test_a_case_comes_back_as_it_was_saved(database, make):
    case = saved(database, SqlCases, make())

    assert read(database, SqlCases, case.id) == case


def a_revoked_certificate():
    certificate = a_certificate()
    certificate.revoke(
        by=an_authority(),
        ground="mark-misused",
        decision_number="5",
        on=TODAY,
        today=TODAY,
    )
    return certificate


def a_reminded_certificate():
    certificate = a_certificate()
    certificate.remind(today=certificate.window[0])
    return certificate


@pytest.mark.parametrize(
    "make",
    [
        a_certificate,
        a_revoked_certificate,
        a_reminded_certificate,
        lambda: a_certificate("QD148-2023", star=3),
    ],
    ids=["valid", "revoked", "reminded", "district"],
)
def test_a_certificate_comes_back_as_it_was_saved(database, make):
    certificate = saved(database, SqlCertificates, make())

    assert read(database, SqlCertificates, certificate.id) == certificate


def test_a_decision_comes_back_as_it_was_saved(database):
    decision = saved(database, SqlDecisions, a_decision(a_case(), a_case()))

    assert read(database, SqlDecisions, decision.id) == decision


@pytest.mark.parametrize(
    ("repository", "refusal"),
    [
        (SqlCases, UnknownCase),
        (SqlCertificates, UnknownCertificate),
        (SqlDecisions, UnknownDecision),
    ],
)
def test_what_was_never_saved_is_unknown(database, repository, refusal):
    with pytest.raises(refusal):
        read(database, repository, uuid4())


def test_several_cases_come_in_the_order_asked_for(database):
    cases = [saved(database, SqlCases, a_case()) for _ in range(4)]
    wanted = [cases[i].id for i in (2, 0, 3, 1)]

    with database.reading() as session:
        found = SqlCases(session).several(wanted)

    assert [case.id for case in found] == wanted


def test_the_first_unknown_case_is_named(database):
    known, strange = saved(database, SqlCases, a_case()), uuid4()

    with database.reading() as session, pytest.raises(UnknownCase, match=str(strange)):
        SqlCases(session).several([known.id, strange, uuid4()])


def test_news_are_said_once(database):
    certificate = saved(database, SqlCertificates, a_certificate())
    saved(database, SqlCertificates, certificate)

    with database.reading() as session:
        said = list(session.execute(select(outbox.c.type, outbox.c.subject, outbox.c.rulepack)))

    assert said == [("CertifiedAtProvince", str(certificate.dossier_id), "QD26-2026")]


def test_two_officials_on_one_case_do_not_both_win(database):
    case = saved(database, SqlCases, a_case(mean="93", star=5))
    mine, theirs = read(database, SqlCases, case.id), read(database, SqlCases, case.id)
    for found in (mine, theirs):
        found.refer(by=an_authority(), decision_number="7", on=TODAY, today=TODAY)
    saved(database, SqlCases, mine)

    with pytest.raises(StaleDataError):
        saved(database, SqlCases, theirs)


def test_a_decisions_id_is_given_once(database):
    decision = saved(database, SqlDecisions, a_decision(a_case()))

    with pytest.raises(AlreadyExists):
        saved(database, SqlDecisions, a_decision(a_case(), id=decision.id, number="82"))


def test_an_authority_gives_a_number_once_a_year(database):
    saved(database, SqlDecisions, a_decision(a_case()))

    with pytest.raises(DecisionNumberTaken, match="81/QĐ-UBND of 2024"):
        saved(database, SqlDecisions, a_decision(a_case()))


def test_another_year_and_another_authority_may_give_that_number(database):
    here = a_case("QD148-2023", level="district", **THREE)
    next_year = date(2025, 1, 5)
    decisions = [
        a_decision(a_case()),
        a_decision(a_case(), decided_on=next_year, today=next_year),
        a_decision(here, by=an_authority(DISTRICT), level="district"),
    ]

    for decision in decisions:
        saved(database, SqlDecisions, decision)

    for decision in decisions:
        assert read(database, SqlDecisions, decision.id) == decision


def test_serials_count_per_province_and_year(database):
    with database.transaction() as session:
        serials = SqlSerials(session)
        taken = [
            list(serials.take("38", 2024)),
            list(serials.take("38", 2024, 3)),
            list(serials.take("38", 2025)),
            list(serials.take("01", 2024)),
            list(serials.take("38", 2024)),
        ]

    assert taken == [[1], [2, 3, 4], [1], [1], [5]]


def a_failing_act(database):
    with database.transaction() as session:
        SqlSerials(session).take("38", 2024, 5)
        raise NotAwaitingDecision


def test_an_act_that_fails_gives_its_serials_back(database):
    with pytest.raises(NotAwaitingDecision):
        a_failing_act(database)

    with database.transaction() as session:
        assert SqlSerials(session).take("38", 2024) == range(1, 2)


def test_authorities_at_work_at_once_draw_no_number_twice(database):
    drawn = []

    def draw():
        for _ in range(5):
            with database.transaction() as session:
                drawn.extend(SqlSerials(session).take("38", 2024, 2))

    threads = [Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(drawn) == list(range(1, 41))


def test_the_migrations_make_the_tables_that_the_code_expects(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: (
                    kind != "table" or name in Base.metadata.tables
                ),
            },
        )

        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_can_be_taken_back(sqlite):
    downgrade(sqlite, "certification", "base")
    gone = missing(sqlite)
    migrate(sqlite)

    assert (gone, missing(sqlite)) == (["certification"], [])
