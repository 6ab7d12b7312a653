"""What each service says of its own news, from its own aggregates: one of every type."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from chassis.outbox import News
from services.certification import messages as certification
from services.evaluation import messages as evaluation
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council
from services.evaluation.domain.levels import next_assessment
from services.promotion import messages as promotion
from services.promotion.domain import Certificate as Shown
from services.promotion.domain import Listing, Product
from services.registration import messages as registration
from tests.builders import certification as certifying
from tests.builders import evaluation as scoring
from tests.builders import registration as filing

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2030, 1, 1)


def said() -> dict[str, News]:
    """By type."""
    return {
        news.type: news
        for news in (*_registration(), *_evaluation(), *_certification(), *_promotion())
    }


def _registration() -> Iterator[News]:
    subject = filing.a_subject()
    named = filing.particulars(representative_person="a-pseudonym")
    subject.change(named, by=filing.an_officer(), on=date(2026, 6, 9), today=filing.TODAY)
    idea = filing.an_idea()
    idea.select(by=filing.the_agency(), year=2026, on=date(2026, 6, 9), today=filing.TODAY)
    filed = filing.a_complete_dossier()
    filing.submit(filed, on=filing.NOW.day)
    verified, returned = filing.a_submitted_dossier(), filing.a_submitted_dossier()
    filing.verify(verified)
    day = filing.NOW.later(2)
    returned.send_back(by=filing.an_officer(), missing=["M02"], on=day, today=filing.TODAY)
    withdrawn = filing.a_submitted_dossier()
    withdrawn.withdraw(by=filing.an_officer(), on=day, today=filing.TODAY)
    for told in (subject, idea, filed, verified, returned, withdrawn):
        yield registration.say(told.news[0], AT)


def _evaluation() -> Iterator[News]:
    """A district's council refers to the province's, which concludes on the same day."""
    at_district = scoring.an_assessment()
    _conclude(at_district, scoring.a_council())
    at_province = next_assessment(at_district)
    assert at_province is not None
    _conclude(at_province, scoring.a_council(level="province", area=scoring.PROVINCE))
    for assessment in (at_district, at_province):
        for news in assessment.news:
            yield evaluation.say(news, AT)


def _conclude(assessment: Assessment, council: Council) -> None:
    by, day, sheets = scoring.a_secretary(council.area), scoring.CONCLUDED, scoring.sheets()
    assessment.admit(council, scoring.a_round(council), by=by, on=day, today=TODAY)
    for member in council.scorers:
        scoring.declares(assessment, council, member.id)
    assessment.open_if_complete(council, sheets)
    assessment.conclude(council, sheets, by=by, agreed={}, knockouts=[], on=day, today=TODAY)


def _certification() -> Iterator[News]:
    for pack, star in (("QD148-2023", 3), ("QD26-2026", 4), ("QD26-2026", 5)):
        yield certification.say(certifying.a_certificate(pack, star=star).news[0], AT)
    case = certifying.a_referred_case()
    case.record_national_result(certifying.a_result(), by=certifying.an_authority(), today=TODAY)
    case.news.append(certifying.a_case_assessed_anew().news[-1])
    for news in (*case.news, *_certificates_end()):
        yield certification.say(news, AT)


def _certificates_end() -> Iterator[Any]:
    revoked, ending = certifying.a_certificate(), certifying.a_certificate()
    day = revoked.issued_on
    revoked.revoke(
        by=certifying.an_authority(),
        ground="false-information",
        decision_number="9/QĐ-UBND",
        on=day,
        today=day,
    )
    assert ending.window is not None
    ending.remind(today=ending.window[0])
    ending.expire(today=TODAY)
    yield from (revoked.news[-1], *ending.news[1:])


def _promotion() -> Iterator[News]:
    certificate = certifying.a_certificate()
    listing = Listing(
        id=certificate.dossier_id,
        product=Product(
            name="Chè (mẫu)",
            producer="Hợp tác xã (mẫu)",
            code=certificate.product.code,
            criteria_set=certificate.product.criteria_set,
            place=certificate.product.place,
        ),
        certificate=Shown(
            id=certificate.id,
            number=certificate.number,
            star=certificate.star,
            decided_on=certificate.issued_on,
            expires_on=certificate.expires_on,
        ),
        last_on=certificate.issued_on,
    )
    by, day = filing.the_agency(certificate.product.place.province), certificate.issued_on
    listing.show(by=by, on=day, today=day)
    listing.take_down(by=by, on=day, today=day)
    for news in listing.news:
        yield promotion.say(news, AT)
