"""What promotion's HTTP API takes and shows."""

from marshmallow import Schema, fields, validate

from chassis.web.text import Whole, text
from services.promotion.domain import Status

MAX_PAGE = 200


def _on() -> fields.Date:
    return fields.Date(
        load_default=None, metadata={"description": "the day of the act; today when left out"}
    )


def _limit() -> fields.Integer:
    return fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


class ListProduct(Schema):
    """Into the catalogue, with a few words in either language."""

    on = _on()
    summary_vi = text(2000, load_default="")
    summary_en = text(2000, load_default="")


class TakeDown(Schema):
    """Out of the catalogue."""

    on = _on()


class CatalogueQuery(Schema):
    """Which products; `q` finds names, producers, communes and numbers, typed with or without marks."""

    q = text(200, load_default="")
    star = fields.Integer(load_default=None, validate=validate.Range(3, 5))
    district = fields.String(load_default=None, validate=Whole("^[0-9]{3}$"))
    commune = fields.String(load_default=None, validate=Whole("^[0-9]{5}$"))
    after = fields.UUID(load_default=None)
    limit = _limit()


class ListingsQuery(Schema):
    """Which certified products."""

    status = fields.Enum(Status, by_value=True, load_default=None)
    after = fields.UUID(load_default=None)
    limit = _limit()


class ProductShown(Schema):
    """A product of the catalogue."""

    dossier_id = fields.UUID(attribute="id")
    product_name = fields.String(attribute="product.name")
    producer = fields.String(attribute="product.producer")
    product_code = fields.String(attribute="product.code")
    criteria_set = fields.String(attribute="product.criteria_set")
    province = fields.String(attribute="product.place.province")
    district = fields.String(attribute="product.place.district", allow_none=True)
    commune = fields.String(attribute="product.place.commune")
    star = fields.Integer(attribute="certificate.star")
    certificate_id = fields.UUID(attribute="certificate.id")
    certificate_number = fields.String(attribute="certificate.number")
    expires_on = fields.Date(attribute="certificate.expires_on")
    summary_vi = fields.String()
    summary_en = fields.String()
    listed_on = fields.Date(allow_none=True)


class ListingShown(ProductShown):
    """A certified product as its offices see it, listed or not."""

    status = fields.String()
    version = fields.Integer()
