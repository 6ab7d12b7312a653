"""What promotion says: what the public catalogue shows."""

from marshmallow import Schema, fields, validate


class ProductListed(Schema):
    """A certified product appeared in the public catalogue."""

    dossier_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    product_name = fields.String(required=True)
    star = fields.Integer(required=True, validate=validate.Range(3, 5))
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    listed_on = fields.Date(required=True)


class ProductDelisted(Schema):
    """A product left the public catalogue."""

    dossier_id = fields.UUID(required=True)
    certificate_id = fields.UUID(required=True)
    reason = fields.String(
        required=True, validate=validate.OneOf(("revoked", "expired", "taken-down"))
    )
    province = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    commune = fields.String(required=True)
    delisted_on = fields.Date(required=True)


SAYS = (ProductListed, ProductDelisted)
