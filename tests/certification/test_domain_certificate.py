from datetime import date, timedelta
from uuid import uuid4

import pytest

from contracts.certification import GROUNDS
from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.packs import packs
from regulation.refusals import NotAllowed
from services.certification.domain.certificate import (
    AlreadyRevoked,
    Certificate,
    CertificateHasExpired,
    CertificateWasIssued,
    CertificateWasRevoked,
    NoCertificateBelowThreeStars,
    NotRevocable,
    ReevaluationHasOpened,
    Status,
    UnknownGround,
)
from tests.builders.certification import (
    DECIDED_ON,
    DISTRICT,
    PROVINCE,
    TODAY,
    a_certificate,
    a_product,
    a_ruling,
    an_authority,
)


def revoke(certificate, **changes):
    given = {
        "by": an_authority(),
        "ground": "criteria-no-longer-met",
        "decision_number": "5/QĐ-UBND",
        "on": TODAY,
        "today": TODAY,
    }
    certificate.revoke(**given | changes)


def test_a_certificate_is_numbered_by_province_and_year():
    certificate = a_certificate(serial=12, issued_on=date(2025, 1, 2))

    assert certificate.number == "0012/GCN-OCOP-38-2025"
    assert certificate.news == [CertificateWasIssued(certificate=certificate)]


def test_one_dossier_and_decision_give_one_certificate_id():
    dossier, decision = uuid4(), uuid4()
    given = {"dossier_id": dossier, "product": a_product(), "star": 4}

    first = Certificate.issue(by=a_ruling(decision_id=decision), serial=1, **given)
    again = Certificate.issue(by=a_ruling(decision_id=decision), serial=2, **given)
    other = Certificate.issue(by=a_ruling(decision_id=uuid4()), serial=1, **given)

    assert first.id == again.id
    assert first.id != other.id


@pytest.mark.parametrize("pack_id", [pack.id for pack in packs()])
@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (date(2024, 8, 5), date(2027, 8, 5)),
        (date(2024, 12, 31), date(2027, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_certificate_runs_for_36_months(pack_id, issued, end):
    assert a_certificate(pack_id, issued_on=issued).expires_on == end


@pytest.mark.parametrize("star", [0, 1, 2])
def test_there_is_no_certificate_below_three_stars(star):
    with pytest.raises(NoCertificateBelowThreeStars):
        a_certificate(star=star, level="province")


def test_a_certificate_is_valid_on_its_last_day_and_not_after():
    certificate = a_certificate()
    last = certificate.expires_on

    assert certificate.status_on(last) is Status.VALID
    assert certificate.status_on(last + timedelta(days=1)) is Status.EXPIRED


def test_a_certificate_expires_the_day_after_its_last_once():
    certificate = a_certificate()
    certificate.news.clear()

    for days in (0, 1, 2):
        certificate.expire(today=certificate.expires_on + timedelta(days=days))

    assert certificate.status is Status.EXPIRED
    assert certificate.news == [CertificateHasExpired(certificate=certificate)]


def test_a_revoked_certificate_does_not_expire():
    certificate = a_certificate()
    revoke(certificate)

    certificate.expire(today=certificate.expires_on + timedelta(days=1))

    assert certificate.status is Status.REVOKED


def test_reevaluation_is_announced_once_from_the_first_day_of_its_window():
    certificate = a_certificate("QD26-2026", issued_on=date(2024, 8, 5))
    certificate.news.clear()
    opens, closes = date(2027, 2, 6), date(2027, 4, 7)

    certificate.remind(today=opens - timedelta(days=1))
    unsaid = list(certificate.news)
    certificate.remind(today=opens)
    certificate.remind(today=opens + timedelta(days=1))

    assert unsaid == []
    assert certificate.news == [
        ReevaluationHasOpened(certificate=certificate, opens=opens, closes=closes)
    ]


def test_a_window_that_is_over_is_not_announced():
    certificate = a_certificate("QD26-2026", issued_on=date(2024, 8, 5))
    certificate.news.clear()

    certificate.remind(today=date(2027, 4, 8))

    assert certificate.news == []


@pytest.mark.parametrize("pack_id", ["QD1048-2019", "QD148-2023", "QD1489-2025"])
def test_packs_without_a_window_announce_nothing(pack_id):
    certificate = a_certificate(pack_id)
    certificate.news.clear()

    certificate.remind(today=certificate.expires_on - timedelta(days=150))

    assert (certificate.window, certificate.news) == (None, [])


@pytest.mark.parametrize(
    ("pack_id", "star", "area"),
    [
        ("QD26-2026", 3, PROVINCE),
        ("QD26-2026", 5, PROVINCE),
        ("QD148-2023", 3, DISTRICT),
        ("QD148-2023", 4, PROVINCE),
        ("QD1489-2025", 3, PROVINCE),
    ],
)
def test_the_authority_that_certified_takes_back_and_no_other(pack_id, star, area):
    certificate = a_certificate(pack_id, star=star)

    with pytest.raises(NotAllowed):
        revoke(certificate, by=an_authority(*{PROVINCE, DISTRICT, "01"} - {area}))
    revoke(certificate, by=an_authority(area))

    assert certificate.status is Status.REVOKED
    assert certificate.news[-1] == CertificateWasRevoked(
        certificate=certificate, revocation=certificate.revocation
    )


def test_a_certificate_is_revoked_once():
    certificate = a_certificate()
    revoke(certificate)

    with pytest.raises(AlreadyRevoked):
        revoke(certificate)


def test_a_ground_that_the_pack_does_not_name_is_refused():
    with pytest.raises(UnknownGround, match="mark-misused"):
        revoke(a_certificate("QD26-2026"), ground="not-renewed")
    with pytest.raises(UnknownGround, match="not-renewed"):
        revoke(a_certificate("QD148-2023"), ground="mark-misused")


def test_where_no_grounds_are_known_nothing_is_revoked():
    with pytest.raises(NotRevocable, match="QD1048-2019 names no grounds"):
        revoke(a_certificate("QD1048-2019"))


def test_what_was_not_renewed_is_revoked_after_its_end_and_expired_before():
    certificate = a_certificate("QD148-2023")
    certificate.news.clear()
    after = certificate.expires_on + timedelta(days=30)

    revoke(certificate, ground="not-renewed", on=after, today=after)

    assert certificate.status is Status.REVOKED
    assert [type(news) for news in certificate.news] == [
        CertificateHasExpired,
        CertificateWasRevoked,
    ]


def test_a_running_certificate_has_not_missed_its_renewal():
    certificate = a_certificate("QD148-2023")

    with pytest.raises(NotRevocable, match="runs until"):
        revoke(certificate, ground="not-renewed")


def test_an_ended_certificate_is_past_revoking_under_2026():
    certificate = a_certificate("QD26-2026")
    after = certificate.expires_on + timedelta(days=1)

    with pytest.raises(NotRevocable, match="ended on"):
        revoke(certificate, on=after, today=after)


def test_a_revocation_lies_between_issue_and_today():
    certificate = a_certificate()

    with pytest.raises(DateBeforeLastAct):
        revoke(certificate, on=DECIDED_ON - timedelta(days=1))
    with pytest.raises(DateInFuture):
        revoke(certificate, on=TODAY + timedelta(days=1))

    assert certificate.status is Status.VALID


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.id)
def test_every_ground_of_a_pack_can_be_said(pack):
    assert {ground.code for ground in pack.revocation_grounds} <= set(GROUNDS)
