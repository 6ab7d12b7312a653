"""What evaluation's HTTP API takes."""

from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from chassis.people import PersonalNumber
from chassis.web.text import Whole, line, text, visible
from regulation.packs import packs
from services.evaluation.domain.assessment import Status
from services.evaluation.domain.council import Gates, OnSpread, Presiding, Requirement, Seat

MAX_PAGE = 200
LEVELS = tuple(dict.fromkeys(level for pack in packs() for level in pack.councils))
"""Every level that has a council under some pack."""


def _on() -> fields.Date:
    return fields.Date(
        load_default=None, metadata={"description": "the day of the act; today when left out"}
    )


def _person(**given: Any) -> fields.String:
    """Somebody's id as his token has it, letter by letter."""
    return fields.String(validate=[validate.Length(1, 120), visible], **given)


def _choices(**kwargs: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=[validate.Length(1, 20), visible]),
        values=fields.Integer(strict=True),
        validate=validate.Length(max=200),
        **kwargs,
    )


class Share(fields.Field[Fraction]):
    """A share of a whole as `3/4`, above 0 and at most 1."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Fraction:
        try:
            share = Fraction(value) if isinstance(value, str) else None
        except (ValueError, ZeroDivisionError):
            share = None
        if share is None or not 0 < share <= 1:
            raise ValidationError("must be a share such as 3/4, above 0 and at most 1")
        return share


class RegulationShape(Schema):
    """The operating regulation; what is left out is as designed for most councils."""

    quorum_share = Share(metadata={"type": "string", "example": "3/4"})
    chair_required = fields.Boolean()
    presiding = fields.Enum(Presiding, by_value=True)
    spread_limit = fields.Integer(strict=True, validate=validate.Range(0, 100))
    on_spread = fields.Enum(OnSpread, by_value=True)
    max_rescores = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, 20))
    gates = fields.Enum(Gates, by_value=True)
    requires = fields.List(
        fields.Enum(Requirement, by_value=True),
        validate=validate.Length(max=len(Requirement)),
        post_load=[frozenset],
    )


class MemberShape(Schema):
    """Somebody on a council, by the id he acts under."""

    id = _person(required=True)
    role = fields.Enum(Seat, by_value=True, required=True)
    agency = text(300)
    name = text(120, metadata={"description": "as the council's decision has it; for its papers"})
    substitute_for = _person(allow_none=True)
    interests = fields.List(
        fields.UUID(), validate=validate.Length(max=100), post_load=[frozenset]
    )
    personal_number = PersonalNumber(
        allow_none=True,
        metadata={
            "description": "kept as a pseudonym alone, and never shown. Left out: as it was of this id; null: not known"
        },
    )


class SetUpCouncil(Schema):
    """A council."""

    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    area = fields.String(required=True, validate=Whole(r"^\d{2,3}$"))
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True)
    regulation = fields.Nested(RegulationShape, load_default=dict)
    members = fields.List(
        fields.Nested(MemberShape), required=True, validate=validate.Length(1, 100)
    )


class SetUpRound(Schema):
    """A round."""

    council_id = fields.UUID(required=True)
    name = line(required=True)
    year = fields.Integer(strict=True, required=True, validate=validate.Range(2018, 2100))
    number = fields.Integer(strict=True, required=True, validate=validate.Range(1, 99))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class Admit(Schema):
    """Into which round."""

    round_id = fields.UUID(required=True)
    on = _on()


class SiteVisitShape(Schema):
    """What was seen on site."""

    on = fields.Date(required=True)
    finding = text(4000, shortest=1, required=True)


class TestShape(Schema):
    """An extra test."""

    __test__ = False
    name = line(required=True)
    result = text(4000, shortest=1, required=True)
    document = text(300, load_default="")


class AdvisoryReportShape(Schema):
    """The advisory team's report."""

    conforms = fields.Boolean(required=True)
    report_number = line(100, required=True, attribute="number")
    site_visit = fields.Nested(SiteVisitShape, load_default=None, allow_none=True)
    tests = fields.List(
        fields.Nested(TestShape), load_default=list, validate=validate.Length(max=50)
    )
    on = _on()


class AskSupplement(Schema):
    """What is asked of the producer."""

    what = text(4000, load_default="")
    on = _on()


class Dated(Schema):
    """The day of the act."""

    on = _on()


class Declare(Schema):
    """A member about himself."""

    conflict = fields.Boolean(required=True)
    ground = text(500, shortest=1, load_default=None, allow_none=True)


class FillIn(Schema):
    """Criterion → option number (or points, where a set is scored by part totals)."""

    choices = _choices(required=True)
    criteria_set = line(
        40,
        load_default=None,
        metadata={"description": "refused unless it is the dossier's"},
    )


class Attend(Schema):
    """Who is at the meeting."""

    present = fields.List(_person(), required=True, validate=validate.Length(1, 100))
    on = _on()


class KnockoutShape(Schema):
    """What puts the product out, and what proves it."""

    code = line(100, required=True)
    evidence = text(4000, shortest=1, required=True)


class Conclude(Schema):
    """What the council agreed on."""

    agreed = _choices(load_default=dict)
    knockouts = fields.List(
        fields.Nested(KnockoutShape), load_default=list, validate=validate.Length(max=50)
    )
    present = fields.List(
        _person(), load_default=None, allow_none=True, validate=validate.Length(1, 100)
    )
    on = _on()


class AssessmentListQuery(Schema):
    """Which assessments."""

    status = fields.String(
        load_default=None, validate=validate.OneOf([status.value for status in Status])
    )
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))
