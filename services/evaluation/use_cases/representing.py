"""A subject's legal representative is named: who is in conflict by that is blocked, and told not to be cleared."""

from uuid import UUID

from services.evaluation.use_cases.at_work import open_if_complete
from services.evaluation.use_cases.ports import Assessments, Councils, Representatives, Sheets


def name_representative(
    representatives: Representatives,
    councils: Councils,
    assessments: Assessments,
    sheets: Sheets,
    *,
    subject_id: UUID,
    person: str | None,
) -> None:
    """Note who it is, and look again at the open assessments that it may concern."""
    concerned = representatives.name(subject_id, person)
    for assessment in assessments.open_of(concerned):
        if assessment.council_id is not None:
            council = councils.get(assessment.council_id)
            assessment.tell_who_is_cleared(council)
            open_if_complete(council, assessment, sheets)
            assessments.save(assessment)
