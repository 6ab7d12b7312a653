"""What registration says: how a product idea and its dossier come in, and how they leave the commune."""

from marshmallow import Schema, fields, validate

PURPOSES = ("first", "upgrade", "reevaluation")
TOPICS = ("local_material", "local_labour", "idea_origin", "local_identity")


class RepresentativeNamed(Schema):
    """Who represents a producing entity in law, by pseudonym; in place of what was said before of this subject."""

    subject_id = fields.UUID(required=True)
    representative = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "the same for the same person within an instance, and no number of anybody; null: not known"
        },
    )
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    named_on = fields.Date(required=True)


class IdeaSelected(Schema):
    """A product idea was taken into the year's list."""

    idea_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, metadata={"description": "the producing entity"})
    title = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    selected_on = fields.Date(required=True)


class DossierSubmitted(Schema):
    """A complete product dossier was filed; the rule pack in force on `received_on` governs it from now on."""

    dossier_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    product_name = fields.String(required=True)
    producer = fields.String(required=True, metadata={"description": "the producer's public name"})
    criteria_set = fields.String(required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    registration_number = fields.String(required=True)
    product_code = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    received_on = fields.Date(required=True)


class TopicFinding(Schema):
    """What the commune found on one of its topics."""

    topic = fields.String(required=True, validate=validate.OneOf(TOPICS))
    met = fields.Boolean(required=True)
    share = fields.Decimal(
        allow_none=True,
        as_string=True,
        metadata={"description": "per cent, where the topic is a share"},
    )


class CommuneVerified(Schema):
    """The commune assessed its topics and asks the next authority to evaluate the dossier."""

    dossier_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    product_name = fields.String(required=True)
    producer = fields.String(required=True)
    criteria_set = fields.String(required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    registration_number = fields.String(required=True)
    product_code = fields.String(required=True)
    year = fields.Integer(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    received_on = fields.Date(required=True)
    verified_on = fields.Date(required=True)
    request_letter = fields.String(required=True)
    findings = fields.List(fields.Nested(TopicFinding), required=True)


class DossierReturned(Schema):
    """The commune sent a dossier back to its producer, to be mended and filed again."""

    dossier_id = fields.UUID(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    returned_on = fields.Date(required=True)
    missing = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "component codes and topics that fell short"},
    )


class DossierWithdrawn(Schema):
    """The producer took a dossier back; nothing more happens to it."""

    dossier_id = fields.UUID(required=True)
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    withdrawn_on = fields.Date(required=True)


SAYS = (
    RepresentativeNamed,
    IdeaSelected,
    DossierSubmitted,
    CommuneVerified,
    DossierReturned,
    DossierWithdrawn,
)
