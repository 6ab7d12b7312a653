"""Evaluation's news in the contracts' words, and what it understands of others' events."""

from collections.abc import Iterable
from datetime import datetime
from functools import singledispatch
from typing import Any
from uuid import UUID

from marshmallow import Schema

from chassis.outbox import News
from chassis.reactions import understood
from contracts import certification, evaluation, registration
from contracts.envelope import Event
from regulation.acting import Place
from regulation.refusals import UnknownPack
from services.evaluation.domain.facts import Finding, Product
from services.evaluation.domain.news import AssessmentWasConcluded, MembersWereCleared

_scored: dict[str, Schema] = {
    "district": evaluation.ScoredAtDistrict(),
    "province": evaluation.ScoredAtProvince(),
}
"""Which type a level's council says."""

_cleared = evaluation.MembersCleared()


@singledispatch
def say(news: Any, at: datetime) -> News:
    """Own news as an event to be sent."""
    raise TypeError(f"evaluation does not say {type(news).__name__}")


@say.register
def _(news: MembersWereCleared, at: datetime) -> News:
    """Its subject is the assessment: nobody's score waits for it, nor it for a score."""
    assessment, product = news.assessment, news.assessment.product
    members = [member.id for member in news.council.scorers]
    data = _cleared.dump(
        {
            "dossier_id": product.dossier_id,
            "assessment_id": assessment.id,
            "level": assessment.level,
            "province": product.place.province,
            "district": product.place.district,
            "commune": product.place.commune,
            "members": _pseudonyms(product, members),
            "cleared": _pseudonyms(product, news.cleared),
        }
    )
    return News(
        type="MembersCleared",
        subject=str(assessment.id),
        time=at,
        data=data,
        rulepack=assessment.pack_id,
    )


def _pseudonyms(product: Product, members: Iterable[str]) -> list[UUID]:
    """In an order that tells nothing of the seats."""
    return sorted(evaluation.pseudonym(product.dossier_id, member) for member in members)


@say.register
def _(news: AssessmentWasConcluded, at: datetime) -> News:
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


def named(event: Event) -> dict[str, Any]:
    """RepresentativeNamed: of which subject, and who by pseudonym."""
    wanted = ("subject_id", "representative")
    heard = understood(registration.RepresentativeNamed, event, wanted)
    return {"subject_id": heard["subject_id"], "person": heard["representative"]}


def ordered(event: Event) -> dict[str, Any]:
    """NewAssessmentOrdered: after which assessment, and the day."""
    wanted = ("after_assessment_id", "ordered_on")
    heard = understood(certification.NewAssessmentOrdered, event, wanted)
    return {"after": heard["after_assessment_id"], "on": heard["ordered_on"]}
