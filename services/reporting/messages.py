"""What reporting understands of everybody's events: an event as columns of the rows it keeps."""

from typing import Any

from chassis.reactions import understood
from contracts.catalogue import CONTRACTS
from contracts.envelope import Event

Columns = dict[str, Any]

PLACE = ("province", "district", "commune")
PRODUCT = (*PLACE, "dossier_id", "subject_id", "product_name", "producer", "criteria_set", "year",
           "product_code")  # fmt: skip
CERTIFICATE = ("certificate_number", "expires_on")
COUNCILS = {"ScoredAtDistrict": "district", "ScoredAtProvince": "province"}
CERTIFIERS = {
    "CertifiedAtDistrict": "district",
    "CertifiedAtProvince": "province",
    "CertifiedNational": "national",
}


def _heard(event: Event, *fields: str, **renamed: str) -> Columns:
    """The fields that reporting uses; `column="field"` keeps one under another name."""
    heard = understood(CONTRACTS[event.type], event, (*fields, *renamed.values()))
    for column, field in renamed.items():
        heard[column] = heard.pop(field)
    return heard


def idea(event: Event) -> Columns:
    """IdeaSelected."""
    return _heard(event, "idea_id", "subject_id", "title", "year", *PLACE, "selected_on")


def submitted(event: Event) -> Columns:
    """DossierSubmitted."""
    heard = _heard(event, *PRODUCT, "purpose", "registration_number", submitted_on="received_on")
    return heard | {"filing": "submitted", "pack": event.rulepack}


def verified(event: Event) -> Columns:
    """CommuneVerified."""
    heard = _heard(event, *PRODUCT, "purpose", "registration_number", "verified_on",
                   submitted_on="received_on")  # fmt: skip
    return heard | {"filing": "verified", "pack": event.rulepack}


def returned(event: Event) -> Columns:
    """DossierReturned."""
    return _heard(event, "dossier_id", *PLACE, "returned_on") | {"filing": "returned"}


def withdrawn(event: Event) -> Columns:
    """DossierWithdrawn."""
    return _heard(event, "dossier_id", *PLACE, "withdrawn_on") | {"filing": "withdrawn"}


def scored(event: Event) -> Columns:
    """ScoredAtDistrict, ScoredAtProvince."""
    heard = _heard(event, *PRODUCT, "purpose", "registration_number", "scored_on", "mean", "band",
                   "knocked_out", "outcome", score_star="star")  # fmt: skip
    outcome = heard.pop("outcome")
    return heard | {
        "scored_at": COUNCILS[event.type],
        "outcome": outcome["act"],
        "outcome_level": outcome["level"],
        "pack": event.rulepack,
    }


def certified(event: Event) -> Columns:
    """CertifiedAtDistrict, CertifiedAtProvince, CertifiedNational."""
    heard = _heard(event, *PRODUCT, "certificate_id", *CERTIFICATE, certified_on="decided_on",
                   certificate_star="star")  # fmt: skip
    return heard | {"certified_at": CERTIFIERS[event.type], "pack": event.rulepack}


def referred(event: Event) -> Columns:
    """ReferredNational."""
    return _heard(event, *PRODUCT, "referred_on") | {"pack": event.rulepack}


def national_result(event: Event) -> Columns:
    """NationalResultRecorded."""
    return _heard(event, "dossier_id", *PLACE, national_on="recorded_on", national_star="star",
                  national_mean="mean")  # fmt: skip


def new_assessment(event: Event) -> Columns:
    """NewAssessmentOrdered: what the ministry found counts no more, the way begins anew."""
    heard = _heard(event, "dossier_id", *PLACE, new_assessment_on="ordered_on")
    return heard | dict.fromkeys(("referred_on", "national_on", "national_star", "national_mean"))


def revoked(event: Event) -> Columns:
    """CertificateRevoked."""
    heard = _heard(event, "dossier_id", *PLACE, ended_certificate="certificate_id",
                   ended_on="revoked_on")  # fmt: skip
    return heard | {"ended_how": "revoked"}


def expired(event: Event) -> Columns:
    """CertificateExpired."""
    heard = _heard(event, "dossier_id", *PLACE, ended_certificate="certificate_id",
                   ended_on="expired_on")  # fmt: skip
    return heard | {"ended_how": "expired"}


def reevaluation_due(event: Event) -> Columns:
    """ReevaluationDue."""
    return _heard(event, "dossier_id", *PLACE, reevaluation_from="opens_on",
                  reevaluation_until="closes_on")  # fmt: skip


def listed(event: Event) -> Columns:
    """ProductListed."""
    return _heard(event, "dossier_id", *PLACE, "listed_on") | {"delisted_on": None}


def delisted(event: Event) -> Columns:
    """ProductDelisted."""
    return _heard(event, "dossier_id", *PLACE, "delisted_on") | {"listed_on": None}


def entry(event: Event, columns: Columns) -> Columns:
    """The event's line in the log: what happened, to whom, where, when."""
    star = columns.get("certificate_star", columns.get("national_star", columns.get("score_star")))
    return {
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "sayer": event.sayer,
        "time": event.time,
        "dossier_id": columns.get("dossier_id"),
        "name": columns.get("product_name", columns.get("title")),
        "star": star,
        **{name: columns[name] for name in PLACE},
    }
