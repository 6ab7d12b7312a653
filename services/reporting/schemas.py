"""What reporting's HTTP API takes and shows."""

from typing import Any

from marshmallow import Schema, fields, validate

from chassis.web.text import Whole, line
from services.reporting.domain import STARS, YEARS, Stage

MAX_PAGE = 200
MANY = 100_000
"""More products than any area will ever have."""

Stars = Schema.from_dict(
    {
        str(star): fields.Integer(strict=True, load_default=0, validate=validate.Range(0, MANY))
        for star in STARS
    },
    name="Stars",
)
"""Star → how many products, under the names "3", "4" and "5"."""


class TargetRow(Schema):
    """What one area is to reach."""

    area = fields.String(required=True, validate=Whole("^([0-9]{3}|[0-9]{5})$"))
    stars = fields.Nested(Stars, required=True)


class SetTargets(Schema):
    """A year's plan as a whole, and the document it comes from."""

    source = line(200, required=True)
    rows = fields.List(fields.Nested(TargetRow), required=True, validate=validate.Length(1, 1000))


def _by_star(name: str) -> fields.Function:
    """Star → count, zeroes included."""

    def counts(row: Any) -> dict[str, int]:
        found = getattr(row, name)
        return {str(star): found.get(star, 0) for star in STARS}

    return fields.Function(counts, metadata={"type": "object"})


class PlannedShown(Schema):
    """One area's targets."""

    area = fields.String()
    level = fields.String()
    stars = _by_star("stars")


class PlanShown(Schema):
    """A year's targets."""

    year = fields.Integer()
    source = fields.String()
    rows = fields.List(fields.Nested(PlannedShown), attribute="targets")


def _year(**given: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(*YEARS), **given)


class YearQuery(Schema):
    """Which year."""

    year = _year(required=True)


class PageQuery(Schema):
    """Which year the front page shows."""

    year = _year(load_default=None)


class EventsQuery(Schema):
    """How many events."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


class DossiersQuery(Schema):
    """Which dossiers."""

    year = _year(load_default=None)
    stage = fields.Enum(Stage, by_value=True, load_default=None)
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


class RowShown(Schema):
    """One area's plan against its result; `potential` are five-star candidates that are with the ministry."""

    area = fields.String(allow_none=True)
    level = fields.String(allow_none=True)
    target = _by_star("target")
    result = _by_star("result")
    target_total = fields.Integer()
    result_total = fields.Integer()
    potential = fields.Integer()


class TableShown(Schema):
    """A year's plan against its result; `total` is the sum of the rows."""

    year = fields.Integer()
    source = fields.String(allow_none=True)
    rows = fields.List(fields.Nested(RowShown))
    total = fields.Nested(RowShown)


class StepShown(Schema):
    """One stage: dossiers at it now, and dossiers that ever came to it."""

    stage = fields.Enum(Stage, by_value=True)
    now = fields.Integer()
    reached = fields.Integer()


class FunnelShown(Schema):
    """A year's dossiers by stage; the steps' `now` add up to `dossiers`."""

    year = fields.Integer()
    ideas = fields.Integer()
    dossiers = fields.Integer()
    steps = fields.List(fields.Nested(StepShown))


class EventShown(Schema):
    """One event; `name` is the product's or the idea's."""

    id = fields.UUID()
    type = fields.String()
    subject = fields.String()
    time = fields.AwareDateTime(format="iso")
    name = fields.String(allow_none=True)
    star = fields.Integer(allow_none=True)
    district = fields.String(allow_none=True)
    commune = fields.String()


class DossierShown(Schema):
    """What is known of a dossier."""

    dossier_id = fields.UUID()
    subject_id = fields.UUID(allow_none=True)
    product_name = fields.String(allow_none=True)
    producer = fields.String(allow_none=True)
    product_code = fields.String(allow_none=True)
    registration_number = fields.String(allow_none=True)
    criteria_set = fields.String(allow_none=True)
    purpose = fields.String(allow_none=True)
    pack = fields.String(allow_none=True)
    year = fields.Integer(allow_none=True)
    province = fields.String()
    district = fields.String(allow_none=True)
    commune = fields.String()
    stage = fields.String()
    star = fields.Integer(allow_none=True)
    mean = fields.String(allow_none=True)
    submitted_on = fields.Date(allow_none=True)
    verified_on = fields.Date(allow_none=True)
    returned_on = fields.Date(allow_none=True)
    withdrawn_on = fields.Date(allow_none=True)
    scored_on = fields.Date(allow_none=True)
    referred_on = fields.Date(allow_none=True)
    national_on = fields.Date(allow_none=True)
    new_assessment_on = fields.Date(
        allow_none=True,
        metadata={
            "description": "since when it is assessed anew after a national result; that and the referral count no more"
        },
    )
    certificate_number = fields.String(allow_none=True)
    certified_on = fields.Date(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    ended_on = fields.Date(allow_none=True)
    listed_on = fields.Date(allow_none=True)
