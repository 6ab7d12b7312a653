"""The minutes: everything that led to a result in one document that never changes, with a hash over it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from regulation.acting import Actor
from regulation.figures import decimal_text
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council
from services.evaluation.domain.facts import Conclusion, LevelResult
from services.evaluation.domain.round import Round
from services.evaluation.domain.sheet import ScoreSheet

FORM = "ocop-minutes/3"
"""The shape of the document; a changed shape is a new form. The first had no `turn`: it was always the first. The
second had no `grounds`: data showed the same subject alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """One council's minutes on one dossier: `text` is JSON, `sha256` (hex) is over its UTF-8."""

    assessment_id: UUID
    text: str
    sha256: str

    @property
    def is_intact(self) -> bool:
        """Whether the text is the one that was hashed."""
        return digest(self.text) == self.sha256

    @property
    def document(self) -> dict[str, Any]:
        """The text as a mapping."""
        document: dict[str, Any] = json.loads(self.text)
        return document


def digest(text: str) -> str:
    """sha256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def take_minutes(
    assessment: Assessment,
    conclusion: Conclusion,
    *,
    council: Council,
    round_: Round,
    sheets: Sequence[ScoreSheet],
    by: Actor,
    at: datetime,
) -> Minutes:
    """The minutes of a conclusion; `sheets` are those of all rounds of sheets."""
    conflicts = assessment.interests.conflicts(council)
    document = {
        "form": FORM,
        "assessment_id": assessment.id,
        "level": assessment.level,
        "turn": assessment.turn,
        "area": assessment.area,
        "rule_pack": assessment.pack_id,
        "product": asdict(assessment.product),
        "council": _council(council),
        "round": asdict(round_),
        "procedure": _procedure(assessment),
        "conflicts": sorted(conflicts),
        "grounds": {member: asdict(conflict) for member, conflict in conflicts.items()},
        "sheets": [_sheet(sheet, assessment) for sheet in _in_order(sheets)],
        "result": conclusion.result,
        "agreed": conclusion.agreed,
        "knockouts": [asdict(knockout) for knockout in conclusion.knockouts],
        "outcome": asdict(conclusion.outcome),
        "warnings": [asdict(warning) for warning in conclusion.warnings],
        "level_below": None if assessment.below is None else asdict(assessment.below),
        "difference": difference(assessment, council),
        "concluded_on": conclusion.on,
        "recorded_by": by.id,
        "recorded_at": at,
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, default=_plain)
    return Minutes(assessment_id=assessment.id, text=text, sha256=digest(text))


def difference(assessment: Assessment, council: Council | None) -> dict[str, Any] | None:
    """How far this council's mean lies from that of the level below; large where members' totals might not lie so far.

    None where there is nothing to compare.
    """
    below, concluded = assessment.below, assessment.conclusion
    if below is None or concluded is None:
        return None
    by = concluded.mean - below.mean
    limit = council.regulation.spread_limit if council is not None else None
    return {
        "below": _level(below),
        "here": {"level": assessment.level, "star": concluded.star,
                 "mean": concluded.result["mean"], "parts": concluded.result["parts"]},
        "mean_by": decimal_text(by),
        "star_by": concluded.star - below.star,
        "large": limit is not None and abs(by) > limit,
    }  # fmt: skip


def _level(below: LevelResult) -> dict[str, Any]:
    mean = decimal_text(below.mean)
    return {"level": below.level, "star": below.star, "mean": mean, "parts": dict(below.parts)}


def _council(council: Council) -> dict[str, Any]:
    """Without the members' pseudonyms: from minutes nothing can be deleted."""
    kept = asdict(council)
    for member in kept["members"]:
        del member["person"]
    return kept


def _procedure(assessment: Assessment) -> dict[str, Any]:
    prepared = assessment.preparation
    return {
        "opened_on": assessment.opened_on,
        "admitted_on": assessment.admitted_on,
        "advisory_report": None if prepared.report is None else asdict(prepared.report),
        "supplements": [asdict(supplement) for supplement in prepared.supplements],
        "declarations": {
            member: asdict(said) for member, said in sorted(assessment.interests.declared.items())
        },
        "present": assessment.present,
        "openings": [asdict(opening) for opening in assessment.openings],
    }


def _in_order(sheets: Sequence[ScoreSheet]) -> list[ScoreSheet]:
    """The submitted ones; a draft is its member's own."""
    submitted = (sheet for sheet in sheets if sheet.is_submitted)
    return sorted(submitted, key=lambda sheet: (sheet.round, sheet.member))


def _sheet(sheet: ScoreSheet, assessment: Assessment) -> dict[str, Any]:
    opening = next((o for o in assessment.openings if o.round == sheet.round), None)
    return {
        "round": sheet.round,
        "member": sheet.member,
        "choices": sheet.choices,
        "total": sheet.points(assessment.criteria_set),
        "submitted_at": sheet.submitted_at,
        "counted": opening is not None and sheet.member in opening.members,
    }


def _plain(value: Any) -> Any:
    """What JSON has no word for: dates in ISO form, exact figures as fractions, sets in order."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, Fraction | UUID):
        return str(value)
    return str(value)
