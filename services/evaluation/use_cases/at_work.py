"""What every act on an assessment in a round needs: its council, and the sheets opened once they are complete."""

from uuid import UUID

from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.council import Council
from services.evaluation.domain.refusals import NotAdmitted
from services.evaluation.use_cases.ports import Councils, Sheets


def open_if_complete(council: Council, assessment: Assessment, sheets: Sheets) -> None:
    """Open the present round of sheets if nobody's is missing."""
    if assessment.status is Status.SCORING:
        current = sheets.of_round(assessment.id, assessment.sheet_round)
        assessment.open_if_complete(council, current)


def council_of(assessment: Assessment, councils: Councils) -> Council:
    """The council that the dossier is before. Raises NotAdmitted."""
    return councils.get(admitted(assessment.council_id))


def admitted(id_: UUID | None) -> UUID:
    """An id that there is once the dossier is in a round. Raises NotAdmitted."""
    if id_ is None:
        raise NotAdmitted("the dossier is not in a round yet")
    return id_
