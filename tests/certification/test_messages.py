from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from contracts.catalogue import CONTRACTS
from contracts.certification import SAYS
from regulation.acting import Place
from services.certification import messages
from services.certification.domain.case import (
    NationalResultWasRecorded,
    NewAssessmentWasOrdered,
    ProductWasReferred,
    Referral,
)
from services.certification.domain.certificate import (
    Certificate,
    CertificateHasExpired,
    CertificateWasIssued,
    CertificateWasRevoked,
    ReevaluationHasOpened,
    Revocation,
)
from services.certification.domain.score import NationalResult
from tests.builders.certification import (
    FIVE,
    a_case,
    a_course,
    a_lower_case,
    a_product,
    a_score,
    a_scored_event,
    an_example,
)

NOW = datetime(2024, 7, 1, 3, tzinfo=UTC)
LEVEL = {
    "CertifiedAtDistrict": "district",
    "CertifiedAtProvince": "province",
    "CertifiedNational": "national",
}


def loaded(event):
    return CONTRACTS[event.type]().load(event.data)


def the_product(said, pack_id):
    """The product that an event tells of; what it leaves out, as the builder has it."""
    told = {
        "subject_id": "subject_id",
        "product_name": "name",
        "producer": "producer",
        "product_code": "code",
        "criteria_set": "criteria_set",
        "year": "year",
    }
    place = Place(**{level: said[level] for level in ("province", "district", "commune")})
    fields = {ours: said[theirs] for theirs, ours in told.items() if theirs in said}
    return a_product(pack_id, place=place, **fields)


def the_certificate(event):
    said = loaded(event)
    return Certificate(
        id=said["certificate_id"],
        number=said["certificate_number"],
        dossier_id=said["dossier_id"],
        product=the_product(said, event.rulepack),
        star=said.get("star", 4),
        level=LEVEL.get(event.type, "province"),
        decision_number=said.get("decision_number", "1/QĐ-UBND"),
        decision_id=None,
        issued_on=said.get("decided_on", date(2024, 6, 3)),
        expires_on=said.get("expires_on") or said.get("expired_on") or date(2029, 7, 24),
    )


def the_case(event):
    said = loaded(event)
    product = the_product(said, event.rulepack)
    case = a_case(event.rulepack, id=said["dossier_id"], **FIVE)
    return replace(case, product=product, score=a_score(**FIVE | {"mean": said["mean"]}))


def news_of(event):
    said = loaded(event)
    match event.type:
        case "CertifiedAtDistrict" | "CertifiedAtProvince" | "CertifiedNational":
            return CertificateWasIssued(certificate=the_certificate(event))
        case "CertificateExpired":
            return CertificateHasExpired(certificate=the_certificate(event))
        case "CertificateRevoked":
            revocation = Revocation(
                ground=said["ground"],
                decision_number=said["decision_number"],
                on=said["revoked_on"],
            )
            return CertificateWasRevoked(certificate=the_certificate(event), revocation=revocation)
        case "ReevaluationDue":
            return ReevaluationHasOpened(
                certificate=the_certificate(event),
                opens=said["opens_on"],
                closes=said["closes_on"],
            )
        case "ReferredNational":
            referral = Referral(decision_number=said["decision_number"], on=said["referred_on"])
            return ProductWasReferred(case=the_case(event), referral=referral)
        case "NationalResultRecorded":
            result = NationalResult(
                mean=said["mean"],
                star=said["star"],
                document=said["document"],
                on=said["recorded_on"],
            )
            return NationalResultWasRecorded(case=the_case(event), result=result)
        case "NewAssessmentOrdered":
            return NewAssessmentWasOrdered(
                case=replace(
                    a_lower_case(),
                    id=said["dossier_id"],
                    product=the_product(said, event.rulepack),
                ),
                level=said["level"],
                course=a_course(
                    assessment_id=said["after_assessment_id"],
                    decision_number=said["decision_number"],
                    on=said["ordered_on"],
                ),
            )


@pytest.mark.parametrize("type_", [contract.__name__ for contract in SAYS])
def test_each_news_is_said_as_the_contracts_example_has_it(type_):
    example = an_example(type_)

    said = messages.say(news_of(example), NOW)

    assert said.data == example.data
    assert (said.type, said.rulepack) == (type_, example.rulepack)


@pytest.mark.parametrize("type_", [contract.__name__ for contract in SAYS])
def test_all_news_of_a_dossier_have_it_as_their_subject(type_):
    example = an_example(type_)

    assert example.subject == example.data["dossier_id"]
    assert messages.say(news_of(example), NOW).subject == example.subject


def test_what_is_no_news_of_certification_is_not_said():
    with pytest.raises(TypeError):
        messages.say("rain tomorrow", NOW)


@pytest.mark.parametrize("level", ["district", "province"])
def test_a_councils_score_is_understood(level):
    score = a_score("QD148-2023", level=level, mean="71.6667", star=4)
    event = a_scored_event(level=level, score=score)

    heard = messages.scored(event)

    assert heard["dossier_id"] == UUID(event.subject)
    assert heard["score"] == score
    assert heard["product"].pack_id == "QD148-2023"
    assert heard["product"].place.district == event.data["district"]


def test_what_a_score_says_beyond_our_business_is_not_read():
    event = a_scored_event()
    event.data.update(members="nobody knows", mood="good")

    assert messages.scored(event)["score"].star == 4
