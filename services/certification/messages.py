"""Certification's news in the contracts' words, and what it understands of councils and producers."""

from datetime import datetime
from functools import singledispatch
from typing import Any

from chassis.outbox import News
from chassis.reactions import understood
from contracts import certification, evaluation, registration
from contracts.envelope import Event
from regulation.acting import Place
from regulation.procedure import Outcome
from services.certification.domain.case import (
    NationalResultWasRecorded,
    NewAssessmentWasOrdered,
    ProductWasReferred,
)
from services.certification.domain.certificate import (
    Certificate,
    CertificateHasExpired,
    CertificateWasIssued,
    CertificateWasRevoked,
    ReevaluationHasOpened,
)
from services.certification.domain.product import Product
from services.certification.domain.score import Score

_certified = {
    "district": certification.CertifiedAtDistrict(),
    "province": certification.CertifiedAtProvince(),
    "national": certification.CertifiedNational(),
}
_referred = certification.ReferredNational()
_result = certification.NationalResultRecorded()
_ordered = certification.NewAssessmentOrdered()
_revoked = certification.CertificateRevoked()
_expired = certification.CertificateExpired()
_reevaluation = certification.ReevaluationDue()

_SCORED_AT = {"ScoredAtDistrict": "district", "ScoredAtProvince": "province"}
_SCORED = (
    "dossier_id", "assessment_id", "subject_id", "product_name", "producer", "criteria_set",
    "purpose", "registration_number", "product_code", "year", "province", "district", "commune",
    "scored_on", "mean", "star", "outcome",
)  # fmt: skip


@singledispatch
def say(news: Any, at: datetime) -> News:
    """Own news as an event to be sent. Its subject is the dossier, so that one's news stay in order."""
    raise TypeError(f"certification does not say {type(news).__name__}")


@say.register
def _(news: CertificateWasIssued, at: datetime) -> News:
    certificate = news.certificate
    contract = _certified[certificate.level]
    data = contract.dump(
        {
            **_product(certificate.product),
            **_certificate(certificate),
            "decision_number": certificate.decision_number,
            "decided_on": certificate.issued_on,
            "expires_on": certificate.expires_on,
            "star": certificate.star,
        }
    )
    return _of(certificate.product, certificate.dossier_id, type(contract).__name__, at, data)


@say.register
def _(news: CertificateWasRevoked, at: datetime) -> News:
    revocation = news.revocation
    fields = {
        "ground": revocation.ground,
        "decision_number": revocation.decision_number,
        "revoked_on": revocation.on,
    }
    data = _revoked.dump(_certificate(news.certificate) | fields)
    return _of_certificate(news.certificate, "CertificateRevoked", at, data)


@say.register
def _(news: CertificateHasExpired, at: datetime) -> News:
    fields = {"expired_on": news.certificate.expires_on}
    data = _expired.dump(_certificate(news.certificate) | fields)
    return _of_certificate(news.certificate, "CertificateExpired", at, data)


@say.register
def _(news: ReevaluationHasOpened, at: datetime) -> News:
    fields = {
        "opens_on": news.opens,
        "closes_on": news.closes,
        "expires_on": news.certificate.expires_on,
    }
    data = _reevaluation.dump(_certificate(news.certificate) | fields)
    return _of_certificate(news.certificate, "ReevaluationDue", at, data)


@say.register
def _(news: ProductWasReferred, at: datetime) -> News:
    case, referral = news.case, news.referral
    fields = {
        "dossier_id": case.id,
        "mean": case.score.mean,
        "decision_number": referral.decision_number,
        "referred_on": referral.on,
    }
    data = _referred.dump(_product(case.product) | fields)
    return _of(case.product, case.id, "ReferredNational", at, data)


@say.register
def _(news: NationalResultWasRecorded, at: datetime) -> News:
    case, result = news.case, news.result
    fields = {
        "dossier_id": case.id,
        "mean": str(result.mean),
        "star": result.star,
        "document": result.document,
        "recorded_on": result.on,
    }
    data = _result.dump(_place(case.product.place) | fields)
    return _of(case.product, case.id, "NationalResultRecorded", at, data)


@say.register
def _(news: NewAssessmentWasOrdered, at: datetime) -> News:
    case, course = news.case, news.course
    fields = {
        "dossier_id": case.id,
        "level": news.level,
        "after_assessment_id": course.score.assessment_id,
        "decision_number": course.order.decision_number,
        "ordered_on": course.order.on,
    }
    data = _ordered.dump(_place(case.product.place) | fields)
    return _of(case.product, case.id, "NewAssessmentOrdered", at, data)


def _of(product: Product, dossier_id: Any, type_: str, at: datetime, data: Any) -> News:
    return News(type=type_, subject=str(dossier_id), time=at, data=data, rulepack=product.pack_id)


def _of_certificate(certificate: Certificate, type_: str, at: datetime, data: Any) -> News:
    return _of(certificate.product, certificate.dossier_id, type_, at, data)


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "dossier_id": certificate.dossier_id,
        "certificate_id": certificate.id,
        "certificate_number": certificate.number,
        **_place(certificate.product.place),
    }


def _product(product: Product) -> dict[str, Any]:
    return {
        "subject_id": product.subject_id,
        "product_name": product.name,
        "producer": product.producer,
        "product_code": product.code,
        "criteria_set": product.criteria_set,
        "year": product.year,
        **_place(product.place),
    }


def _place(place: Place) -> dict[str, str | None]:
    return {"province": place.province, "district": place.district, "commune": place.commune}


def scored(event: Event) -> dict[str, Any]:
    """ScoredAtDistrict or ScoredAtProvince: the dossier, its product and its score."""
    heard = understood(getattr(evaluation, event.type), event, _SCORED)
    return {
        "dossier_id": heard["dossier_id"],
        "product": _heard_product(heard, event.rulepack or ""),
        "score": Score(
            assessment_id=heard["assessment_id"],
            level=_SCORED_AT[event.type],
            mean=heard["mean"],
            star=heard["star"],
            on=heard["scored_on"],
            outcome=Outcome(**heard["outcome"]),
        ),
    }


def _heard_product(heard: dict[str, Any], pack_id: str) -> Product:
    return Product(
        subject_id=heard["subject_id"],
        name=heard["product_name"],
        producer=heard["producer"],
        code=heard["product_code"],
        criteria_set=heard["criteria_set"],
        purpose=heard["purpose"],
        registration_number=heard["registration_number"],
        year=heard["year"],
        place=Place(
            province=heard["province"], district=heard["district"], commune=heard["commune"]
        ),
        pack_id=pack_id,
    )


def withdrawn(event: Event) -> dict[str, Any]:
    """DossierWithdrawn."""
    heard = understood(registration.DossierWithdrawn, event, ("dossier_id", "withdrawn_on"))
    return {"dossier_id": heard["dossier_id"], "on": heard["withdrawn_on"]}
