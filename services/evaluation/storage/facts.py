"""How the facts of an assessment and a council are kept as JSON: exact figures as text, days in ISO form."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields, post_load

from regulation.procedure import Outcome
from regulation.rating import Sheet
from services.evaluation.domain import council, facts
from services.evaluation.domain.interests import Ties
from services.evaluation.domain.preparation import Preparation


class Exact(fields.Field[Fraction]):
    """An exact figure, `215/3`."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Fraction:
        return Fraction(value)


class Kept(Schema):
    """Something kept as JSON; `made` is what it becomes again."""

    made: Callable[..., Any]

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return type(self).made(**data)


def _many(schema: type[Schema]) -> "Several":
    return Several(fields.Nested(schema))


class Several(fields.List[Any]):
    """A list that becomes a tuple again."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class KeptFinding(Kept):
    made = facts.Finding
    topic = fields.String()
    met = fields.Boolean()
    share = fields.Decimal(as_string=True, allow_none=True)


class KeptProduct(Kept):
    """Without its place and dossier id, which have columns of their own."""

    made = dict
    subject_id = fields.UUID()
    product_name = fields.String()
    producer = fields.String()
    criteria_set = fields.String()
    purpose = fields.String()
    registration_number = fields.String()
    product_code = fields.String()
    year = fields.Integer()
    received_on = fields.Date()
    verified_on = fields.Date()
    request_letter = fields.String()
    findings = _many(KeptFinding)


class KeptSiteVisit(Kept):
    made = facts.SiteVisit
    on = fields.Date()
    finding = fields.String()


class KeptTest(Kept):
    made = facts.ExtraTest
    name = fields.String()
    result = fields.String()
    document = fields.String()


class KeptReport(Kept):
    made = facts.AdvisoryReport
    number = fields.String()
    conforms = fields.Boolean()
    on = fields.Date()
    site_visit = fields.Nested(KeptSiteVisit, allow_none=True)
    tests = _many(KeptTest)


class KeptSupplement(Kept):
    made = facts.Supplement
    what = fields.String()
    asked_on = fields.Date()
    received_on = fields.Date(allow_none=True)


class KeptPreparation(Kept):
    made = Preparation
    report = fields.Nested(KeptReport, allow_none=True)
    supplements = _many(KeptSupplement)


class KeptDeclaration(Kept):
    made = facts.Declaration
    conflict = fields.Boolean()
    at = fields.AwareDateTime(format="iso")
    ground = fields.String(allow_none=True)
    by_data = fields.Boolean()


class KeptOpening(Kept):
    made = facts.Opening
    round = fields.Integer()
    members = Several(fields.String())
    spread = fields.Integer()
    rescore = fields.Boolean()


class KeptLevelResult(Kept):
    made = facts.LevelResult
    assessment_id = fields.UUID()
    level = fields.String()
    star = fields.Integer()
    mean = Exact()
    parts = fields.Dict(keys=fields.String(), values=fields.String())


class KeptTies(Kept):
    made = Ties
    representative = fields.String(allow_none=True)
    subjects = fields.List(fields.UUID(), post_load=[frozenset])


class KeptProcedure(Kept):
    """Each step as it was taken."""

    made = dict
    preparation = fields.Nested(KeptPreparation)
    declarations = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(KeptDeclaration),
        attribute="interests.declared",
    )
    cleared_told = Several(fields.String(), allow_none=True, attribute="interests.told")
    ties = fields.Nested(KeptTies, attribute="interests.ties")
    present = Several(fields.String(), allow_none=True)
    openings = _many(KeptOpening)
    below = fields.Nested(KeptLevelResult, allow_none=True)


class KeptSheet(Kept):
    made = Sheet
    member = fields.String()
    choices = fields.Dict(keys=fields.String(), values=fields.Integer())


class KeptKnockout(Kept):
    made = facts.Knockout
    code = fields.String()
    evidence = fields.String()


class KeptOutcome(Kept):
    made = Outcome
    act = fields.String()
    level = fields.String(allow_none=True)
    star = fields.Integer()


class KeptWarning(Kept):
    made = facts.Warning
    kind = fields.String()
    star = fields.Integer()
    by = Exact()
    criterion = fields.String(allow_none=True)


class KeptConclusion(Kept):
    """With everything it takes to compute it again: sheets, agreed options, knock-outs."""

    made = facts.Conclusion
    on = fields.Date()
    star = fields.Integer()
    mean = Exact()
    result = fields.Dict()
    sheets = _many(KeptSheet)
    agreed = fields.Dict(keys=fields.String(), values=fields.Integer())
    knockouts = _many(KeptKnockout)
    outcome = fields.Nested(KeptOutcome)
    warnings = _many(KeptWarning)


class KeptRegulation(Kept):
    made = council.Regulation
    quorum_share = Exact()
    chair_required = fields.Boolean()
    presiding = fields.Enum(council.Presiding, by_value=True)
    spread_limit = fields.Integer()
    on_spread = fields.Enum(council.OnSpread, by_value=True)
    max_rescores = fields.Integer(allow_none=True)
    gates = fields.Enum(council.Gates, by_value=True)
    requires = fields.List(fields.Enum(council.Requirement, by_value=True), post_load=[frozenset])


class KeptMember(Kept):
    made = council.Member
    id = fields.String()
    role = fields.Enum(council.Seat, by_value=True)
    agency = fields.String()
    name = fields.String()
    substitute_for = fields.String(allow_none=True)
    interests = fields.List(fields.UUID(), post_load=[frozenset])
    person = fields.String(allow_none=True)
