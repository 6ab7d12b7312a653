"""The producer's own sheet: the tree of the criteria set with what was ticked, and what that would be worth."""

from typing import Any

from marshmallow import Schema, fields

from regulation.criteria import Criterion, Part, Section
from regulation.improvement import as_json as improvement_as_json
from regulation.rating import as_json
from services.registration.domain.self_assessment import SelfAssessment
from services.registration.schemas.shown import TextShown, WantedShown


def _text(attribute: str) -> fields.Nested:
    return fields.Nested(TextShown, attribute=attribute, allow_none=True)


class OptionShown(Schema):
    """One box that may be ticked."""

    no = fields.Integer()
    points = fields.Integer()
    label = fields.Nested(TextShown)
    case = fields.String(allow_none=True)
    evidence = fields.List(
        fields.String(),
        metadata={"description": "the components of the dossier that this option needs"},
    )


class GroupShown(Schema):
    """A heading above several criteria."""

    code = fields.String()
    title = fields.Nested(TextShown)
    max = fields.Integer(allow_none=True)


class CriterionShown(Schema):
    """One question with the producer's own answer and its points."""

    code = fields.String(attribute="of.code")
    title = _text("of.title")
    max = fields.Integer(attribute="of.max")
    kind = fields.String(attribute="of.kind", metadata={"description": "choice or points"})
    group = fields.Nested(GroupShown, attribute="of.group", allow_none=True)
    note = _text("of.note")
    knockout = _text("of.knockout")
    topic = fields.String(attribute="of.topic", allow_none=True)
    evidence = fields.List(fields.String(), attribute="of.evidence")
    gates = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        attribute="of.gates",
        metadata={"description": "star → least points"},
    )
    options = fields.List(fields.Nested(OptionShown))
    choice = fields.Integer(allow_none=True)
    points = fields.Integer()


class SectionShown(Schema):
    """A numbered section."""

    code = fields.String(attribute="of.code")
    title = _text("of.title")
    max = fields.Integer(attribute="of.max")
    points = fields.Integer()
    criteria = fields.List(fields.Nested(CriterionShown))


class PartShown(Schema):
    """Part A, B or C."""

    code = fields.String(attribute="of.code")
    title = _text("of.title")
    max = fields.Integer(attribute="of.max")
    points = fields.Integer()
    sections = fields.List(fields.Nested(SectionShown))


class GateShown(Schema):
    """A minimum that the sheet misses."""

    star = fields.Integer()
    criterion = fields.String()
    needs = fields.Integer()
    has = fields.Integer()


class MissingShown(Schema):
    """What stands between the dossier and its submission, and what the sheet leaves open."""

    components = fields.List(fields.String())
    self_assessment = fields.Boolean(metadata={"description": "nothing is ticked at all"})
    criteria = fields.List(fields.String(), metadata={"description": "not ticked: 0 points"})


class WantedWithTitle(WantedShown):
    """The same with the component's title."""

    title = fields.Nested(TextShown, metadata={"description": "the component's"})


class SheetShown(Schema):
    """The producer's own sheet."""

    pack = fields.String()
    criteria_set = fields.String()
    title = fields.Nested(TextShown)
    parts = fields.List(fields.Nested(PartShown))
    rating = fields.Dict(metadata={"description": "as `ocop rate --json` prints it"})
    improvement = fields.Dict(
        metadata={
            "description": "the smallest changes of options that would reach the next star, "
            "as `ocop rate --improvement --json` prints it"
        }
    )
    gates_missed = fields.List(fields.Nested(GateShown))
    missing = fields.Nested(MissingShown)
    evidence_wanted = fields.List(fields.Nested(WantedWithTitle))
    version = fields.Integer()


def sheet(own: SelfAssessment) -> dict[str, Any]:
    """The self-assessment as `SheetShown` shows it."""
    dossier, rating = own.dossier, own.rating
    titles = {component.code: component.title for component in dossier.demanded()}
    return {
        "pack": dossier.pack_id,
        "criteria_set": dossier.criteria_set,
        "title": dossier.sheet.title,
        "parts": [_part(own, part) for part in dossier.sheet.parts],
        "rating": as_json(rating),
        "improvement": improvement_as_json(own.improvement),
        "gates_missed": [
            {"star": star, "criterion": miss.criterion, "needs": miss.needs, "has": miss.has}
            for star, misses in rating.gates_missed.items()
            for miss in misses
        ],
        "missing": {
            "components": dossier.missing(),
            "self_assessment": not dossier.self_assessment,
            "criteria": own.unticked,
        },
        "evidence_wanted": [
            {
                "criterion": each.criterion,
                "component": each.component,
                "title": titles[each.component],
            }
            for each in own.evidence_wanted
        ],
        "version": dossier.version,
    }


def _part(own: SelfAssessment, part: Part) -> dict[str, Any]:
    return {
        "of": part,
        "points": own.rating.parts[part.code],
        "sections": [_section(own, section) for section in part.sections],
    }


def _section(own: SelfAssessment, section: Section) -> dict[str, Any]:
    return {
        "of": section,
        "points": own.rating.sections[section.code],
        "criteria": [_criterion(own, criterion) for criterion in section.criteria],
    }


def _criterion(own: SelfAssessment, criterion: Criterion) -> dict[str, Any]:
    return {
        "of": criterion,
        "options": [
            {
                "no": option.no,
                "points": option.points,
                "label": option.label,
                "case": option.case,
                "evidence": criterion.proof(option.no),
            }
            for option in criterion.options
        ],
        "choice": own.dossier.self_assessment.get(criterion.code),
        "points": own.rating.criteria[criterion.code],
    }
