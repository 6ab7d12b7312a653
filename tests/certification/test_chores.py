from datetime import date, timedelta

import pytest
from sqlalchemy import select

from chassis.outbox import outbox
from services.certification.chores import CHORES
from services.certification.domain.certificate import Status
from services.certification.storage import SqlCertificates
from tests.builders.certification import a_certificate, an_authority


def keep(database, *certificates):
    with database.transaction() as session:
        for certificate in certificates:
            SqlCertificates(session).save(certificate)


def chores_of(database, day):
    """What the chores of a day say: type and dossier."""
    before = said(database)
    for chore in CHORES:
        with database.transaction() as session:
            chore(session, day)
    return said(database)[len(before) :]


def said(database):
    with database.reading() as session:
        rows = session.execute(select(outbox.c.type, outbox.c.subject).order_by(outbox.c.position))
        return [tuple(row) for row in rows]


def status(database, certificate):
    with database.reading() as session:
        return SqlCertificates(session).get(certificate.id).status


@pytest.mark.parametrize(
    ("issued", "last_day"),
    [
        (date(2021, 8, 5), date(2024, 8, 5)),
        (date(2021, 8, 31), date(2024, 8, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_certificate_expires_after_36_months_once(database, issued, last_day):
    certificate = a_certificate("QD148-2023", issued_on=issued)
    keep(database, certificate)

    on_last_day = chores_of(database, last_day)
    day_after = chores_of(database, last_day + timedelta(days=1))
    later = chores_of(database, last_day + timedelta(days=2))

    assert (on_last_day, later) == ([], [])
    assert day_after == [("CertificateExpired", str(certificate.dossier_id))]
    assert status(database, certificate) is Status.EXPIRED


def test_a_relay_that_stood_still_catches_up(database):
    old = a_certificate("QD148-2023", issued_on=date(2020, 1, 1), serial=1)
    new = a_certificate("QD148-2023", issued_on=date(2024, 1, 1), serial=2)
    keep(database, old, new)

    assert chores_of(database, date(2024, 6, 1)) == [("CertificateExpired", str(old.dossier_id))]


def test_a_revoked_certificate_neither_expires_nor_falls_due(database):
    certificate = a_certificate("QD26-2026", issued_on=date(2024, 1, 1))
    day = date(2024, 2, 1)
    certificate.revoke(
        by=an_authority(), ground="mark-misused", decision_number="5", on=day, today=day
    )
    keep(database, certificate)

    in_window = chores_of(database, certificate.window[0])
    past_end = chores_of(database, certificate.expires_on + timedelta(days=1))

    assert in_window + past_end == []
    assert status(database, certificate) is Status.REVOKED


def test_reevaluation_falls_due_when_the_window_opens_and_once(database):
    certificate = a_certificate("QD26-2026", issued_on=date(2024, 8, 5))
    keep(database, certificate)

    days = [chores_of(database, date(2027, 2, day)) for day in (5, 6, 7)]

    assert days == [[], [("ReevaluationDue", str(certificate.dossier_id))], []]
    assert status(database, certificate) is Status.VALID


def test_a_window_missed_by_a_few_days_is_still_announced(database):
    keep(database, a_certificate("QD26-2026", issued_on=date(2024, 8, 5)))

    assert len(chores_of(database, date(2027, 4, 7))) == 1


def test_a_window_that_closed_unannounced_stays_so(database):
    keep(database, a_certificate("QD26-2026", issued_on=date(2024, 8, 5)))

    assert chores_of(database, date(2027, 4, 8)) == []


@pytest.mark.parametrize("pack_id", ["QD1048-2019", "QD148-2023", "QD1489-2025"])
def test_packs_without_a_window_announce_nothing(database, pack_id):
    certificate = a_certificate(pack_id, issued_on=date(2024, 8, 5))
    keep(database, certificate)

    assert chores_of(database, date(2027, 3, 1)) == []
