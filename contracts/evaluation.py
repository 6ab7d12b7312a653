"""What evaluation says: what a council found a product to be worth."""

from marshmallow import Schema, fields, validate

ACTS = ("certify", "refer", "close")


class Outcome(Schema):
    """What the law makes of a rating at this level."""

    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    level = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "who certifies, or where it is referred"},
    )
    star = fields.Integer(required=True, validate=validate.Range(0, 5))


class ScoredAtDistrict(Schema):
    """A district council closed its assessment (rule packs 1048/2019 and 148/2023)."""

    dossier_id = fields.UUID(required=True)
    assessment_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    criteria_set = fields.String(required=True)
    purpose = fields.String(required=True)
    registration_number = fields.String(required=True)
    product_code = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    scored_on = fields.Date(required=True)
    members = fields.Integer(required=True, metadata={"description": "how many sheets counted"})
    mean = fields.String(required=True, metadata={"description": "decimal, unrounded in its band"})
    parts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    band = fields.Integer(required=True)
    gates_missed = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True
    )
    knocked_out = fields.Boolean(required=True)
    star = fields.Integer(required=True, validate=validate.Range(0, 5))
    outcome = fields.Nested(Outcome, required=True)


class ScoredAtProvince(Schema):
    """A province council closed its assessment."""

    dossier_id = fields.UUID(required=True)
    assessment_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    criteria_set = fields.String(required=True)
    purpose = fields.String(required=True)
    registration_number = fields.String(required=True)
    product_code = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    scored_on = fields.Date(required=True)
    members = fields.Integer(required=True, metadata={"description": "how many sheets counted"})
    mean = fields.String(required=True, metadata={"description": "decimal, unrounded in its band"})
    parts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    band = fields.Integer(required=True)
    gates_missed = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True
    )
    knocked_out = fields.Boolean(required=True)
    star = fields.Integer(required=True, validate=validate.Range(0, 5))
    outcome = fields.Nested(Outcome, required=True)


SAYS = (ScoredAtDistrict, ScoredAtProvince)
