"""Evaluation's news in the contracts' words, and what it understands of registration's events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema

from chassis.outbox import News
from chassis.reactions import understood
from contracts import evaluation, registration
from contracts.envelope import Event
from regulation.acting import Place
from regulation.refusals import UnknownPack
from services.evaluation.domain.assessment import AssessmentWasConcluded
from services.evaluation.domain.facts import Finding, Product

_scored: dict[str, Schema] = {
    "district": evaluation.ScoredAtDistrict(),
    "province": evaluation.ScoredAtProvince(),
}
"""Which type a level's council says."""


def say(news: AssessmentWasConcluded, at: datetime) -> News:
    """A council's conclusion as an event to be sent."""
    assessment = news.assessment
    contract = _scored[assessment.level]
    return News(
        type=type(contract).__name__,
        subject=str(assessment.product.dossier_id),
        time=at,
        data=contract.dump(_concluded(news)),
        rulepack=assessment.pack_id,
    )


def _concluded(news: AssessmentWasConcluded) -> dict[str, Any]:
    assessment, conclusion, product = news.assessment, news.conclusion, news.assessment.product
    rated = ("mean", "parts", "band", "gates_missed", "knocked_out", "star")
    return {
        "dossier_id": product.dossier_id,
        "assessment_id": assessment.id,
        "subject_id": product.subject_id,
        "product_name": product.product_name,
        "producer": product.producer,
        "criteria_set": product.criteria_set,
        "purpose": product.purpose,
        "registration_number": product.registration_number,
        "product_code": product.product_code,
        "year": product.year,
        "province": product.place.province,
        "district": product.place.district,
        "commune": product.place.commune,
        "scored_on": conclusion.on,
        "members": len(conclusion.sheets),
        **{name: conclusion.result[name] for name in rated},
        "outcome": conclusion.outcome,
    }


_VERIFIED = (
    "dossier_id", "subject_id", "product_name", "producer", "criteria_set", "purpose",
    "registration_number", "product_code", "year", "province", "district", "commune",
    "received_on", "verified_on", "request_letter", "findings",
)  # fmt: skip


def verified(event: Event) -> dict[str, Any]:
    """CommuneVerified: the product, and the rule pack it was filed under. Raises UnknownPack where none is named."""
    heard = understood(registration.CommuneVerified, event, _VERIFIED)
    if event.rulepack is None:
        raise UnknownPack("the event names no rule pack")
    place = Place(
        province=heard.pop("province"),
        district=heard.pop("district"),
        commune=heard.pop("commune"),
    )
    findings = tuple(Finding(**each) for each in heard.pop("findings"))
    return {
        "product": Product(place=place, findings=findings, **heard),
        "pack_id": event.rulepack,
    }


def withdrawn(event: Event) -> UUID:
    """DossierWithdrawn: which."""
    heard = understood(registration.DossierWithdrawn, event, ("dossier_id",))
    dossier_id: UUID = heard["dossier_id"]
    return dossier_id
