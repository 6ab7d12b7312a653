"""Members declare, fill in their own sheets, and submit them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from regulation.acting import Actor
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council
from services.evaluation.domain.sheet import NoSheet, OtherCriteriaSet, ScoreSheet
from services.evaluation.use_cases.at_work import council_of, open_if_complete
from services.evaluation.use_cases.ports import Assessments, Councils, Sheets


def declare(
    councils: Councils,
    assessments: Assessments,
    sheets: Sheets,
    *,
    assessment_id: UUID,
    by: Actor,
    conflict: bool,
    ground: str | None,
    at: datetime,
) -> Assessment:
    """A member says whether he has an interest."""
    assessment = assessments.get(assessment_id)
    council = council_of(assessment, councils)
    assessment.declare(council, by=by, conflict=conflict, ground=ground, at=at)
    open_if_complete(council, assessment, sheets)
    assessments.save(assessment)
    return assessment


def fill_in(
    councils: Councils,
    assessments: Assessments,
    sheets: Sheets,
    *,
    assessment_id: UUID,
    by: Actor,
    choices: Mapping[str, int],
    criteria_set: str | None,
) -> ScoreSheet:
    """A member saves the draft of his own sheet."""
    assessment = assessments.get_beside(assessment_id)
    member = assessment.require_may_score(council_of(assessment, councils), by)
    if criteria_set not in (None, assessment.criteria_set.code):
        raise OtherCriteriaSet(
            f"criteria_set: the dossier is scored by {assessment.criteria_set.code}"
        )
    sheet = _sheet_of(sheets, assessment, member.id)
    sheet.fill_in(choices, assessment.criteria_set)
    sheets.save(sheet)
    return sheet


def submit_sheet(
    councils: Councils,
    assessments: Assessments,
    sheets: Sheets,
    *,
    assessment_id: UUID,
    by: Actor,
    at: datetime,
) -> ScoreSheet:
    """A member locks his sheet; with the last one, all open together."""
    assessment = assessments.get(assessment_id)
    council = council_of(assessment, councils)
    sheet = own_sheet(council, assessment, sheets, by=by, scoring=True)
    sheet.submit(at=at)
    sheets.save(sheet)
    open_if_complete(council, assessment, sheets)
    assessments.save(assessment)
    return sheet


def own_sheet(
    council: Council,
    assessment: Assessment,
    sheets: Sheets,
    *,
    by: Actor,
    scoring: bool = False,
) -> ScoreSheet:
    """The actor's own sheet of the present round of sheets, for reading, or (`scoring`) for going on with it.

    Raises NoSheet, and what `require_may_score` or `Interests.require_none` raise.
    """
    if scoring:
        assessment.require_may_score(council, by)
    member = assessment.interests.require_none(council, by)
    sheet = sheets.of_member(assessment.id, member.id, assessment.sheet_round)
    if sheet is None:
        raise NoSheet(f"you have no sheet in round {assessment.sheet_round} of sheets")
    return sheet


def _sheet_of(sheets: Sheets, assessment: Assessment, member: str) -> ScoreSheet:
    """The member's sheet of the round of sheets that is on, new where he has not begun one."""
    round_ = assessment.sheet_round
    found = sheets.of_member(assessment.id, member, round_)
    if found is not None:
        return found
    sheet_id = uuid5(assessment.id, f"{round_}/{member}")
    return ScoreSheet(id=sheet_id, assessment_id=assessment.id, member=member, round=round_)
