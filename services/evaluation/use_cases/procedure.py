"""A dossier goes through a council, from the commune's letter to the conclusion."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from regulation.acting import Actor
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.facts import AdvisoryReport, Knockout, Product
from services.evaluation.domain.levels import assessment_anew, next_assessment, open_assessment
from services.evaluation.domain.minutes import Minutes, take_minutes
from services.evaluation.use_cases.at_work import admitted, council_of, open_if_complete
from services.evaluation.use_cases.ports import Assessments, Councils, MinutesBook, Rounds, Sheets


def begin(assessments: Assessments, *, product: Product, pack_id: str) -> None:
    """A commune asks for evaluation: the dossier comes before its first council, once."""
    assessment = open_assessment(product, pack_id=pack_id)
    if not assessments.exists(assessment.id):
        assessments.save(assessment)


def begin_anew(assessments: Assessments, *, after: UUID, on: date) -> None:
    """An authority has a dossier assessed once more, after this assessment, which stays as it is."""
    assessment = assessment_anew(assessments.get_beside(after), on=on)
    if assessment is not None and not assessments.exists(assessment.id):
        assessments.save(assessment)


def withdraw(assessments: Assessments, *, dossier_id: UUID) -> None:
    """A dossier was taken back: its open assessments end."""
    for assessment in assessments.of_dossier(dossier_id):
        assessment.withdraw()
        assessments.save(assessment)


def admit(
    councils: Councils,
    rounds: Rounds,
    assessments: Assessments,
    *,
    assessment_id: UUID,
    round_id: UUID,
    by: Actor,
    on: date,
    today: date,
) -> Assessment:
    """Take a dossier into a round."""
    assessment = assessments.get(assessment_id)
    round_ = rounds.get(round_id)
    council = councils.get(round_.council_id)
    assessment.admit(council, round_, by=by, on=on, today=today)
    assessments.save(assessment)
    return assessment


def advise(
    assessments: Assessments,
    *,
    assessment_id: UUID,
    report: AdvisoryReport,
    by: Actor,
    today: date,
) -> Assessment:
    """Enter the advisory team's report."""
    assessment = assessments.get(assessment_id)
    assessment.advise(report, by=by, today=today)
    assessments.save(assessment)
    return assessment


def ask_supplement(
    assessments: Assessments,
    *,
    assessment_id: UUID,
    what: str,
    by: Actor,
    on: date,
    today: date,
) -> Assessment:
    """Stop the clock until the producer has brought something."""
    assessment = assessments.get(assessment_id)
    assessment.ask_supplement(what, by=by, on=on, today=today)
    assessments.save(assessment)
    return assessment


def receive_supplement(
    councils: Councils,
    assessments: Assessments,
    sheets: Sheets,
    *,
    assessment_id: UUID,
    by: Actor,
    on: date,
    today: date,
) -> Assessment:
    """Let the clock run again."""
    assessment = assessments.get(assessment_id)
    assessment.receive_supplement(by=by, on=on, today=today)
    if assessment.council_id is not None:
        open_if_complete(councils.get(assessment.council_id), assessment, sheets)
    assessments.save(assessment)
    return assessment


def attend(
    councils: Councils,
    assessments: Assessments,
    sheets: Sheets,
    *,
    assessment_id: UUID,
    present: Sequence[str],
    by: Actor,
    on: date,
    today: date,
) -> Assessment:
    """Say who is at the meeting."""
    assessment = assessments.get(assessment_id)
    council = council_of(assessment, councils)
    assessment.attend(council, present, by=by, on=on, today=today)
    open_if_complete(council, assessment, sheets)
    assessments.save(assessment)
    return assessment


def conclude(
    councils: Councils,
    rounds: Rounds,
    assessments: Assessments,
    sheets: Sheets,
    book: MinutesBook,
    *,
    assessment_id: UUID,
    present: Sequence[str] | None,
    agreed: Mapping[str, int],
    knockouts: Sequence[Knockout],
    by: Actor,
    on: date,
    today: date,
    at: datetime,
) -> tuple[Assessment, Minutes]:
    """The council concludes; where the outcome is to go before the next council, its assessment is opened."""
    assessment = assessments.get(assessment_id)
    council = council_of(assessment, councils)
    if present is not None:
        assessment.attend(council, present, by=by, on=on, today=today)
        open_if_complete(council, assessment, sheets)
    current = sheets.of_round(assessment_id, assessment.sheet_round)
    conclusion = assessment.conclude(
        council, current, by=by, agreed=agreed, knockouts=knockouts, on=on, today=today
    )
    minutes = take_minutes(
        assessment,
        conclusion,
        council=council,
        round_=rounds.get(admitted(assessment.round_id)),
        sheets=sheets.of_assessment(assessment_id),
        by=by,
        at=at,
    )
    book.add(minutes)
    assessments.save(assessment)
    above = next_assessment(assessment)
    if above is not None and not assessments.exists(above.id):
        assessments.save(above)
    return assessment, minutes
