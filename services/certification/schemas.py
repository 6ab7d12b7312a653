"""What certification's HTTP API takes and shows."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from chassis.clock import today
from chassis.web.text import text
from services.certification.domain.standing import Status

MAX_PAGE = 200
MAX_BATCH = 200


def _on(what: str = "the day of the act") -> fields.Date:
    return fields.Date(load_default=None, metadata={"description": f"{what}; today when left out"})


def _number(**settings: Any) -> fields.String:
    described = {"description": "the decision's number"}
    return text(100, shortest=1, metadata=described, **settings)


def _each_once(values: list[Any]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("each dossier stands in a decision once")


class Decide(Schema):
    """A decision for a batch."""

    number = _number(required=True)
    level = text(
        20, shortest=1, required=True, metadata={"description": "who decides: a level of the pack"}
    )
    decided_on = _on("the day the decision bears")
    signed_by_office = text(
        300, shortest=1, required=True, metadata={"description": "an office, no name"}
    )
    dossiers = fields.List(
        fields.UUID(), required=True, validate=[validate.Length(1, MAX_BATCH), _each_once]
    )


class Refer(Schema):
    """Referral to the ministry."""

    decision_number = _number(required=True)
    on = _on()


class NationalResultGiven(Schema):
    """The result of the ministry's council.

    With `decision_number` a product that the ministry certifies gets its certificate at once;
    without, it awaits a decision at level `national`.
    """

    mean = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9]{1,3}(\.[0-9]{1,9})?\Z", error="must be a decimal number"),
    )
    star = fields.Integer(required=True, strict=True, validate=validate.Range(0, 5))
    document = text(
        200, shortest=1, required=True, metadata={"description": "the ministry's document"}
    )
    decision_number = _number(load_default=None, allow_none=True)
    on = _on()


class RecogniseNationalResult(Schema):
    """A national result below five stars, recognised."""

    decision_number = _number(required=True)
    on = _on()


class OrderNewAssessment(Schema):
    """A national result below five stars is not recognised: the product is assessed anew."""

    decision_number = _number(required=True)
    grounds = text(1000, shortest=1, required=True, metadata={"description": "why; no names"})
    on = _on()


class Revoke(Schema):
    """Revocation."""

    ground = text(
        60, shortest=1, required=True, metadata={"description": "a ground that the pack names"}
    )
    decision_number = _number(required=True)
    on = _on()


class CaseListQuery(Schema):
    """Which cases."""

    status = fields.String(load_default=None, validate=validate.OneOf([*Status]))
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


class CertificateListQuery(Schema):
    """Which certificates."""

    number = text(60, load_default=None)
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


class ProductShown(Schema):
    """What a case and a certificate say of their product."""

    subject_id = fields.UUID(attribute="product.subject_id")
    product_name = fields.String(attribute="product.name")
    producer = fields.String(attribute="product.producer")
    product_code = fields.String(attribute="product.code")
    criteria_set = fields.String(attribute="product.criteria_set")
    purpose = fields.String(attribute="product.purpose")
    registration_number = fields.String(attribute="product.registration_number")
    year = fields.Integer(attribute="product.year")
    pack = fields.String(attribute="product.pack_id")
    province = fields.String(attribute="product.place.province")
    district = fields.String(attribute="product.place.district", allow_none=True)
    commune = fields.String(attribute="product.place.commune")


class OutcomeShown(Schema):
    """What the law makes of a score."""

    act = fields.String()
    level = fields.String(allow_none=True)
    star = fields.Integer()


class ScoreShown(Schema):
    """A council's score."""

    assessment_id = fields.UUID()
    level = fields.String()
    mean = fields.String()
    star = fields.Integer()
    on = fields.Date()
    outcome = fields.Nested(OutcomeShown)


class ReferralShown(Schema):
    """A referral to the ministry."""

    decision_number = fields.String()
    on = fields.Date()


class NationalResultShown(Schema):
    """The ministry's result."""

    mean = fields.Decimal(as_string=True)
    star = fields.Integer()
    document = fields.String()
    on = fields.Date()


class OrderShown(Schema):
    """An order to assess anew."""

    decision_number = fields.String()
    grounds = fields.String()
    on = fields.Date()


class CourseShown(Schema):
    """A way through council and ministry that an order ended."""

    score = fields.Nested(ScoreShown)
    referral = fields.Nested(ReferralShown)
    national = fields.Nested(NationalResultShown)
    order = fields.Nested(OrderShown)


class CaseShown(ProductShown):
    """A case: what was scored, what it awaits, how it ended."""

    id = fields.UUID()
    status = fields.String()
    awaits = fields.String(allow_none=True)
    level = fields.String(allow_none=True)
    star = fields.Integer()
    score = fields.Nested(ScoreShown)
    referral = fields.Nested(ReferralShown, allow_none=True)
    national = fields.Nested(NationalResultShown, allow_none=True)
    earlier = fields.List(
        fields.Nested(CourseShown),
        metadata={
            "description": "what was found before its authority had the product assessed anew"
        },
    )
    certificate_id = fields.UUID(allow_none=True)
    withdrawn_on = fields.Date(
        allow_none=True,
        metadata={
            "description": "the day its producer took it back; a case that is certified all the same was"
            " decided before that was heard: it stands until the authority revokes the certificate"
        },
    )
    last_on = fields.Date()
    version = fields.Integer()


class CaseListed(CaseShown):
    """A case as lists show it."""

    class Meta:
        fields = ("id", "product_name", "producer", "product_code", "pack", "district", "commune",
                  "status", "awaits", "level", "star", "certificate_id", "withdrawn_on", "version")  # fmt: skip


class RevocationShown(Schema):
    """Why a certificate was taken back."""

    ground = fields.String()
    decision_number = fields.String()
    on = fields.Date()


class CertificateShown(ProductShown):
    """A certificate."""

    id = fields.UUID()
    number = fields.String()
    dossier_id = fields.UUID()
    star = fields.Integer()
    level = fields.String()
    decision_number = fields.String()
    decision_id = fields.UUID(allow_none=True)
    issued_on = fields.Date()
    expires_on = fields.Date()
    status = fields.Function(lambda certificate: certificate.status_on(today()).value)
    revocation = fields.Nested(RevocationShown, allow_none=True)
    version = fields.Integer()


class CertificateListed(CertificateShown):
    """A certificate as lists show it."""

    class Meta:
        fields = ("id", "number", "dossier_id", "product_name", "producer", "star", "level",
                  "issued_on", "expires_on", "status")  # fmt: skip


class DecisionShown(Schema):
    """A decision with what it issued, in the order of the numbers."""

    id = fields.UUID()
    number = fields.String()
    level = fields.String()
    area = fields.String()
    decided_on = fields.Date()
    signed_by_office = fields.String()
    dossiers = fields.List(fields.UUID())
    certificates = fields.List(fields.Nested(CertificateListed))
    version = fields.Integer()


class Verified(Schema):
    """What anybody may know of a certificate."""

    number = fields.String()
    product_name = fields.String(attribute="product.name")
    producer = fields.String(attribute="product.producer")
    product_code = fields.String(attribute="product.code")
    star = fields.Integer()
    level = fields.String()
    decision_number = fields.String()
    issued_on = fields.Date()
    expires_on = fields.Date()
    status = fields.Function(lambda certificate: certificate.status_on(today()).value)
    revoked_on = fields.Date(attribute="revocation.on")
