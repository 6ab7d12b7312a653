"""What evaluation's papers and off-line sheets are asked by, and what bringing a sheet is answered with."""

from marshmallow import Schema, fields, validate

from chassis.documents.answering import DocumentQuery


class OfMember(Schema):
    """Whose sheet."""

    member = fields.String(
        load_default=None,
        validate=validate.Length(1, 120),
        metadata={"description": "for the secretary: the member; a member has his own only"},
    )


class PaperOfMember(OfMember, DocumentQuery):
    """Whose sheet, in which form."""


class BringSheet(OfMember):
    """How a filled-in workbook is taken."""

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "only show what would change"}
    )


class ChangeShown(Schema):
    """One criterion; `before` is null too where it is not the caller's to see."""

    criterion = fields.String()
    before = fields.Integer(allow_none=True)
    after = fields.Integer(allow_none=True)


class BroughtShown(Schema):
    """What a workbook changes, or changed, in the member's draft.

    The secretary sees what the workbook holds and not what the member's draft held: `before_shown` is false.
    """

    assessment_id = fields.UUID()
    member = fields.String()
    round = fields.Integer()
    criteria_set = fields.String()
    saved = fields.Boolean()
    replaces_a_draft = fields.Boolean()
    before_shown = fields.Boolean()
    changes = fields.List(fields.Nested(ChangeShown))
    unticked = fields.List(fields.String())
    total = fields.Integer()
    version = fields.Integer()
