"""What evaluation says: what a council found a product to be worth."""

from uuid import UUID, uuid5

from marshmallow import Schema, fields, validate

ACTS = ("certify", "refer", "close")


def pseudonym(dossier_id: UUID, actor: str) -> UUID:
    """What somebody is called in events about one dossier: the same person has another name in the next."""
    return uuid5(dossier_id, actor)


class MembersCleared(Schema):
    """Who of a council may see a dossier by now; whole, and in place of what was said before of this assessment.

    Said when the dossier comes before the council, and when somebody's declaration changes it.
    """

    dossier_id = fields.UUID(required=True)
    assessment_id = fields.UUID(required=True)
    level = fields.String(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    members = fields.List(
        fields.UUID(),
        required=True,
        metadata={
            "description": "who may come to score, each by `pseudonym`: uuid5(dossier_id, actor)"
        },
    )
    cleared = fields.List(
        fields.UUID(),
        required=True,
        metadata={
            "description": "those of them who have no conflict and have declared as their council demands"
        },
    )


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


SAYS = (MembersCleared, ScoredAtDistrict, ScoredAtProvince)
