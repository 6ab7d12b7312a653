"""Registration's news in the contracts' words, and what it understands of others' events."""

from datetime import datetime
from functools import singledispatch
from typing import Any
from uuid import UUID

from chassis.outbox import News
from chassis.reactions import understood
from contracts import certification, evaluation, registration
from contracts.envelope import Event
from regulation.acting import Actor, Place
from services.registration.domain.dossier import Dossier
from services.registration.domain.idea import IdeaWasSelected
from services.registration.domain.news import (
    CommuneHasVerified,
    DossierWasReturned,
    DossierWasSubmitted,
    DossierWasWithdrawn,
)
from services.registration.domain.seats import Seats
from services.registration.domain.standing import Scored
from services.registration.domain.subject import RepresentativeWasNamed

_representative_named = registration.RepresentativeNamed()
_idea_selected = registration.IdeaSelected()
_submitted = registration.DossierSubmitted()
_verified = registration.CommuneVerified()
_returned = registration.DossierReturned()
_withdrawn = registration.DossierWithdrawn()


@singledispatch
def say(news: Any, at: datetime) -> News:
    """Own news as an event to be sent."""
    raise TypeError(f"registration does not say {type(news).__name__}")


@say.register
def _(news: RepresentativeWasNamed, at: datetime) -> News:
    subject = news.subject
    data = _representative_named.dump(
        {
            "subject_id": subject.id,
            "representative": subject.particulars.representative_person,
            "named_on": news.on,
            **_place(subject.place),
        }
    )
    return News(type="RepresentativeNamed", subject=str(subject.id), time=at, data=data)


@say.register
def _(news: IdeaWasSelected, at: datetime) -> News:
    idea = news.idea
    data = _idea_selected.dump(
        {
            "idea_id": idea.id,
            "subject_id": idea.subject_id,
            "title": idea.title,
            "year": idea.year,
            "selected_on": news.on,
            **_place(idea.place),
        }
    )
    return News(type="IdeaSelected", subject=str(idea.id), time=at, data=data)


@say.register
def _(news: DossierWasSubmitted, at: datetime) -> News:
    return _of(news.dossier, "DossierSubmitted", at, _submitted.dump(_product(news.dossier)))


@say.register
def _(news: CommuneHasVerified, at: datetime) -> News:
    dossier = news.dossier
    data = _verified.dump(
        _product(dossier)
        | {
            "verified_on": news.on,
            "request_letter": news.request_letter,
            "findings": [
                {"topic": finding.topic, "met": finding.met, "share": finding.share}
                for finding in dossier.findings
            ],
        }
    )
    return _of(dossier, "CommuneVerified", at, data)


@say.register
def _(news: DossierWasReturned, at: datetime) -> News:
    fields = {"returned_on": news.on, "missing": news.missing}
    data = _returned.dump({"dossier_id": news.dossier.id, **_place(news.dossier.place), **fields})
    return _of(news.dossier, "DossierReturned", at, data)


@say.register
def _(news: DossierWasWithdrawn, at: datetime) -> News:
    fields = {"withdrawn_on": news.on}
    data = _withdrawn.dump({"dossier_id": news.dossier.id, **_place(news.dossier.place), **fields})
    return _of(news.dossier, "DossierWithdrawn", at, data)


def _of(dossier: Dossier, type_: str, at: datetime, data: dict[str, Any]) -> News:
    return News(type=type_, subject=str(dossier.id), time=at, data=data, rulepack=dossier.pack_id)


def _product(dossier: Dossier) -> dict[str, Any]:
    received = dossier.received_on or dossier.last_on
    return {
        "dossier_id": dossier.id,
        "subject_id": dossier.subject_id,
        "product_name": dossier.product_name,
        "producer": dossier.producer,
        "criteria_set": dossier.criteria_set,
        "purpose": dossier.purpose,
        "registration_number": dossier.registration_number,
        "product_code": dossier.product_code,
        "year": received.year,
        "received_on": received,
        **_place(dossier.place),
    }


def _place(place: Place) -> dict[str, str | None]:
    return {"province": place.province, "district": place.district, "commune": place.commune}


def cleared(event: Event) -> Seats:
    """MembersCleared: who sits over a dossier, and who of them may read it."""
    wanted = ("dossier_id", "assessment_id", "members", "cleared")
    heard = understood(evaluation.MembersCleared, event, wanted)
    return Seats(
        dossier_id=heard["dossier_id"],
        assessment_id=heard["assessment_id"],
        members=frozenset(heard["members"]),
        cleared=frozenset(heard["cleared"]),
    )


def seated_as(dossier_id: UUID, actor: Actor) -> UUID:
    """What evaluation calls somebody in what it says about a dossier."""
    return evaluation.pseudonym(dossier_id, actor.id)


def scored(event: Event) -> dict[str, Any]:
    """ScoredAtDistrict or ScoredAtProvince: where the dossier stands after the council."""
    contract = getattr(evaluation, event.type)
    heard = understood(contract, event, ("dossier_id", "assessment_id", "star", "outcome"))
    outcome = heard["outcome"]
    standing = {
        "close": f"closed-at-{heard['star']}-stars",
        "refer": f"referred-to-{outcome['level']}",
        "certify": f"awaits-decision-of-{outcome['level']}",
    }[outcome["act"]]
    return {
        "dossier_id": heard["dossier_id"],
        "score": Scored(assessment_id=heard["assessment_id"], standing=standing),
    }


def new_assessment(event: Event) -> dict[str, Any]:
    """NewAssessmentOrdered: which score counts no more, and who scores anew."""
    wanted = ("dossier_id", "after_assessment_id", "level")
    heard = understood(certification.NewAssessmentOrdered, event, wanted)
    return {
        "dossier_id": heard["dossier_id"],
        "after": heard["after_assessment_id"],
        "level": heard["level"],
    }


def certified(event: Event) -> dict[str, Any]:
    """CertifiedAtDistrict, CertifiedAtProvince, CertifiedNational."""
    heard = understood(getattr(certification, event.type), event, ("dossier_id", "star"))
    return {"dossier_id": heard["dossier_id"], "standing": f"certified-at-{heard['star']}-stars"}


def referred(event: Event) -> dict[str, Any]:
    """ReferredNational."""
    heard = understood(certification.ReferredNational, event, ("dossier_id",))
    return {"dossier_id": heard["dossier_id"], "standing": "referred-to-national"}


def ended(event: Event) -> dict[str, Any]:
    """CertificateRevoked, CertificateExpired."""
    heard = understood(getattr(certification, event.type), event, ("dossier_id",))
    standing = {"CertificateRevoked": "revoked", "CertificateExpired": "expired"}[event.type]
    return {"dossier_id": heard["dossier_id"], "standing": standing}
