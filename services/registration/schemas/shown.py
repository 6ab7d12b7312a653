"""What registration's HTTP API shows."""

import json
from datetime import date
from functools import cache
from typing import Any

from holidays import country_holidays
from marshmallow import Schema, fields

from services.registration.domain.dossier import Dossier
from services.registration.domain.subject import SubjectKind


class TextShown(Schema):
    """Words for people in both languages."""

    vi = fields.String()
    en = fields.String()


class SubjectShown(Schema):
    """A producing entity as its own offices see it."""

    id = fields.UUID()
    kind = fields.Enum(SubjectKind, by_value=True, attribute="particulars.kind")
    legal_name = fields.String(attribute="particulars.legal_name")
    public_name = fields.String(attribute="particulars.public_name")
    representative = fields.String(attribute="particulars.representative")
    representative_identified = fields.Function(
        lambda subject: subject.particulars.representative_person is not None,
        metadata={"type": "boolean", "description": "whether the personal number was given"},
    )
    phone = fields.String(attribute="particulars.phone", allow_none=True)
    tax_code = fields.String(attribute="particulars.tax_code", allow_none=True)
    province = fields.String(attribute="place.province")
    district = fields.String(attribute="place.district", allow_none=True)
    commune = fields.String(attribute="place.commune")
    version = fields.Integer()


class IdeaShown(Schema):
    """A product idea."""

    id = fields.UUID()
    subject_id = fields.UUID()
    title = fields.String()
    status = fields.String()
    year = fields.Integer(allow_none=True)
    proposed_on = fields.Date()
    commune = fields.String(attribute="place.commune")
    version = fields.Integer()


class EvidenceShown(Schema):
    """One evidence file."""

    sha256 = fields.String()
    media_type = fields.String()
    size = fields.Integer()


class FindingShown(Schema):
    """What the commune found on one topic."""

    topic = fields.String()
    met = fields.Boolean()
    share = fields.Decimal(as_string=True, allow_none=True, metadata={"type": ["string", "null"]})
    words = fields.String()


@cache
def _days_off(year: int) -> frozenset[date]:
    """Viet Nam's public holidays of that year and the next."""
    return frozenset(country_holidays("VN", years=(year, year + 1)))


def _due_on(dossier: Dossier) -> str | None:
    due = dossier.due_on(_days_off(dossier.last_on.year))
    return due.isoformat() if due else None


class WantedShown(Schema):
    """A paper that a ticked option needs and that the dossier does not hold."""

    criterion = fields.String()
    component = fields.String()


class DossierShown(Schema):
    """A dossier."""

    id = fields.UUID()
    subject_id = fields.UUID()
    idea_id = fields.UUID(allow_none=True)
    product_name = fields.String()
    producer = fields.String()
    criteria_set = fields.String()
    purpose = fields.String()
    pack = fields.String(attribute="pack_id")
    province = fields.String(attribute="place.province")
    district = fields.String(attribute="place.district", allow_none=True)
    commune = fields.String(attribute="place.commune")
    status = fields.String()
    opened_on = fields.Date()
    received_on = fields.Date(allow_none=True)
    due_on = fields.Function(
        _due_on,
        metadata={
            "type": ["string", "null"],
            "format": "date",
            "description": "the last day for the commune to judge what was filed",
        },
    )
    components = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(EvidenceShown))
    )
    missing = fields.Function(
        lambda dossier: list(dossier.missing()),
        metadata={
            "type": "array",
            "items": {"type": "string"},
            "description": "mandatory components that it does not hold yet",
        },
    )
    evidence_wanted = fields.List(
        fields.Nested(WantedShown),
        metadata={"description": "papers that ticked options need and it does not hold yet"},
    )
    samples = fields.Integer()
    self_assessment = fields.Dict(keys=fields.String(), values=fields.Integer())
    findings = fields.List(fields.Nested(FindingShown))
    registration_number = fields.String(allow_none=True)
    product_code = fields.String(allow_none=True)
    standing = fields.String(allow_none=True)
    version = fields.Integer()


class DossierListed(DossierShown):
    """A dossier in a list."""

    class Meta:
        fields = ("id", "product_name", "producer", "criteria_set", "purpose", "pack", "status",
                  "standing", "commune", "received_on", "due_on", "version")  # fmt: skip


class ComponentShown(Schema):
    """One component that the pack asks the producer for, and whether the dossier holds it."""

    code = fields.String()
    title = fields.Nested(TextShown)
    note = fields.Nested(TextShown, allow_none=True)
    mandatory = fields.Boolean()
    held = fields.Boolean()


class Checklist(Schema):
    """What a dossier is made of."""

    components = fields.List(fields.Nested(ComponentShown))


def checklist(dossier: Dossier) -> dict[str, Any]:
    """The dossier's components in the pack's order, as `Checklist` shows them."""
    return {
        "components": [
            {
                "code": component.code,
                "title": component.title,
                "note": component.note,
                "mandatory": component.mandatory,
                "held": dossier.holds(component),
            }
            for component in dossier.demanded()
        ]
    }


class ActShown(Schema):
    """One act of a dossier's chain: each holds the hash of the one before."""

    number = fields.Integer()
    at = fields.AwareDateTime()
    actor = fields.String()
    role = fields.String()
    act = fields.String()
    rulepack = fields.String(allow_none=True)
    grounds = fields.Function(lambda act: json.loads(act.grounds), metadata={"type": "object"})
    previous = fields.String()
    hash = fields.String()
