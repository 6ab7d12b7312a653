"""What evaluation's HTTP API shows."""

from marshmallow import Schema, fields

from services.evaluation.schemas.given import (
    AdvisoryReportShape,
    KnockoutShape,
    SetUpCouncil,
    SetUpRound,
)


class RoundCalendar(Schema):
    """The cut-offs of the pack in force when the round starts; `in_time`: it ends before it must be over."""

    pack = fields.String()
    requests_before = fields.Date()
    done_before = fields.Date()
    in_time = fields.Boolean()


class RoundShown(SetUpRound):
    """A round; `calendar` is null where the pack fixes no cut-offs for it."""

    calendar = fields.Nested(RoundCalendar, allow_none=True)

    id = fields.UUID()
    version = fields.Integer()


class CouncilShown(SetUpCouncil):
    """A council."""

    id = fields.UUID()
    version = fields.Integer()


class SheetShown(Schema):
    """One sheet."""

    assessment_id = fields.UUID()
    member = fields.String()
    round = fields.Integer()
    criteria_set = fields.String()
    choices = fields.Dict(keys=fields.String(), values=fields.Integer())
    total = fields.Integer()
    submitted = fields.Boolean(attribute="is_submitted")
    submitted_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class SheetsOfRound(Schema):
    """A round of sheets that has opened."""

    round = fields.Integer()
    spread = fields.Integer()
    rescore = fields.Boolean()
    sheets = fields.List(fields.Nested(SheetShown))


class FindingShown(Schema):
    """What the commune found."""

    topic = fields.String()
    met = fields.Boolean()
    share = fields.Decimal(as_string=True, allow_none=True)


class SupplementShown(Schema):
    """What was asked of the producer."""

    what = fields.String()
    asked_on = fields.Date()
    received_on = fields.Date(allow_none=True)


class OpeningShown(Schema):
    """A round of sheets that opened."""

    round = fields.Integer()
    members = fields.List(fields.String())
    spread = fields.Integer()
    rescore = fields.Boolean()


class WarningShown(Schema):
    """Where the result hangs on little; `by` in points."""

    kind = fields.String()
    star = fields.Integer()
    by = fields.String()
    criterion = fields.String(allow_none=True)


class OutcomeShown(Schema):
    """What follows."""

    act = fields.String()
    level = fields.String(allow_none=True)
    star = fields.Integer()


class ConclusionShown(Schema):
    """What the council concluded; `rating` as `ocop rate` prints it, with all subtotals."""

    on = fields.Date()
    star = fields.Integer()
    mean = fields.String(attribute="result.mean")
    rating = fields.Dict(attribute="result")
    agreed = fields.Dict(keys=fields.String(), values=fields.Integer())
    knockouts = fields.List(fields.Nested(KnockoutShape))
    outcome = fields.Nested(OutcomeShown)
    warnings = fields.List(fields.Nested(WarningShown))


class AdvisoryReportShown(AdvisoryReportShape):
    """The advisory team's report."""


class LevelShown(Schema):
    """What one level found."""

    level = fields.String()
    star = fields.Integer()
    mean = fields.String()
    parts = fields.Dict(keys=fields.String(), values=fields.String())


class DifferenceShown(Schema):
    """Two levels side by side; `large` where the means lie farther apart than members' totals may."""

    below = fields.Nested(LevelShown)
    here = fields.Nested(LevelShown)
    mean_by = fields.String()
    star_by = fields.Integer()
    large = fields.Boolean()


class GroundShown(Schema):
    """Why a member is in conflict: by data a slug with its words, else what he declared himself."""

    member = fields.String()
    ground = fields.String(allow_none=True)
    by_data = fields.Boolean()
    text = fields.Dict(
        keys=fields.String(), values=fields.String(), allow_none=True,
        metadata={"description": "vi and en, where data shows it"},
    )  # fmt: skip


class MineShown(Schema):
    """Where a member himself stands."""

    declared = fields.Boolean()
    conflict = fields.Boolean()
    ground = fields.Nested(GroundShown, allow_none=True)


class MinutesShown(Schema):
    """The minutes: `text` is the document as it was hashed, `document` the same read as JSON."""

    assessment_id = fields.UUID()
    sha256 = fields.String()
    intact = fields.Boolean(attribute="is_intact")
    document = fields.Dict()
    text = fields.String()


class ClockShown(Schema):
    """Working days since the commune, or an order to assess anew, asked; standing still while a supplement is due."""

    since = fields.Date()
    working_days = fields.Integer()
    stopped = fields.Boolean()


class AssessmentShown(Schema):
    """An assessment. A member who has not declared, or is in conflict, is shown the brief fields only."""

    BRIEF = ("id", "dossier_id", "subject_id", "product_name", "producer", "level", "turn",
             "area", "status", "council_id", "round_id", "version")  # fmt: skip
    OFFICIALS_ONLY = ("declared", "conflicts", "grounds", "not_compared", "present", "submitted",
                      "outstanding", "clock", "requested_in_time")  # fmt: skip

    id = fields.UUID()
    dossier_id = fields.UUID(attribute="product.dossier_id")
    subject_id = fields.UUID(attribute="product.subject_id")
    product_name = fields.String(attribute="product.product_name")
    producer = fields.String(attribute="product.producer")
    criteria_set = fields.String(attribute="product.criteria_set")
    pack = fields.String(attribute="pack_id")
    purpose = fields.String(attribute="product.purpose")
    registration_number = fields.String(attribute="product.registration_number")
    product_code = fields.String(attribute="product.product_code")
    year = fields.Integer(attribute="product.year")
    province = fields.String(attribute="product.place.province")
    district = fields.String(attribute="product.place.district", allow_none=True)
    commune = fields.String(attribute="product.place.commune")
    level = fields.String()
    turn = fields.Integer(
        metadata={"description": "1, and more where an authority had the product assessed anew"}
    )
    area = fields.String(allow_none=True)
    status = fields.String()
    council_id = fields.UUID(allow_none=True)
    round_id = fields.UUID(allow_none=True)
    opened_on = fields.Date()
    received_on = fields.Date(attribute="product.received_on")
    verified_on = fields.Date(attribute="product.verified_on")
    request_letter = fields.String(attribute="product.request_letter")
    findings = fields.List(fields.Nested(FindingShown), attribute="product.findings")
    admitted_on = fields.Date(allow_none=True)
    advisory_report = fields.Nested(AdvisoryReportShown, attribute="report", allow_none=True)
    supplements = fields.List(fields.Nested(SupplementShown))
    clock_stopped = fields.Boolean(attribute="preparation.awaits_supplement")
    sheet_round = fields.Integer()
    openings = fields.List(fields.Nested(OpeningShown))
    star = fields.Integer(attribute="conclusion.star", allow_none=True, dump_default=None)
    mean = fields.String(attribute="conclusion.result.mean", allow_none=True, dump_default=None)
    conclusion = fields.Nested(ConclusionShown, allow_none=True)
    improvement = fields.Dict(
        allow_none=True,
        metadata={
            "description": "the smallest changes of options that would reach the next star, once concluded; "
            "as `ocop rate --improvement --json` prints it"
        },
    )
    version = fields.Integer()

    declared = fields.List(fields.String())
    conflicts = fields.List(fields.String())
    grounds = fields.List(fields.Nested(GroundShown))
    not_compared = fields.List(
        fields.String(),
        metadata={
            "description": "members of whom data cannot tell whether they are the legal representative: "
            "the number of one of the two was not given, or under another key"
        },
    )
    present = fields.List(fields.String(), allow_none=True)
    submitted = fields.List(fields.String())
    outstanding = fields.List(fields.String())
    difference = fields.Nested(DifferenceShown, allow_none=True)
    mine = fields.Nested(MineShown)
    clock = fields.Nested(ClockShown)
    requested_in_time = fields.Boolean(
        allow_none=True,
        metadata={"description": "before the round's cut-off; null where the pack fixes none"},
    )


class AssessmentLine(AssessmentShown):
    """An assessment in a list."""

    class Meta:
        fields = (
            *AssessmentShown.BRIEF, "registration_number", "criteria_set", "pack", "star", "mean",
        )  # fmt: skip
