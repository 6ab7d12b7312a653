"""What certification says: what an authority decided, and what became of a certificate."""

from marshmallow import Schema, fields, validate

GROUNDS = (
    "false-information",
    "criteria-no-longer-met",
    "law-breached",
    "mark-misused",
    "production-stopped",
    "other-conclusion",
    "not-renewed",
)
"""On what grounds a certificate may be revoked, in the words of the rule packs."""


class CertifiedAtDistrict(Schema):
    """The district recognised a product (three stars under 148/2023)."""

    dossier_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    decision_number = fields.String(required=True)
    decided_on = fields.Date(required=True)
    expires_on = fields.Date(required=True)
    star = fields.Integer(required=True, validate=validate.Range(3, 5))
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    product_code = fields.String(required=True)
    criteria_set = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)


class CertifiedAtProvince(Schema):
    """The province recognised a product."""

    dossier_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    decision_number = fields.String(required=True)
    decided_on = fields.Date(required=True)
    expires_on = fields.Date(required=True)
    star = fields.Integer(required=True, validate=validate.Range(3, 5))
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    product_code = fields.String(required=True)
    criteria_set = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)


class CertifiedNational(Schema):
    """The ministry recognised a product at five stars, and the province entered it."""

    dossier_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    decision_number = fields.String(required=True)
    decided_on = fields.Date(required=True)
    expires_on = fields.Date(required=True)
    star = fields.Integer(required=True, validate=validate.Range(3, 5))
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    product_code = fields.String(required=True)
    criteria_set = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)


class ReferredNational(Schema):
    """The province sent a five-star candidate to the ministry."""

    dossier_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    product_code = fields.String(required=True)
    criteria_set = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    mean = fields.String(required=True)
    decision_number = fields.String(
        required=True, metadata={"description": "the decision that approves the province's result"}
    )
    referred_on = fields.Date(required=True)


class NationalResultRecorded(Schema):
    """The ministry's council gave its result on a referred product."""

    dossier_id = fields.UUID(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    mean = fields.String(required=True)
    star = fields.Integer(required=True, validate=validate.Range(0, 5))
    document = fields.String(required=True, metadata={"description": "the ministry's document"})
    recorded_on = fields.Date(required=True)


class NewAssessmentOrdered(Schema):
    """The authority had a product assessed anew, because the ministry's result fell short of five stars.

    What counts is the next score of that level. Not to be taken for ReevaluationDue, which is of a certificate near
    its end.
    """

    dossier_id = fields.UUID(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    level = fields.String(
        required=True, metadata={"description": "whose council assesses the product once more"}
    )
    after_assessment_id = fields.UUID(
        required=True,
        metadata={"description": "the assessment that counted until now; it stays as it is"},
    )
    decision_number = fields.String(required=True)
    ordered_on = fields.Date(required=True)


class CertificateRevoked(Schema):
    """An authority took a certificate back before its term."""

    dossier_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    ground = fields.String(required=True, validate=validate.OneOf(GROUNDS))
    decision_number = fields.String(required=True)
    revoked_on = fields.Date(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)


class CertificateExpired(Schema):
    """A certificate reached the end of its term."""

    dossier_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    expired_on = fields.Date(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)


class ReevaluationDue(Schema):
    """The window in which a re-evaluation dossier may be filed has opened."""

    dossier_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    opens_on = fields.Date(required=True)
    closes_on = fields.Date(required=True)
    expires_on = fields.Date(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)


SAYS = (
    CertifiedAtDistrict,
    CertifiedAtProvince,
    CertifiedNational,
    ReferredNational,
    NationalResultRecorded,
    NewAssessmentOrdered,
    CertificateRevoked,
    CertificateExpired,
    ReevaluationDue,
)
