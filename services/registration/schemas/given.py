"""What registration's HTTP API takes."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from chassis.people import PersonalNumber
from chassis.web.text import Whole, line, text
from contracts.registration import PURPOSES, TOPICS
from services.registration.domain.dossier import Status
from services.registration.domain.subject import SubjectKind
from services.registration.schemas.identifiers import Phone, TaxCode

MAX_PAGE = 200


def _on() -> fields.Date:
    return fields.Date(
        load_default=None, metadata={"description": "the day of the act; today when left out"}
    )


class RegisterSubject(Schema):
    """A producing entity."""

    kind = fields.Enum(SubjectKind, by_value=True, required=True)
    legal_name = line(required=True)
    public_name = line(required=True, metadata={"description": "what a register may show"})
    representative = line(required=True)
    representative_personal_number = PersonalNumber(
        allow_none=True,
        metadata={
            "description": "the legal representative's; kept as a pseudonym alone, and never shown. "
            "Left out: as it was; null: not known"
        },
    )
    phone = Phone(load_default=None, allow_none=True)
    tax_code = TaxCode(load_default=None, allow_none=True)
    commune = fields.String(
        required=True,
        validate=Whole(r"^[0-9]{5}$"),
        metadata={"description": "the commune's code on the day of the act"},
    )
    on = _on()


class ProposeIdea(Schema):
    """A product idea."""

    subject_id = fields.UUID(required=True)
    title = line(required=True)
    on = _on()


class SelectIdea(Schema):
    """Into which year's list."""

    year = fields.Integer(strict=True, load_default=None, validate=validate.Range(2018, 2100))
    on = _on()


class OpenDossier(Schema):
    """A new dossier."""

    subject_id = fields.UUID(required=True)
    idea_id = fields.UUID(load_default=None, allow_none=True)
    product_name = line(required=True)
    criteria_set = line(40, required=True)
    purpose = fields.String(load_default="first", validate=validate.OneOf(PURPOSES))
    pack = line(
        40,
        load_default=None,
        allow_none=True,
        metadata={"description": "a rule pack; the newest in force when left out"},
    )
    on = _on()


def _files(**more: Any) -> fields.Field[Any]:
    return fields.List(
        fields.String(validate=Whole(r"^[0-9a-f]{64}$")), validate=validate.Length(1, 50), **more
    )


class Attachment(Schema):
    """Which uploaded files."""

    evidence = _files(required=True)


class Attachments(Schema):
    """Component → which uploaded files."""

    components = fields.Dict(
        keys=fields.String(), values=_files(), required=True, validate=validate.Length(1, 50)
    )


class BringSamples(Schema):
    """How many."""

    count = fields.Integer(strict=True, required=True, validate=validate.Range(0, 1000))


class SelfAssess(Schema):
    """Criterion → option number (or points, where a set is scored by part totals)."""

    choices = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), required=True)


class SubmitDossier(Schema):
    """Filing."""

    on = _on()


def _per_cent(share: Decimal) -> None:
    if not 0 <= share <= 100:
        raise ValidationError("must lie between 0 and 100")


class Found(Schema):
    """What the commune found on one topic."""

    topic = fields.String(required=True, validate=validate.OneOf(TOPICS))
    met = fields.Boolean(required=True, truthy={True}, falsy={False})
    share = fields.Decimal(
        load_default=None,
        allow_none=True,
        validate=_per_cent,
        places=2,
        metadata={"type": ["number", "string", "null"], "description": "per cent, 0 to 100"},
    )
    words = text(2000, load_default="")


class VerifyDossier(Schema):
    """The commune's report and letter."""

    findings = fields.List(fields.Nested(Found), required=True, validate=validate.Length(max=10))
    request_letter = line(100, required=True)
    on = _on()


class ReturnDossier(Schema):
    """What falls short: component codes and topics."""

    missing = fields.List(fields.String(), required=True, validate=validate.Length(1, 50))
    on = _on()


class WithdrawDossier(Schema):
    """Withdrawal."""

    on = _on()


class DossierListQuery(Schema):
    """Which dossiers."""

    status = fields.String(
        load_default=None,
        validate=validate.OneOf([status.value for status in Status]),
    )
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))
